"""The client that hands a signed message to the city's automation: one address, one answer, no detours.

The address that was checked is the one that is connected to; a redirect is an answer like any other refusal;
one time limit for the whole, and of the answer little is read.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from portal.support.servers.reaching import is_inside
from portal.web.fetching import is_public

SECONDS, MOST_ANSWER_BYTES = 10.0, 16_384
GONE = http.client.GONE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the status of the answer, or 0 and why there was none."""

    status: int
    trouble: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        """Say whether the other side has the message."""
        return http.client.OK <= self.status < http.client.MULTIPLE_CHOICES


def resolve(host: str, port: int) -> list[str]:
    """Return all addresses of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Automation:
    """The automation of the configuration; without an address nothing is ever sent."""

    url: str = ""
    secrets: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    seconds: float = SECONDS
    resolve: Callable[[str, int], Iterable[str]] = resolve
    context: ssl.SSLContext | None = None

    def post(self, payload: bytes, headers: Mapping[str, str]) -> Outcome:
        """Hand over one message and return what came of it; never raises."""
        began = time.monotonic()
        status, trouble = self._post(payload, headers)
        return Outcome(status, trouble, int((time.monotonic() - began) * 1000))

    def _post(self, payload: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(self.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._checked(str(parts.hostname), port)
        if address is None:
            return 0, "not_reached"
        connection = _Pinned(str(parts.hostname), port, address, self, is_tls=parts.scheme == "https")
        timer = threading.Timer(self.seconds, connection.abort)
        timer.daemon = True
        timer.start()
        try:
            return self._answer(connection, parts.path or "/", payload, headers)
        except TimeoutError:
            # The line's own limit may be over before the timer of the whole has its turn on a busy machine.
            return 0, "too_slow"
        except (OSError, http.client.HTTPException, ValueError):
            return 0, "too_slow" if connection.is_over else "broke_off"
        finally:
            timer.cancel()
            connection.close()

    def _answer(
        self, connection: _Pinned, path: str, payload: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        head = {
            "Content-Type": "application/json",
            "User-Agent": "commons-portal",
            "Accept-Encoding": "identity",
        }
        connection.request("POST", path, body=payload, headers={**head, **headers})
        answer = connection.getresponse()
        answer.read(MOST_ANSWER_BYTES)
        if connection.is_over:
            return 0, "too_slow"
        # A redirect would lead past all that was checked.
        return answer.status, "" if answer.status < http.client.MULTIPLE_CHOICES else "refused"

    def _checked(self, host: str, port: int) -> str | None:
        """Return the address of the host, where every address it has may be reached."""
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError):
            return None
        allowed = [is_public(one) or is_inside(one, self.networks) for one in found]
        return found[0] if found and all(allowed) else None


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was checked, for the name that was configured."""

    def __init__(self, host: str, port: int, address: str, rules: Automation, *, is_tls: bool) -> None:
        super().__init__(host, port, timeout=rules.seconds)
        self._address, self._is_tls, self._rules, self.is_over = address, is_tls, rules, False
        self.sock: Any = None

    def connect(self) -> None:
        """Connect to the checked address in time; the certificate must still be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self._rules.seconds)
        if self._is_tls:
            trust = self._rules.context or ssl.create_default_context()
            self.sock = trust.wrap_socket(self.sock, server_hostname=self.host)
        if self.is_over:
            raise TimeoutError

    def abort(self) -> None:
        """End it, wherever it stands."""
        self.is_over = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
