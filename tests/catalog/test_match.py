"""Who is this host or address: the answers people script against."""

import ipaddress

import pytest

from shadowscan.catalog import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("value", "vendor", "surface", "region", "evidence"),
    [
        ("api.openai.com", "openai", "api", "unknown", None),
        ("API.OPENAI.COM.", "openai", "api", "unknown", None),
        ("eu.api.openai.com", "openai", "api", "eu", "R4"),
        ("fr.api.openai.com", "openai", "api", "fr", "R2"),
        ("status.openai.com", "openai", "status", "unknown", None),
        ("status.anthropic.com", "anthropic", "status", "unknown", None),
        ("eu.anthropic.com", "anthropic", "web", "unknown", None),
        ("api.eu.mistral.ai", "mistral", "api", "eu", "R4"),
        ("models.inference.ai.azure.com", "github-models", "api", "unknown", None),
        ("bedrock-runtime.eu-west-1.amazonaws.com", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("bedrock-runtime.eu-west-1.api.aws", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("bedrock-mantle.us-east-1.api.aws", "aws-bedrock", "api", "us-east-1", "R2"),
        ("vpce-0a1-b2.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("us-central1-aiplatform.googleapis.com", "google-vertex", "api", "us-central1", "R2"),
        ("acme.openai.azure.com", "azure-openai", "api", "unknown", None),
        ("160.79.104.10", "anthropic", "api", "unknown", "R1"),
        ("2607:6bc0::1", "anthropic", "api", "unknown", "R1"),
    ],
)
def test_match_when_vendor_is_known_then_named(
    value: str, vendor: str, surface: str, region: str, evidence: str | None
) -> None:
    found = CATALOG.match(value)

    assert (found.value, found.vendor_id, found.surface, found.region) == (value, vendor, surface, region)
    assert evidence is None or found.region_evidence == evidence


@pytest.mark.parametrize(
    "value",
    [
        "com",
        "www.anthropologie.com",
        "api.openai.com.evil.example",
        "notopenai.com",
        "s3.eu-west-1.amazonaws.com",
        "8.8.8.8",
    ],
)
def test_match_when_only_alike_then_no_vendor(value: str) -> None:
    assert CATALOG.match(value).vendor_id is None


def test_console_of_a_whole_cloud_when_matched_then_shared_inventory() -> None:
    assert CATALOG.match("eu-west-1.console.aws.amazon.com").surface == "shared"


def test_ranges_when_listed_then_valid_networks() -> None:
    assert all(ipaddress.ip_network(cidr) and vendor in CATALOG.vendors for cidr, vendor, _ in CATALOG.ranges())
