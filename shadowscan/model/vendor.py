"""What the catalogue knows about a vendor, as types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MatchKind = Literal["exact", "suffix", "template"]
Surface = Literal["api", "web", "auth", "upload", "telemetry", "cdn", "docs", "status", "shared"]
SourceKind = Literal[
    "vendor_docs",
    "vendor_repo",
    "package_metadata",
    "provider_data",
    "independent_code",
    "public_list",
    "law",
    "general",
]
USE_SURFACES = frozenset({"api", "web", "upload"})
STRONG_SOURCES = frozenset({"vendor_docs", "vendor_repo", "package_metadata", "provider_data"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts were read, and when. `id` is the word that the facts of this vendor cite."""

    id: str
    kind: SourceKind
    url: str
    seen_on: str


@dataclass(frozen=True, slots=True)
class HostEntry:
    """One host pattern: exact name, suffix (the name itself and everything below it), or template with {fields}.

    `experimental` rests on one weak source and lowers confidence. `own_suffix` says that the vendor runs this public
    suffix for its own users' content.
    """

    pattern: str
    match: MatchKind
    surface: Surface
    service: str
    experimental: bool = False
    sources: tuple[str, ...] = ()
    note: str = ""
    own_suffix: bool = False
    holds: tuple[str, ...] = ()  # other vendors with hosts below this suffix


@dataclass(frozen=True, slots=True)
class AddressRange:
    """A published range. Only a `dedicated` one may name a vendor; a `shared` one belongs to a cloud or CDN."""

    cidr: str
    use: Literal["dedicated", "shared"]
    published_on: str
    sources: tuple[str, ...] = ()

    @property
    def dedicated(self) -> bool:
        """Whether an address in it names the vendor."""
        return self.use == "dedicated"


@dataclass(frozen=True, slots=True)
class RegionRule:
    """What a host name says of the region: anchored regex with `region` or `geo` group; strength A, B, C or X.

    A rule may have no pattern: then `conditions` on facts outside the host name (deployment SKU, profile, setting)
    decide, as (name, values) pairs that must all hold, values parted by `|`.
    """

    id: str
    pattern: str | None
    gives: str
    strength: Literal["A", "B", "C", "X"]
    note: str = ""
    region: str = ""  # where the pattern has no group of its own
    sources: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()

    def holds_for(self, facts: Mapping[str, str]) -> bool:
        """Whether the rule has conditions and the facts meet them all."""
        return bool(self.conditions) and all(facts.get(key) in values.split("|") for key, values in self.conditions)


@dataclass(frozen=True, slots=True)
class KeyFormat:
    """One credential format. `anchor` is the prefilter literal, `pattern` the exact shape (Python regex).

    `context` words of which one stands within `context_lines`; `min_entropy`, `min_digits` and `mixed_case` guard the
    part after the anchor. `severity_near` gives another severity where the file holds one of the words, first hit wins.
    `confidence`: A two independent rule sets or the vendor, B one rule set, C reported or inferred only.
    """

    id: str
    anchor: str
    pattern: str
    kind: str
    context: tuple[str, ...] = ()
    min_entropy: float = 0.0
    severity: str = "critical"
    context_lines: int = 3
    min_digits: int = 0
    mixed_case: bool = False
    severity_near: tuple[tuple[str, tuple[str, ...]], ...] = ()
    confidence: Literal["A", "B", "C"] = "B"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor of the catalogue. Facts only."""

    id: str
    name: str
    category: str
    jurisdiction: str
    hosts: tuple[HostEntry, ...]
    aliases: tuple[str, ...] = ()
    legal_entity: str = "unknown"
    role: str = ""
    status: str = "active"
    services: tuple[tuple[str, str], ...] = ()  # (word used by hosts, name for people)
    sources: tuple[Source, ...] = ()
    ranges: tuple[AddressRange, ...] = ()
    region_rules: tuple[RegionRule, ...] = ()
    key_formats: tuple[KeyFormat, ...] = ()
    environment: tuple[str, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()  # (ecosystem, name)
    images: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    billing: tuple[tuple[str, str, str], ...] = ()  # (kind of text, pattern, product: api|seat|platform)
    verified_on: str = ""
    file: str = ""
    is_own: bool = False  # a user's own entry, which wins over a shipped one


@dataclass(frozen=True, slots=True, eq=False)
class HostFacts:
    """What the catalogue says of a host or address. Shared by all values it says the same of, and so compared by
    identity; `as_match` makes the answer for one value.
    """

    vendor_id: str | None
    service: str | None
    category: str | None
    surface: str | None
    region: str
    region_evidence: str
    jurisdiction: str
    confidence: str
    error: str | None = None

    def as_match(self, value: str) -> "HostMatch":
        """The answer for `value`."""
        return HostMatch(
            value,
            self.vendor_id,
            self.service,
            self.category,
            self.surface,
            self.region,
            self.region_evidence,
            self.jurisdiction,
            self.confidence,
            self.error,
        )


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
