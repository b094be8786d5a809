"""Published address ranges as disjoint integer ranges, so that one address falls into one range at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise

HALF = 1 << 63  # an IPv6 half is stored minus 2^63, so that it fits a signed BIGINT in order
LOW_BITS = 64
PRIVATE_CIDRS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")  # RFC 1918, 6598, 4193
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses `first` to `last` (plain integers, both included) that `cidr` gives to `label`."""

    version: int
    first: int
    last: int
    label: str
    cidr: str

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """(first_hi, first_lo, last_hi, last_lo) as the `flow` table stores address halves."""
        return (*halves(self.version, self.first), *halves(self.version, self.last))


def halves(version: int, number: int) -> tuple[int, int]:
    """An address as the two BIGINT halves of `flow`: IPv4 is (0, number), each IPv6 half is minus 2^63."""
    if version == 4:
        return 0, number
    return (number >> LOW_BITS) - HALF, (number & ((1 << LOW_BITS) - 1)) - HALF


def disjoint_ranges(labelled: Iterable[tuple[str, str]]) -> list[Range]:
    """Disjoint ranges out of (cidr, label) pairs, the longest prefix winning wherever they nest; sorted."""
    networks: dict[int, list[tuple[Network, str]]] = {4: [], 6: []}
    for cidr, label in labelled:
        network = ip_network(cidr, strict=False)
        networks[network.version].append((network, label))
    return [found for version in (4, 6) for found in _sweep(version, networks[version])]


def private_macro() -> str:
    """Statement that makes `is_private(ip_version, hi, lo)`, true for addresses no public network routes."""
    tests = [
        f"(ip_version = {found.version} and hi between {found.bounds[0]} and {found.bounds[2]}"
        + (f" and lo between {found.bounds[1]} and {found.bounds[3]})" if found.version == 4 else ")")
        for found in disjoint_ranges((cidr, "private") for cidr in PRIVATE_CIDRS)
    ]
    return f"create or replace temp macro is_private(ip_version, hi, lo) as {' or '.join(tests)}"


def _sweep(version: int, networks: list[tuple[Network, str]]) -> list[Range]:
    edges = sorted({edge for network, _ in networks for edge in (_first(network), _last(network) + 1)})
    ordered = sorted(networks, key=lambda pair: (-pair[0].prefixlen, str(pair[0]), pair[1]))
    ranges = []
    for first, after in pairwise(edges):
        winner = next(((n, label) for n, label in ordered if _first(n) <= first <= _last(n)), None)
        if winner is not None:
            ranges.append(Range(version, first, after - 1, winner[1], str(winner[0])))
    return ranges


def _first(network: Network) -> int:
    return int(network.network_address)


def _last(network: Network) -> int:
    return int(network.broadcast_address)
