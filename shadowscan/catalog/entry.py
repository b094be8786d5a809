"""A vendor file as people write it: `catalog/vendors/ID.yaml`, and a user's own in the same shape."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shadowscan.catalog.entry_host import Conditions, HostItem, RangeItem, RegionRuleItem
from shadowscan.catalog.entry_key import KeyFormatEntry, Pattern
from shadowscan.documents import Entry, bare
from shadowscan.model.vendor import SourceKind, Surface

Category = Literal[
    "model_api",
    "cloud_platform",
    "aggregator",
    "gateway_saas",
    "observability",
    "coding",
    "agent",
    "chat",
    "search",
    "media",
    "voice",
    "writing",
    "translation",
    "meeting",
    "vector",
    "model_hub",
    "inference_host",
    "self_hosted",
    "productivity",
]
BillKind = Literal["descriptor", "merchant", "service", "provider", "usage_type", "operation", "legal"]
Names = tuple[Annotated[str, Field(min_length=1)], ...]


class SourceItem(Entry):
    """Where facts were read: a page, or a package by its Package URL (https://github.com/package-url/purl-spec)."""

    kind: SourceKind
    url: str = Field(pattern=r"^(?:https?://[^\s/]+\.[^\s/]+(/\S*)?|pkg:[a-z]+/\S+)$")
    seen_on: date


class PackagesItem(Entry):
    """SDK packages by ecosystem, each naming this vendor by itself."""

    pypi: Names = ()
    npm: Names = ()
    go: Names = ()
    maven: Names = ()
    cargo: Names = ()
    gem: Names = ()
    nuget: Names = ()
    packagist: Names = ()


class BillingItem(Entry):
    """A regular expression over the words of a bill, and what was bought."""

    kind: BillKind
    pattern: Pattern
    product_kind: Literal["api", "seat", "platform"]


class ExampleItem(Entry):
    """A host or address that is this vendor's, and what else the answer must say."""

    value: str = Field(min_length=1)
    surface: Surface | None = None
    service: str | None = None
    region: str | None = None
    evidence: Literal["R0", "R1", "R2", "R4"] | None = None
    confidence: Literal["high", "medium", "low"] | None = None


class RuleExampleItem(Entry):
    """Facts outside the host name, and the region rule that must answer for them."""

    given: Conditions
    rule: str = Field(min_length=1)


class ExamplesItem(Entry):
    """Executed by the tests: what must match, near names of others that must not, and facts that a rule answers."""

    match: tuple[Annotated[ExampleItem, BeforeValidator(bare("value"))], ...] = ()
    no_match: Names = ()
    rules: tuple[RuleExampleItem, ...] = ()


class VendorEntry(Entry):
    """One vendor. A user's own needs `id`, `name`, `category` and `hosts` only."""

    id: str = Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=64)
    name: str = Field(min_length=1)
    aliases: Names = ()
    category: Category
    legal_entity: str = "unknown"
    jurisdiction: str = Field(default="unknown", pattern=r"^([A-Z]{2}|unknown)$")
    role: Literal["", "gateway", "gateway_ui", "subscription_proxy", "resale"] = ""
    status: Literal["active", "retired"] = "active"
    services: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, SourceItem] = Field(default_factory=dict)
    hosts: tuple[Annotated[HostItem, BeforeValidator(bare("pattern"))], ...]
    ranges: tuple[RangeItem, ...] = ()
    region_rules: tuple[RegionRuleItem, ...] = ()
    key_formats: tuple[KeyFormatEntry, ...] = ()
    environment: Names = ()
    packages: PackagesItem = PackagesItem()
    images: Names = ()
    ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()
    billing: tuple[BillingItem, ...] = ()
    verified_on: date | None = None
    examples: ExamplesItem = ExamplesItem()

    @property
    def citing(self) -> tuple[HostItem | RangeItem | RegionRuleItem | KeyFormatEntry, ...]:
        """The parts that cite sources."""
        return (*self.hosts, *self.ranges, *self.region_rules, *self.key_formats)
