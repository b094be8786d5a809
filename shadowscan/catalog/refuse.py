"""What is wrong in a vendor file beyond its shape: words that nothing declares, hosts listed twice, public suffixes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.entry_host import HostItem
from shadowscan.catalog.public_suffix import PublicSuffixes
from shadowscan.documents import Entry, Problem, nearest
from shadowscan.errors import Location

OWN_SURFACES = ("shared", "cdn", "upload")  # what a suffix may be that the vendor's own users fill


def problems_of(entry: VendorEntry) -> Iterator[Problem]:
    """Undeclared sources and services, hosts and ids that stand twice. Costs nothing: asked at every load."""
    yield from _undeclared_sources(entry)
    yield from _undeclared_services(entry)
    yield from _repeated(entry)


def suffix_problems(entry: VendorEntry, suffixes: PublicSuffixes) -> Iterator[Problem]:
    """Suffixes that belong to everybody."""
    for host in entry.hosts:
        if host.match == "suffix" and (reason := _too_wide(host, suffixes)):
            yield Problem(place_of(host, entry), reason)


def place_of(part: Entry, entry: VendorEntry) -> Location:
    """Where a part of an entry stands; the entry's own place where that is all that is known."""
    return Location(part.file or entry.file, part.line or entry.line)


def _undeclared_sources(entry: VendorEntry) -> Iterator[Problem]:
    for part in entry.citing:
        for word in part.sources:
            if word not in entry.sources:
                yield Problem(place_of(part, entry), f"unknown source {str(word)!r}{nearest(word, entry.sources)}")


def _undeclared_services(entry: VendorEntry) -> Iterator[Problem]:
    """Where a file names its services, every host uses one of them."""
    for host in entry.hosts if entry.services else ():
        if host.service not in entry.services:
            message = f"unknown service {str(host.service)!r}{nearest(host.service, entry.services)}"
            yield Problem(place_of(host, entry), message)


def _repeated(entry: VendorEntry) -> Iterator[Problem]:
    hosts = Counter((host.pattern, host.match) for host in entry.hosts)
    for host in entry.hosts:
        if hosts[host.pattern, host.match] > 1:
            yield Problem(place_of(host, entry), f"{host.pattern} ({host.match}) stands twice")
    for parts in (entry.region_rules, entry.key_formats):
        yield from _repeated_ids(entry, parts)


def _repeated_ids(entry: VendorEntry, parts: Iterable[Entry]) -> Iterator[Problem]:
    seen: set[str] = set()
    for part in parts:
        word = str(getattr(part, "id", ""))
        if word in seen:
            yield Problem(place_of(part, entry), f"id {word!r} stands twice")
        seen.add(word)


def _too_wide(host: HostItem, suffixes: PublicSuffixes) -> str:
    """Why this suffix would match everybody; empty where it does not."""
    kind = suffixes.kind_of(host.pattern)
    if kind == "none" or (kind == "hosting" and host.own_suffix and host.surface in OWN_SURFACES):
        return ""
    if kind != "hosting":
        return f"{host.pattern} is a public suffix or holds some: it would match everybody's names"
    if host.own_suffix:
        return f"{host.pattern}: a suffix that the vendor's own users fill has surface {', '.join(OWN_SURFACES)}"
    return (
        f"{host.pattern} is a public suffix: it would match everybody's names; where the vendor itself runs it for "
        f"content of its users, say `own_suffix: true` with surface {', '.join(OWN_SURFACES)}"
    )
