"""Regions, their groups, and the tiers of the law."""

from datetime import date

import pytest

from shadowscan.catalog import load_catalog

REGIONS = load_catalog().regions


def test_group_when_region_or_geography_then_its_group() -> None:
    names = ("eu", "eu-west-2", "westus2", "norwaywest", "koreasouth", "EU-West-1", "mars-1")

    assert [REGIONS.group_of(name) for name in names] == ["eu_eea", "uk", "us", "eu_eea", "kr", "eu_eea", "unknown"]


def test_groups_when_compared_then_disjoint() -> None:
    seen = [region for regions in REGIONS.groups.values() for region in regions]

    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("country", "tier"),
    [
        ("DE", "eea"),
        ("NO", "eea"),
        ("GB", "adequacy"),
        ("BR", "adequacy"),
        ("US", "conditional"),
        ("CN", "third_country"),
        ("AE", "third_country"),
        ("unknown", "unknown"),
    ],
)
def test_tier_when_country_then_the_laws(country: str, tier: str) -> None:
    assert REGIONS.tier_of(country) == tier


def test_tier_when_asked_for_a_day_then_only_decisions_that_held() -> None:
    assert REGIONS.tier_of("BR", date(2026, 1, 25)) == "third_country"
    assert REGIONS.tier_of("BR", date(2026, 1, 26)) == "adequacy"
    assert REGIONS.tier_of("GB", date(2032, 1, 1)) == "third_country"


def test_tiers_when_used_as_policy_words_then_unions_of_groups() -> None:
    words = REGIONS.allowed_words

    assert {"uk", "eu-west-2", "ap-northeast-1"} <= words["adequacy"]
    assert not {"eu-central-1", "us-east-1", "cn-beijing"} & words["adequacy"]
    assert words["eea"] >= words["eu_eea"]


def test_tiers_when_listed_then_each_has_a_source_and_each_decision_a_date() -> None:
    for tier in REGIONS.tiers.values():
        assert tier.source.startswith("https://") and tier.basis
        assert all(date.fromisoformat(decision.decided_on) and decision.decision for decision in tier.decisions)
