"""The loaded catalogue and the questions it answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shadowscan.catalog.billing import BillMatcher, BillVendor
from shadowscan.catalog.match import Matcher
from shadowscan.catalog.processing import Routes
from shadowscan.catalog.regions import Regions
from shadowscan.model.vendor import HostFacts, HostMatch, KeyFormat, RegionRule, Vendor


@dataclass(frozen=True)
class Catalog:
    """Every vendor by id. `digest` names this exact content, `version` is for people."""

    vendors: Mapping[str, Vendor]
    regions: Regions
    routes: Routes
    version: str
    digest: str

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.vendors.values())

    @cached_property
    def _bills(self) -> BillMatcher:
        return BillMatcher(self.vendors.values())

    @property
    def region_groups(self) -> Mapping[str, frozenset[str]]:
        """Region ids by each word of a policy: groups such as `eu_eea`, tiers such as `adequacy`."""
        return self.regions.allowed_words

    def vendor(self, vendor_id: str) -> Vendor:
        """The vendor of that id; raises `KeyError` where there is none."""
        return self.vendors[vendor_id]

    def match(self, value: str) -> HostMatch:
        """Vendor, service, surface and region of a host name or address; total on any text."""
        return self._matcher.match(value)

    def resolve_many(self, values: Sequence[str]) -> list[HostFacts]:
        """As `match` for many values, in order and without them: one object for all of which the same is known."""
        return self._matcher.resolve_many(values)

    def group_of(self, region: str) -> str:
        """The group of a region id or geography word; `unknown` where none holds it."""
        return self.regions.group_of(region)

    def region_rule(self, vendor_id: str, facts: Mapping[str, str]) -> RegionRule | None:
        """The vendor's first region rule whose conditions hold for facts outside the host name, such as
        `{"sku": "GlobalStandard"}` or `{"model_prefix": "eu"}`; None where none does.
        """
        rules = self.vendors[vendor_id].region_rules if vendor_id in self.vendors else ()
        return next((rule for rule in rules if rule.holds_for(facts)), None)

    def tier_of(self, country: str) -> str:
        """The tier of a country in the EU's view: `eea`, `adequacy`, `conditional`, `third_country`, `unknown`."""
        return self.regions.tier_of(country)

    def ranges(self) -> Iterator[tuple[str, str, bool]]:
        """(CIDR, vendor id, dedicated) of every published range."""
        for vendor in self.vendors.values():
            for entry in vendor.ranges:
                yield entry.cidr, vendor.id, entry.dedicated

    def key_formats(self) -> tuple[tuple[Vendor, KeyFormat], ...]:
        """Every key format with its vendor."""
        return tuple((vendor, entry) for vendor in self.vendors.values() for entry in vendor.key_formats)

    def bill_vendor(self, kind: str, text: str) -> BillVendor | None:
        """The vendor that a line of a bill means; see `BillMatcher.match`."""
        return self._bills.match(kind, text)
