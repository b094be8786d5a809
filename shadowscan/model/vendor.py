"""What the catalogue knows about a vendor, as types."""

from dataclasses import dataclass
from typing import Literal

MatchKind = Literal["exact", "suffix", "template"]
Surface = Literal["api", "web", "auth", "upload", "telemetry", "cdn", "docs", "status", "shared"]
USE_SURFACES = frozenset({"api", "web", "upload"})


@dataclass(frozen=True, slots=True)
class HostEntry:
    """One host pattern: exact name, suffix (the name itself and everything below it), or template with {fields}."""

    pattern: str
    match: MatchKind
    surface: Surface
    service: str
    experimental: bool = False


@dataclass(frozen=True, slots=True)
class AddressRange:
    """A published range. Only a `dedicated` one may name a vendor."""

    cidr: str
    dedicated: bool
    published_on: str
    source: str


@dataclass(frozen=True, slots=True)
class RegionRule:
    """What a host name says of the region: anchored regex with `region` or `geo` group; strength A, B, C or X."""

    id: str
    pattern: str | None
    gives: str
    strength: Literal["A", "B", "C", "X"]
    note: str
    source: str
    region: str = ""  # where the pattern has no group of its own


@dataclass(frozen=True, slots=True)
class KeyFormat:
    """One credential format. `anchor` is the prefilter literal, `pattern` the exact shape (Python regex)."""

    id: str
    anchor: str
    pattern: str
    kind: str
    context: tuple[str, ...] = ()
    min_entropy: float = 0.0
    severity: str = "critical"


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor of the catalogue. Facts only."""

    id: str
    name: str
    category: str
    jurisdiction: str
    hosts: tuple[HostEntry, ...]
    aliases: tuple[str, ...] = ()
    ranges: tuple[AddressRange, ...] = ()
    region_rules: tuple[RegionRule, ...] = ()
    key_formats: tuple[KeyFormat, ...] = ()
    environment: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()  # (ecosystem, name)
    images: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    billing: tuple[tuple[str, str, str], ...] = ()  # (kind of text, pattern, product: api|seat|platform)
    references: tuple[str, ...] = ()
    verified_on: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class HostMatch:
    """Answer to "who is this host or address": one object of `vendors match --format jsonl`."""

    value: str
    vendor_id: str | None
    service: str | None
    category: str | None
    surface: str | None
    region: str
    region_evidence: str
    jurisdiction: str
    confidence: str
    error: str | None = None
