"""Where vendors' hosts meet: one pattern in two vendors, and a suffix that another vendor's hosts stand below."""

from collections.abc import Iterator, Mapping, Sequence

from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.entry_host import HostItem
from shadowscan.catalog.refuse import place_of
from shadowscan.documents import Problem

Claims = Mapping[str, Sequence[tuple[str, str]]]


def claims_of(hosts: Iterator[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    """(vendor id, match) of every (vendor id, pattern, match), by each name the pattern stands at or below."""
    claims: dict[str, list[tuple[str, str]]] = {}
    for vendor_id, pattern, match in hosts:
        labels = pattern.rsplit("}", 1)[-1].lstrip(".").split(".") if match == "template" else pattern.split(".")
        for start in range(len(labels) - 1):
            claims.setdefault(".".join(labels[start:]), []).append((vendor_id, match if start == 0 else "below"))
    return claims


def overlap_problems(entry: VendorEntry, claims: Claims, is_own: bool = False) -> Iterator[Problem]:
    """Hosts that another vendor lists too, and suffixes that others stand below without a word.

    A user's own entry takes a pattern from a shipped vendor by listing it; a wider suffix has to say whom it holds.
    """
    for host in entry.hosts:
        for other, how in claims.get(host.pattern, ()):
            if other != entry.id and (message := _message(host, other, how, is_own)):
                yield Problem(place_of(host, entry), message)


def _message(host: HostItem, other: str, how: str, is_own: bool) -> str:
    if how == host.match:
        return "" if is_own else f"{host.pattern} ({host.match}) stands in {other} too"
    if host.match == "suffix" and other not in host.holds:
        return f"{host.pattern} would swallow hosts of {other}; where that is meant, say `holds: [{other}]`"
    return ""
