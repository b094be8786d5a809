"""Region ids, the groups that policies speak of, and the tiers that the law puts countries in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

THIRD_COUNTRY = "third_country"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why one country stands in a tier: what was decided, on which day, for whom and until when."""

    country: str
    decision: str
    decided_on: str
    scope: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of the EU's view: `eea`, `adequacy` or `conditional`. Every other country is a third country."""

    id: str
    name: str
    basis: str
    source: str
    countries: frozenset[str]
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Regions:
    """Disjoint groups of region ids, geography words of host names (`eu`, `us`) included, and the tiers over them."""

    groups: Mapping[str, frozenset[str]]
    countries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)

    @cached_property
    def _group_by_region(self) -> dict[str, str]:
        return {region: group for group, regions in self.groups.items() for region in regions}

    @cached_property
    def allowed_words(self) -> Mapping[str, frozenset[str]]:
        """Regions behind every word of `policy.residency.allowed` but region ids: groups, and tiers as unions of them.

        A group belongs to a tier where all of its countries do.
        """
        unions = {
            tier.id: frozenset[str]().union(*(self.groups[group] | {group} for group in self._groups_of(tier)))
            for tier in self.tiers.values()
        }
        return {**unions, **self.groups}

    def group_of(self, region: str) -> str:
        """The group that holds this region; a group's own name is its group; `unknown` otherwise."""
        name = region.lower()
        return name if name in self.groups else self._group_by_region.get(name, "unknown")

    def tier_of(self, country: str, on: date | None = None) -> str:
        """The tier of a country (ISO 3166 alpha-2), on a day; `unknown` for what is no country code."""
        if len(country) != 2:
            return "unknown"
        for tier in self.tiers.values():
            if country in tier.countries and (on is None or _holds(tier, country, on)):
                return tier.id
        return THIRD_COUNTRY

    def _groups_of(self, tier: Tier) -> list[str]:
        return [group for group, held in self.countries.items() if held and held <= tier.countries]


def build_regions(document: Mapping[str, Any]) -> Regions:
    """The regions of a checked `regions.yaml` document."""
    groups = document["groups"]
    return Regions(
        {name: frozenset(group["regions"]) for name, group in groups.items()},
        {name: frozenset(group["countries"]) for name, group in groups.items()},
        {name: _tier(name, tier) for name, tier in document["tiers"].items()},
    )


def _tier(name: str, tier: Mapping[str, Any]) -> Tier:
    decisions = tuple(Decision(**{key: value or "" for key, value in one.items()}) for one in tier["decisions"])
    countries = frozenset(tier["countries"]) | {decision.country for decision in decisions}
    return Tier(name, tier["name"], tier["basis"], tier["source"], countries, decisions)


def _holds(tier: Tier, country: str, on: date) -> bool:
    """ISO dates compare as text."""
    decision = next((one for one in tier.decisions if one.country == country), None)
    if decision is None:
        return True
    return decision.decided_on <= on.isoformat() and (not decision.until or on.isoformat() <= decision.until)
