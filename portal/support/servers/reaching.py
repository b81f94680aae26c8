"""Where messages of servers may go: the one address of the configuration, inside the networks it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from portal.support.servers.signing import PREFIX, key_of

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# The name of a setting, and a sentence that says what to do.
Fault = tuple[str, str]


def faults(url: str, secrets: Sequence[str], networks: Sequence[str], *, is_demo: bool) -> Iterator[Fault]:
    """Yield what is wrong with the settings of the automation."""
    if url:
        yield from _address(url, is_demo=is_demo)
        if not secrets:
            yield "SERVERS_SECRET", "is missing, and messages to the automation are signed with it."
    for one in secrets:
        if key_of(one) is None:
            yield (
                "SERVERS_SECRET",
                f"must be {PREFIX} and 24 to 64 random bytes in base64; several by blanks.",
            )
    for one in networks:
        if network_of(one) is None:
            yield "SERVERS_NETWORKS", f"'{one}' is no network, like 10.20.0.0/16."


def _address(url: str, *, is_demo: bool) -> Iterator[Fault]:
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.username is not None or parts.query or parts.fragment:
        yield "SERVERS_URL", "must be a plain address, like https://automation.city.example/servers."
    elif parts.scheme != "https" and not is_demo:
        yield "SERVERS_URL", "must begin with https: keys that open servers travel there."


def network_of(text: str) -> IPv4Network | IPv6Network | None:
    """Return the network of a text; None where it is none."""
    try:
        return ip_network(text)
    except ValueError:
        return None


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Say whether an address is in a network that the configuration names; never what is link-local."""
    found = ip_address(address.partition("%")[0])
    if found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    named = [network for one in networks if (network := network_of(one)) is not None]
    return any(found in network for network in named if network.version == found.version)
