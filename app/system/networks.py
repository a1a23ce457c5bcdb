"""Which addresses are those of the public internet, and which lead to this machine or its network. No I/O."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_V6_REFUSED: Final = tuple(
    ipaddress.IPv6Network(one)
    for one in ("::/96", "64:ff9b:1::/48", "2001::/32", "fec0::/10", "fe80::/10", "fc00::/7", "100::/64")
)
"""IPv4-compatible addresses, NAT64 of the local network, Teredo, site-local and others that lead inside."""
_V4_REFUSED: Final = tuple(ipaddress.IPv4Network(one) for one in ("192.0.0.0/24", "192.88.99.0/24"))
"""Addresses of protocols, some of which Python holds for public, and of 6to4 relays."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def read_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """Networks as a setting has them.

    Raises:
        ValueError: one of them is no network.
    """
    return tuple(ipaddress.ip_network(one, strict=False) for one in networks)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, in whichever form it is written.

    >>> is_public(ipaddress.ip_address("93.184.216.34"))
    True
    >>> is_public(ipaddress.ip_address("::ffff:127.0.0.1"))
    False
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.scope_id is not None or any(address in one for one in _V6_REFUSED):
            return False
    elif any(address in one for one in _V4_REFUSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_among(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks; an IPv4 address also as IPv6 writes it.

    >>> is_among(ipaddress.ip_address("::ffff:10.1.2.3"), read_networks(["10.1.0.0/16"]))
    True
    """
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any(one in network for network in networks for one in (address, inner) if one is not None)


def written_address(host: str) -> Address | None:
    """The address that a host is, in whichever form a browser or the system takes one; None: it is a name.

    >>> written_address("127.1") == written_address("0x7f000001") == written_address("localhost")
    True
    >>> written_address("crm.example")
    """
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_inside(host: str, networks: Sequence[Network]) -> bool:
    """Whether a host is an address that may not be asked: one inside that is in none of the networks.

    A name is not resolved: its addresses are checked at each connection.
    """
    address = written_address(host)
    return address is not None and not is_public(address) and not is_among(address, networks)


def is_web_address(url: str) -> bool:
    """Whether a text is an address of `http` or `https`, complete and encoded, without a user and a password.

    >>> is_web_address("https://crm.example/a?b=1"), is_web_address("https://user:word@crm.example/")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        ascii_host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(host)
        and ascii_host == host
        and port != 0
        and "@" not in parts.netloc
        and url.isascii()
        and url.isprintable()
        and " " not in url
    )
