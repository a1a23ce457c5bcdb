"""Client addresses: which count as one client, and which are our own proxies."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

FORWARDED_MAX: Final = 32
"""How many addresses of `X-Forwarded-For` are looked at, from the last one backwards."""
_HOME_BITS: Final = 64
"""The prefix in bits that a provider gives one IPv6 customer at least: all its addresses count as one client."""


def place_of(address: str) -> str:
    """The key that limits count by: an IPv4 address, the /64 of an IPv6 address, or any other text as it is.

    >>> place_of("2001:db8:1:2:aaaa::1"), place_of("::ffff:192.0.2.7"), place_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7', '192.0.2.7')
    """
    known = _read(address)
    if isinstance(known, IPv6Address):
        return str(IPv6Network((int(known), _HOME_BITS), strict=False))
    return str(known) if known is not None else address


class Proxies:
    """Proxies whose `X-Forwarded-For` is trusted; by default there are none.

    Args:
        named: addresses and networks, such as `10.0.0.5` or `10.0.0.0/24`.

    Raises:
        ValueError: an item is neither.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._networks = tuple(ip_network(one, strict=False) for one in named)

    def __contains__(self, address: str) -> bool:
        known = _read(address)
        return known is not None and any(known in network for network in self._networks)

    def client_of(self, peer: str, forwarded: Sequence[str]) -> str:
        """The client's address: the last one in `X-Forwarded-For` that is not a proxy of ours.

        Args:
            peer: the address that has connected.
            forwarded: the values of `X-Forwarded-For`, in their order.

        Returns:
            The address of `peer`, if it is not a proxy of ours, or if the header has no valid address.
        """
        client = peer
        said = [part.strip() for value in forwarded for part in value.split(",")][-FORWARDED_MAX:]
        while client in self and said:
            known = _read(_without_port(said.pop()))
            if known is None:
                break
            client = str(known)
        return client


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(known, IPv6Address) and known.ipv4_mapped is not None:
        return known.ipv4_mapped
    return known


def _without_port(said: str) -> str:
    if said.startswith("["):
        return said[1:].partition("]")[0]
    return said.partition(":")[0] if said.count(":") == 1 else said
