"""Regions, their groups, and the tiers of the law."""

from datetime import date

import pytest
import yaml

from shadowscan.catalog import load_catalog
from shadowscan.catalog.compiled import FOLDER

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


@pytest.mark.parametrize(
    ("region", "group"),
    [
        ("eu-central-2", "ch"),
        ("europe-west6", "ch"),
        ("eu-west-3", "eu_eea"),
        ("no", "eu_eea"),
        ("us-gov-west-1", "us"),
        ("asia-east1", "tw"),
        ("eastasia", "hk"),
        ("cn-hongkong", "hk"),
        ("me-west1", "il"),
        ("me-west-1", "sa"),
        ("eu-jovanovac-1", "rs"),
        ("me-east-1", "unknown"),
        ("eu-isoe-west-1", "unknown"),
    ],
)
def test_group_when_clouds_name_alike_and_place_apart_then_its_country(region: str, group: str) -> None:
    assert REGIONS.group_of(region) == group


def test_regions_document_when_read_then_words_are_text_and_profiles_known() -> None:
    document = yaml.safe_load((FOLDER / "regions.yaml").read_text("utf-8"))
    profiles = {
        prefix: set(map(REGIONS.group_of, one["regions"])) for prefix, one in document["bedrock_profiles"].items()
    }
    cited = {
        word
        for part in ("bedrock_profiles", "azure_skus")
        for one in document[part].values()
        for word in one.get("sources", ())
    }

    assert all(isinstance(word, str) for group in document["groups"].values() for word in group["regions"])
    assert profiles["eu"] == {"eu_eea", "uk", "ch"}
    assert profiles["us"] == {"us"} and profiles["ca"] == {"ca"}
    assert "ae" in profiles["apac"] and not any("unknown" in groups for groups in profiles.values())
    assert profiles["in"] == profiles["global"] == set()
    assert cited <= document["sources"].keys()
