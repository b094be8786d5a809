"""The second axis and the papers of a route: jurisdiction, agreement and safeguard."""

from typing import Any

import pytest

from shadowscan.enrich.region_terms import terms_of
from shadowscan.policy import Policy
from tests.enrich.records import START, Network


def terms(vendor_id: str, home: str, policy: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = Policy.model_validate({"residency": {"allowed": ["eu_eea"]}, **policy})
    assert given.residency is not None
    route = {"vendor_id": vendor_id, "jurisdiction": home, "region": "eu", "region_group": "eu_eea"}
    return terms_of(Network(policy=given).context, given.residency, {**route, "last_seen_at": START, **more})


def approved(vendor_id: str, **dpa: Any) -> dict[str, Any]:
    return {"vendors": {"approved": [{"id": vendor_id, "dpa": dpa}]}}


@pytest.mark.parametrize(
    ("dpa", "more", "word"),
    [
        ({"regions": ["eu_eea"]}, {}, "covers"),
        ({}, {"region": "us", "region_group": "us"}, "covers"),
        ({"regions": ["eu_eea"]}, {"region": "us-east-1", "region_group": "us"}, "outside"),
        ({"regions": ["eu_eea"]}, {"region": "unknown", "region_group": "unknown"}, "unproved"),
        ({"regions": ["eu_eea"]}, {"region": "moon-1", "region_group": "unknown"}, "unproved"),
        ({"signed": "2026-10-02"}, {}, "covers"),
        ({"signed": "2026-10-03"}, {}, "none"),
    ],
)
def test_agreement_when_recorded_then_it_covers_its_regions_from_its_day(
    dpa: dict[str, Any], more: dict[str, str], word: str
) -> None:
    assert terms("openai", "US", approved("openai", **dpa), **more)["dpa"] == word


def test_agreement_when_it_is_another_vendors_then_none() -> None:
    assert terms("openai", "US", approved("mistral"))["dpa"] == "none"


@pytest.mark.parametrize(
    ("home", "jurisdictions", "word"),
    [
        ("US", [], "not_judged"),
        ("US", ["eu_eea"], "violation"),
        ("US", ["eu_eea", "us"], "pass"),
        ("FR", ["eea"], "pass"),
        ("JP", ["adequacy"], "pass"),
        ("CN", ["adequacy"], "violation"),
        ("unknown", ["eu_eea"], "unknown"),
    ],
)
def test_provider_when_policy_names_jurisdictions_then_judged_whatever_the_place(
    home: str, jurisdictions: list[str], word: str
) -> None:
    policy = {"residency": {"allowed": ["eu_eea"], "jurisdictions": jurisdictions}}

    assert terms("openai", home, policy)["provider_verdict"] == word


@pytest.mark.parametrize(
    ("home", "transfer", "words"),
    [
        ("FR", None, "none needed: EEA provider"),
        ("JP", None, "Art. 45 adequacy decision"),
        ("US", None, "none recorded: Art. 45 only for certified participants"),
        ("US", "dpf", "Art. 45 Data Privacy Framework"),
        ("CN", "scc", "Art. 46 standard contractual clauses"),
        ("CN", None, "none recorded: Art. 46 or 49 needed"),
        ("unknown", None, "none recorded: jurisdiction unknown"),
    ],
)
def test_safeguard_when_tier_and_terms_then_the_article_it_rests_on(
    home: str, transfer: str | None, words: str
) -> None:
    assert terms("openai", home, approved("openai", transfer=transfer))["safeguard"] == words


def test_sub_processors_when_the_agreement_lists_them_then_named() -> None:
    assert terms("openai", "US", approved("openai", sub_processors=["Microsoft"]))["sub_processors"] == "Microsoft"


def test_tier_when_an_adequacy_decision_has_ended_by_then_then_a_third_country() -> None:
    late = START.replace(year=2032)

    assert terms("stability", "GB", {})["transfer_tier"] == "adequacy"
    assert terms("stability", "GB", {}, last_seen_at=late)["transfer_tier"] == "third_country"
