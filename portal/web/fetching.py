"""The one guarded client: fetches a small text from a host that an administrator has named, and nothing else.

Only https, only named hosts, only public addresses; the address that was checked is the one that is connected
to, so that a name cannot change its meaning in between. No redirects, one time limit for the whole, one size.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urlsplit

from portal.errors import Unready
from portal.words import W

HTTPS = 443
MOST_BYTES, SECONDS = 60_000, 5.0
AWAY = W("We could not open that address. You can go on; we check again later.")
TEXT = frozenset(
    {
        "text/plain",
        "text/yaml",
        "text/x-yaml",
        "application/yaml",
        "application/x-yaml",
        "application/octet-stream",
    }
)
# Addresses of the old Internet written into those of the new one: what they lead to may be within.
_WRAPPED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class NotFetched(Unready):
    """Nothing was fetched: the address is not allowed, not there, too slow, or not a small text."""


def is_public(text: str) -> bool:
    """Say whether this address belongs to the Internet, and not to this machine or its neighbours."""
    found: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in network for network in _WRAPPED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(host: str) -> list[str]:
    """Return all addresses of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Guarded:
    """What may be fetched from where; with no hosts nothing is."""

    hosts: frozenset[str]
    resolve: Callable[[str], Iterable[str]] = resolve
    may_reach: Callable[[str], bool] = is_public
    port: int = HTTPS
    context: ssl.SSLContext | None = None
    seconds: float = SECONDS

    def may_ask(self, address: str) -> bool:
        """Say whether the host of this address was named by an administrator."""
        try:
            parts = urlsplit(address)
            named = (parts.hostname or "").lower() in self.hosts and parts.port in {None, HTTPS}
        except ValueError:
            return False
        return named and parts.scheme == "https" and parts.username is None and parts.password is None

    def text(self, address: str) -> bytes:
        """Return the small text at an address; refuse with NotFetched."""
        return self._fetch(address, kinds=TEXT, whole=True)

    def opens(self, address: str) -> bool:
        """Say whether there is a page at the address; of what it holds nothing is read."""
        with suppress(NotFetched):
            self._fetch(address, kinds=None, whole=False)
            return True
        return False

    def _fetch(self, address: str, *, kinds: frozenset[str] | None, whole: bool) -> bytes:
        if not self.may_ask(address):
            raise NotFetched(AWAY)
        parts = urlsplit(address)
        connection = _Pinned(str(parts.hostname), self._checked(str(parts.hostname)), self)
        timer = threading.Timer(self.seconds, connection.abort)
        timer.daemon = True
        timer.start()
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            content = _answer(connection, path, kinds, whole=whole)
            if connection.is_over:
                raise NotFetched(AWAY)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(AWAY) from error
        finally:
            timer.cancel()
            connection.close()
        return content

    def _checked(self, host: str) -> str:
        try:
            found = list(self.resolve(host))
        except (OSError, UnicodeError) as error:
            raise NotFetched(AWAY) from error
        # One address within is enough to refuse the name: the next try could lead there.
        if not found or not all(map(self.may_reach, found)):
            raise NotFetched(AWAY)
        return found[0]


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address that was checked, for the name that was asked."""

    def __init__(self, host: str, address: str, rules: Guarded) -> None:
        self._trust = rules.context or ssl.create_default_context()
        super().__init__(host, rules.port, timeout=rules.seconds, context=self._trust)
        self._address, self._rules, self.is_over = address, rules, False

    def connect(self) -> None:
        """Connect to the checked address; the certificate must still be the name's."""
        plain = socket.create_connection((self._address, self._rules.port), self._rules.seconds)
        self.sock = plain
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)

    def abort(self) -> None:
        """End it, wherever it stands; what was read so far counts for nothing."""
        self.is_over = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _answer(connection: _Pinned, path: str, kinds: frozenset[str] | None, *, whole: bool) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "identity", "User-Agent": "commons-portal"})
    answer = connection.getresponse()
    kind = answer.headers.get_content_type()
    is_plain = answer.headers.get("Content-Encoding", "identity") == "identity"
    # A redirect would lead past all that was checked.
    if answer.status != http.client.OK or not is_plain or (kinds is not None and kind not in kinds):
        raise NotFetched(AWAY)
    if not whole:
        return b""
    content = answer.read(MOST_BYTES + 1)
    is_cut_short = bool(answer.length)
    if len(content) > MOST_BYTES or is_cut_short:
        raise NotFetched(AWAY)
    return content
