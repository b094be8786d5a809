"""What the whole catalogue answers, against a naive walk over the same entries."""

from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowscan.catalog import load_catalog

CATALOG = load_catalog()  # once, and outside of the time that Hypothesis watches
UNWATCHED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LABELS = ["api", "openai", "com", "chatgpt", "evil", "example", "eu", "anthropic", "x", "docs"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("API.OPENAI.COM.", ("openai", "api", "unknown", "R0")),
        ("eu.api.openai.com", ("openai", "api", "eu", "R4")),
        ("status.openai.com", ("openai", "status", "unknown", "R1")),
        ("api.eu.mistral.ai", ("mistral", "api", "eu", "R4")),
        ("models.inference.ai.azure.com", ("github-models", "api", "unknown", "R0")),
        ("eu.anthropic.com", ("anthropic", "web", "unknown", "R1")),
        ("bedrock-runtime.eu-central-1.amazonaws.com", ("aws-bedrock", "api", "eu-central-1", "R2")),
        ("vpce-0a1-b2.bedrock-runtime.eu-west-1.vpce.amazonaws.com", ("aws-bedrock", "api", "eu-west-1", "R2")),
        ("sagemaker-runtime.us-east-1.amazonaws.com", ("aws-sagemaker", "api", "us-east-1", "R2")),
        ("160.79.104.10", ("anthropic", "api", "unknown", "R1")),
        ("2607:6bc0::1", ("anthropic", "api", "unknown", "R1")),
        ("162.159.140.245", (None, None, "unknown", "R0")),
        ("www.anthropologie.com", (None, None, "unknown", "R0")),
        ("api.openai.com.evil.example", (None, None, "unknown", "R0")),
        ("notopenai.com", (None, None, "unknown", "R0")),
        ("com", (None, None, "unknown", "R0")),
    ],
)
def test_match_when_known_or_lookalike_then_right(value: str, expected: tuple[str | None, ...]) -> None:
    found = load_catalog().match(value)
    assert (found.vendor_id, found.surface, found.region, found.region_evidence) == expected


@UNWATCHED
@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=6))
def test_match_when_compared_with_a_naive_walk_then_same_vendor(labels: list[str]) -> None:
    name = ".".join(labels)
    assert load_catalog().match(name).vendor_id == naive(name)


def naive(name: str) -> str | None:
    entries = [(entry, vendor) for vendor in load_catalog().vendors.values() for entry in vendor.hosts]
    exact = [(entry, vendor) for entry, vendor in entries if entry.match == "exact" and entry.pattern == name]
    below = [
        (entry, vendor)
        for entry, vendor in entries
        if entry.match == "suffix" and (name == entry.pattern or name.endswith("." + entry.pattern))
    ]
    longest = max((len(entry.pattern) for entry, _ in below), default=0)
    best = exact or [(entry, vendor) for entry, vendor in below if len(entry.pattern) == longest]
    return next((v.id for e, v in best if e.surface == "api"), best[0][1].id if best else None)


@UNWATCHED
@given(st.text())
def test_match_when_given_any_text_then_answers(text: str) -> None:
    assert asdict(load_catalog().match(text))["value"] == text


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("descriptor", "OPENAI *CHATGPT SUBSCR", ("openai", "seat")),
        ("descriptor", "OPENAI* API", ("openai", "api")),
        ("descriptor", "CHATGPT*OPENAI", ("openai", "seat")),
        ("descriptor", "PP*ANTHROPICPBC", ("anthropic", "api")),
        ("descriptor", "CURSOR, AI POWERED IDE", ("cursor", "seat")),
        ("descriptor", "SQ *CURSOR COFFEE", None),
        ("descriptor", "OPENAIRE CONFERENCE", None),
        ("service", "Claude Sonnet 4.6 (Amazon Bedrock Edition)", ("aws-bedrock", "api")),
        ("usage_type", "USE1-MP:USE1_InputTokenCount-Units", ("aws-bedrock", "api")),
        ("usage_type", "USE1-BoxUsage:m5.large", None),
    ],
)
def test_bill_vendor_when_named_or_lookalike_then_right(kind: str, text: str, expected: tuple[str, str] | None) -> None:
    assert load_catalog().bill_vendor(kind, text) == expected


def test_group_of_when_region_or_geography_then_its_group() -> None:
    catalog = load_catalog()
    assert [catalog.group_of(name) for name in ("eu", "eu-west-2", "westus2", "norwaywest", "mars-1")] == [
        "eu_eea",
        "uk",
        "us",
        "eu_eea",
        "unknown",
    ]
