"""A naive matcher: every entry is asked about every name. Slow, and plain enough to be read against the contract."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from shadowscan.catalog.match import LABEL_SURFACES
from shadowscan.model.vendor import HostEntry, Vendor

Answer = tuple[str | None, str | None, str | None, str, str, str]
NOTHING: Answer = (None, None, None, "unknown", "R0", "high")


Claims = Mapping[str, Sequence[tuple[Vendor, HostEntry]]]


def by_ending(vendors: Iterable[Vendor]) -> Claims:
    """Every entry under the last two labels of its pattern, which are literal: only these can claim such a name."""
    claims: dict[str, list[tuple[Vendor, HostEntry]]] = {}
    for vendor in vendors:
        for entry in vendor.hosts:
            claims.setdefault(".".join(re.split(r"[.}]", entry.pattern)[-2:]), []).append((vendor, entry))
    return claims


def naive_match(name: str, entries: Claims) -> Answer:
    """(vendor, service, surface, region, evidence, confidence) of a well-formed name in any case."""
    host = name.lower().removesuffix(".")
    alike = entries.get(".".join(host.split(".")[-2:]), ())
    claims = [(vendor, entry) for vendor, entry in alike if claims_name(entry, host)]
    if not claims:
        return NOTHING
    vendor, entry = min(claims, key=lambda claim: precedence(*claim))
    surface = surface_of(entry, host)
    service = entry.service if surface == entry.surface else surface
    return vendor.id, service, surface, *region_of(vendor, host), confidence_of(entry, host, surface)


def claims_name(entry: HostEntry, host: str) -> bool:
    if entry.match == "exact":
        return host == entry.pattern
    if entry.match == "suffix":
        return host == entry.pattern or host.endswith("." + entry.pattern)
    return template(entry.pattern).fullmatch(host) is not None


@cache
def template(pattern: str) -> re.Pattern[str]:
    field = r"(?!\.)(?:(?!\.\.)[a-z0-9_.-])+(?<!\.)"
    return re.compile(field.join(map(re.escape, re.split(r"\{[a-z]+\}", pattern))))


def precedence(vendor: Vendor, entry: HostEntry) -> tuple[object, ...]:
    kind = ("exact", "template", "suffix").index(entry.match)
    literal = len(re.sub(r"\{[a-z]+\}", "", entry.pattern))
    if entry.match == "suffix":
        return kind, -literal, not vendor.is_own, entry.surface != "api", vendor.id
    return kind, not vendor.is_own, -literal, entry.surface != "api", vendor.id, entry.pattern


def surface_of(entry: HostEntry, host: str) -> str:
    if entry.match == "suffix" and entry.surface == "web" and host != entry.pattern:
        first = host.split(".", maxsplit=1)[0]
        return "docs" if first.startswith("_") else LABEL_SURFACES.get(first, "web")
    return entry.surface


def region_of(vendor: Vendor, host: str) -> tuple[str, str]:
    for rule in vendor.region_rules:
        found = re.search(rule.pattern, host) if rule.pattern else None
        if found is None:
            continue
        named = [rule.region, *(found.groupdict().get(group) for group in ("region", "geo"))]
        region = next((word for word in named if word), "unknown")
        if rule.strength == "C":
            return "unknown", "R1" if rule.gives.endswith("_presumed") else "R0"
        if region == "unknown":
            return "unknown", "R0"
        return region, "R4" if rule.strength == "A" else "R2"
    return (
        ("unknown", "R0") if vendor.jurisdiction == "unknown" or vendor.category == "aggregator" else ("unknown", "R1")
    )


def confidence_of(entry: HostEntry, host: str, surface: str) -> str:
    if entry.experimental:
        return "low"
    if surface == "shared" or (surface == "web" and entry.match == "suffix" and host != entry.pattern):
        return "medium"
    return "high"
