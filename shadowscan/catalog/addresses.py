"""Whose address is this: the published dedicated ranges as sorted, disjoint intervals, found by bisection."""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address meant


def read_address(text: str) -> Address | None:
    """The address that `text` spells, IPv6 in brackets or with a zone too; None where it is none.

    An IPv4 address written inside an IPv6 one (mapped, or by NAT64) is given as the IPv4 address it means.
    """
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address if bare == text and "%" not in text else None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


class AddressIndex:
    """Ranges by address family; where they nest, the longest prefix wins, and the first given of two equal ones."""

    def __init__(self, ranges: Iterable[tuple[str, str]]) -> None:
        networks: dict[int, list[tuple[Network, str]]] = {4: [], 6: []}
        for cidr, vendor_id in ranges:
            network = ipaddress.ip_network(cidr)
            networks[network.version].append((network, vendor_id))
        self._by_version = {version: _disjoint(found) for version, found in networks.items()}

    def vendor_of(self, address: Address) -> str | None:
        """Id of the vendor whose range holds the address; None where none does."""
        starts, owners = self._by_version[address.version]
        place = bisect_right(starts, int(address)) - 1
        return owners[place] if place >= 0 else None


def _disjoint(networks: Sequence[tuple[Network, str]]) -> tuple[list[int], list[str | None]]:
    """Starts of intervals that cover everything from the first edge on, and who owns each."""
    by_prefix = sorted(networks, key=lambda pair: -pair[0].prefixlen)  # stable: the first given stays first
    edges = sorted({edge for network, _ in networks for edge in _edges(network)})
    owners = [
        next((owner for network, owner in by_prefix if _edges(network)[0] <= start < _edges(network)[1]), None)
        for start, _ in pairwise([*edges, 0])
    ]
    return edges, owners


def _edges(network: Network) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address) + 1
