"""Bedrock profiles and Azure SKUs: where a call may be processed, whatever its host says."""

import pytest

from shadowscan.catalog import load_catalog

CATALOG = load_catalog()
ROUTES = CATALOG.routes
ARN = "arn:aws:bedrock:eu-central-1:111122223333:"


@pytest.mark.parametrize(
    ("model", "prefix"),
    [
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "none"),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu"),
        ("us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0", "us-gov"),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "global"),
        (f"{ARN}inference-profile/apac.amazon.nova-pro-v1:0", "apac"),
        (f"{ARN}application-inference-profile/a1b2c3d4e5f6", "unknown"),
        ("arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", "none"),
        ("mx.anthropic.claude-sonnet-6-v1:0", "unknown"),
        (f"{ARN}inference-profile/me.amazon.nova-pro-v1:0", "unknown"),
        ("moonshotai.kimi-k2.5", "none"),
        ("zai.glm-4.7", "none"),
        ("meta.llama3-1-70b-instruct-v1:0", "none"),
        ("", "none"),
    ],
)
def test_profile_prefix_when_model_id_or_arn_then_its_geography(model: str, prefix: str) -> None:
    assert ROUTES.profile_prefix(model) == prefix


def test_destinations_when_geography_is_europe_then_wider_than_the_eu() -> None:
    groups = {CATALOG.group_of(region) for region in ROUTES.destinations("eu")}

    assert groups == {"eu_eea", "uk", "ch"}


def test_destinations_when_asia_pacific_then_the_emirates_included() -> None:
    assert "me-central-1" in ROUTES.destinations("apac")


@pytest.mark.parametrize("prefix", ["global", "in", "none", "unknown", "mars"])
def test_destinations_when_anywhere_or_not_known_then_none_named(prefix: str) -> None:
    assert ROUTES.destinations(prefix) == frozenset()


@pytest.mark.parametrize(
    ("sku", "processing"),
    [
        ("Standard", "resource_geography"),
        ("ProvisionedManaged", "resource_geography"),
        ("DataZoneStandard", "data_zone"),
        ("GlobalStandard", "any_region"),
        ("GlobalBatch", "any_region"),
        ("Tailored", None),
    ],
)
def test_processing_when_sku_then_where_it_may_run(sku: str, processing: str | None) -> None:
    assert ROUTES.processing_of(sku) == processing
