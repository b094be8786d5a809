"""How much of a list of hosts the catalogue knows: the share, by surface and vendor, and what it does not know most.

The list is anybody's: hosts one a line, or lines of a CSV in which one field is the host (`rank,domain`). Run over
names that surely are no AI vendors', the same report measures specificity: whatever it knows there wants an argument.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.public_suffix import PublicSuffixes
from shadowscan.model.vendor import USE_SURFACES

BATCH = 2_000
_FIELD = re.compile(r'[,;\t ]+"?|"')


@dataclass(slots=True)
class Coverage:
    """Counts over one list. `known` has every name that is a vendor's, with vendor and surface."""

    total: int = 0
    refused: int = 0
    known: list[tuple[str, str, str]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def surfaces(self) -> Counter[str]:
        """Known names by surface."""
        return Counter(surface for _, _, surface in self.known)


def measure(lines: Iterable[str], catalog: Catalog, suffixes: PublicSuffixes) -> Coverage:
    """The coverage of a list; what is no host name or address is counted as refused."""
    found = Coverage()
    for names in _batches(_names(lines)):
        for name, facts in zip(names, catalog.resolve_many(names), strict=True):
            found.total += 1
            if facts.error is not None:
                found.refused += 1
            elif facts.vendor_id is None:
                found.unknown[suffixes.registrable(name.lower().rstrip("."))] += 1
            else:
                found.known.append((name, facts.vendor_id, facts.surface or ""))
    return found


def coverage_lines(found: Coverage, most: int = 40) -> Iterator[str]:
    """The report for a screen."""
    share = 100 * len(found.known) / found.total if found.total else 0.0
    used = sum(count for surface, count in found.surfaces.items() if surface in USE_SURFACES)
    yield f"{found.total} names, {len(found.known)} known ({share:.2f} %), {used} of them use, {found.refused} refused"
    for surface, count in sorted(found.surfaces.items()):
        yield f"  {surface:<10}{count}"
    if found.known:
        yield "known:"
        yield from (f"  {name}  {vendor_id}  {surface}" for name, vendor_id, surface in sorted(found.known))
    if found.unknown:
        yield "not known most, by registrable domain:"
        ranked = sorted(found.unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        yield from (f"  {count:<8}{domain}" for domain, count in ranked)


def _names(lines: Iterable[str]) -> Iterator[str]:
    """The one field of each line that has a dot in it; comments and headings have none."""
    for line in lines:
        text = line.partition("#")[0].strip()
        name = next((part for part in _FIELD.split(text) if "." in part.strip(".")), "")
        if name:
            yield name.removeprefix("*.").removeprefix("||").rstrip("^")


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
