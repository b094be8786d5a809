"""`catalog/regions.yaml` as people write it: groups, the law's tiers, Bedrock profiles and Azure SKUs."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shadowscan.catalog.entry import SourceItem
from shadowscan.documents import Entry, Problem
from shadowscan.errors import Location

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Countries = tuple[Country, ...]


class NotedSource(SourceItem):
    """A source, and what of it was read."""

    note: str = ""


class GroupItem(Entry):
    """Region ids of one country, or of one area of law."""

    name: str = Field(min_length=1)
    countries: Countries = ()
    regions: tuple[str, ...] = Field(min_length=1)


class DecisionItem(Entry):
    """One decision about one country."""

    country: Country
    decision: str = Field(min_length=1)
    decided_on: date
    scope: str = ""
    until: date | None = None


class TierItem(Entry):
    """One tier, by countries or by decisions about them."""

    name: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    source: str = Field(pattern=r"^https://\S+$")
    countries: Countries = ()
    decisions: tuple[DecisionItem, ...] = ()


class ProfileItem(Entry):
    """One geography of Bedrock's cross-Region inference."""

    regions: tuple[str, ...]
    sources: tuple[str, ...] = ()
    note: str = ""


class SkuItem(Entry):
    """One Azure deployment SKU."""

    processing: Literal["resource_geography", "data_zone", "any_region"]
    sources: tuple[str, ...] = ()


class RegionsEntry(Entry):
    """The whole file."""

    verified_on: date
    sources: dict[str, NotedSource]
    groups: dict[str, GroupItem]
    tiers: dict[str, TierItem]
    bedrock_profiles: dict[str, ProfileItem]
    azure_skus: dict[str, SkuItem]


def region_problems(entry: RegionsEntry) -> Iterator[Problem]:
    """Regions and countries that stand twice or nowhere, and sources that nothing declares."""
    places: dict[str, str] = {}
    for name, group in entry.groups.items():
        for word in (*group.regions, *group.countries):
            if word in places:
                yield _problem(group, f"{word} of group {name} stands in group {places[word]} too")
            places[word] = name
    for prefix, profile in entry.bedrock_profiles.items():
        for region in profile.regions:
            if region not in places:
                yield _problem(profile, f"region {region!r} of profile {prefix} is in no group")
    cited: Mapping[str, ProfileItem | SkuItem] = {**entry.bedrock_profiles, **entry.azure_skus}
    for part in cited.values():
        for word in part.sources:
            if word not in entry.sources:
                yield _problem(part, f"unknown source {word!r}")


def _problem(part: Entry, message: str) -> Problem:
    return Problem(Location(part.file, part.line), message)
