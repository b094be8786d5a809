"""Every trap of region verdicts, each with its verdict and why: a host, a provider's record or a configuration.

The policy allows `eu_eea` throughout, so a trap is a route that looks European. None of them may pass.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from shadowscan.enrich import code, regions
from shadowscan.policy import Policy
from tests.enrich.hits import hit
from tests.enrich.records import HOUR, MINUTE, START, Network, insert

BEDROCK = "bedrock-runtime.eu-central-1.amazonaws.com"
VPCE = "vpce-0a1b2c3d4e5f-abcdefgh.bedrock-runtime.eu-central-1.vpce.amazonaws.com"
EUROPE = {"residency": {"allowed": ["eu_eea"]}}


@dataclass(frozen=True)
class Judged:
    verdict: str
    evidence: str
    why: str


def europe() -> Network:
    return Network(policy=Policy.model_validate(EUROPE))


def judged(network: Network, basis: str) -> list[Judged]:
    regions.build(network.context)
    asked = "select verdict, region_evidence, why from llm_region where basis = $basis order by all"
    return [Judged(*row) for row in network.store.query(asked, {"basis": basis}).rows]


@pytest.mark.parametrize(
    ("host", "verdict", "evidence", "why"),
    [
        # Frankfurt by name; a `global.` profile in the model id is invisible on the wire.
        (BEDROCK, "possible", "R2", "processing can move"),
        (VPCE, "possible", "R2", "processing can move"),
        # Oracle sends models of other parties elsewhere; the EU sovereign host too names the entry only.
        ("inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com", "possible", "R2", "processing can move"),
        ("inference.generativeai.eu-frankfurt-2.oci.oraclecloud.eu", "possible", "R2", "processing can move"),
        # With scope Global any node may serve, the Chinese mainland included.
        ("ws.eu-central-1.maas.aliyuncs.com", "possible", "R2", "processing can move"),
        ("dashscope.aliyuncs.com", "violation", "R4", "cn (R4) is outside eu_eea"),
        ("dashscope-intl.aliyuncs.com", "possible", "R2", "outside eu_eea"),
        # The SKU is not in the name: Global and DataZone deployments answer at the same host.
        ("swedencentral.api.cognitive.microsoft.com", "possible", "R2", "processing can move"),
        ("acme.openai.azure.com", "unknown", "R0", "names no region"),
        ("europe-west4-aiplatform.googleapis.com", "possible", "R2", "processing can move"),
        ("aiplatform.googleapis.com", "unknown", "R0", "names no region"),
        ("generativelanguage.googleapis.com", "unknown", "R0", "names no region"),
        # Two documents of xAI disagree on whether the request may move.
        ("eu-west-1.api.x.ai", "unknown", "R2", "where it is processed is not shown"),
        ("us.api.x.ai", "violation", "R4", "us (R4) is outside eu_eea"),
        ("api.x.ai", "unknown", "R0", "names no region"),
        ("api.openai.com", "unknown", "R0", "names no region"),
        ("ae.api.openai.com", "possible", "R2", "outside eu_eea"),
        ("api.anthropic.com", "unknown", "R0", "names no region"),
        ("aws-external-anthropic.eu-central-1.api.aws", "possible", "R2", "processing can move"),
        # A head office is not a place of processing.
        ("api.mistral.ai", "unknown", "R0", "jurisdiction FR"),
        ("openrouter.ai", "unknown", "R0", "names no region"),
    ],
)
def test_host_when_it_only_looks_european_then_it_never_passes(
    host: str, verdict: str, evidence: str, why: str
) -> None:
    network = europe()
    network.answer(START, "10.0.0.1", host, "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1")
    network.roll_up()

    (found,) = judged(network, "traffic")

    assert (found.verdict, found.evidence) == (verdict, evidence)
    assert why in found.why


@pytest.mark.parametrize("host", ["eu.api.openai.com", "api.eu.mistral.ai", "aiplatform.eu.rep.googleapis.com"])
def test_host_when_its_vendor_documents_it_as_pinned_then_it_passes_whatever_the_head_office(host: str) -> None:
    network = europe()
    network.answer(START, "10.0.0.1", host, "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1")
    network.roll_up()

    assert [(found.verdict, found.evidence) for found in judged(network, "traffic")] == [("pass", "R4")]


def test_private_link_when_the_public_name_is_asked_at_a_private_address_then_judged_as_the_public_host() -> None:
    network = europe()
    network.connect(START, "10.0.0.1", BEDROCK, remote="10.9.9.9")
    network.flow(START, "10.0.0.1", "10.9.9.9", client_port=50000)
    network.roll_up()

    assert {(found.verdict, found.evidence) for found in judged(network, "traffic")} == {("possible", "R2")}


CALL = {"source_id": 9, "account_id": "470100000011", "principal": "arn:aws:iam::470100000011:role/ranker"}


def called(**more: Any) -> list[Judged]:
    network = europe()
    vendor = {"vendor_id": "aws-bedrock", "model": "anthropic.claude", "region": "eu-central-1"}
    insert(network.store, "model_call", **{**CALL, "called_at": START + HOUR, **vendor, **more})
    return judged(network, "call")


@pytest.mark.parametrize(
    ("call", "verdict", "evidence", "why"),
    [
        ({"profile_prefix": "eu"}, "possible", "R3", "may process in eu-central-2, eu-west-2"),
        ({"profile_prefix": "global"}, "possible", "R3", "may process in any region"),
        ({"profile_prefix": "apac", "region": "ap-south-1"}, "violation", "R3", "outside eu_eea"),
        ({"profile_prefix": "in", "region": "ap-south-1"}, "possible", "R3", "any region"),
        ({"profile_prefix": "unknown"}, "unknown", "R2", "hides"),
        ({"profile_prefix": "eu", "processing_region": "eu-west-2"}, "violation", "R5", "eu-west-2 (R5)"),
        ({"profile_prefix": "eu", "processing_region": "eu-central-2"}, "violation", "R5", "eu-central-2 (R5)"),
        ({"profile_prefix": "global", "processing_region": "eu-west-3"}, "pass", "R5", "eu-west-3 (R5)"),
        ({}, "pass", "R3", "eu-central-1 (R3)"),
        ({"profile_prefix": "unknown", "region": "us-east-1"}, "unknown", "R2", "hides"),
        (
            {"vendor_id": "azure-openai", "region": "eastus", "profile_prefix": "unknown"},
            "possible",
            "R2",
            "enters in eastus, outside eu_eea",
        ),
        (
            {"vendor_id": "anthropic", "region": "eu-west-1", "profile_prefix": "unknown"},
            "possible",
            "R2",
            "processing can move",
        ),
        ({"vendor_id": "openai", "region": "unknown", "profile_prefix": "unknown"}, "unknown", "R0", "no region"),
        ({"vendor_id": "aws-sagemaker"}, "pass", "R3", "eu-central-1 (R3)"),
        ({"region": "eu-nowhere-9"}, "unknown", "R3", "belongs to no region group"),
        ({"processing_region": "mars-1"}, "unknown", "R5", "belongs to no region group"),
        ({"vendor_id": "google-vertex", "region": "europe-west4"}, "possible", "R2", "processing can move"),
        ({"vendor_id": "azure-openai", "region": "swedencentral"}, "possible", "R2", "processing can move"),
        ({"vendor_id": "oci-genai", "region": "eu-frankfurt-1"}, "possible", "R2", "processing can move"),
        ({"vendor_id": "alibaba-qwen", "region": "eu-central-1"}, "possible", "R2", "processing can move"),
        ({"vendor_id": "snowflake-cortex", "region": "eu-central-1"}, "possible", "R2", "processing can move"),
        ({"vendor_id": "openai", "region": "unknown"}, "unknown", "R0", "names no region"),
        ({"vendor_id": "anthropic", "region": "unknown", "processing_region": "global"}, "unknown", "R5", "no region"),
        ({"vendor_id": "anthropic", "region": "unknown", "processing_region": "us"}, "violation", "R5", "us (R5)"),
        ({"vendor_id": "openrouter", "region": "unknown"}, "unknown", "R0", "names no region"),
        ({"vendor_id": "unknown", "region": "unknown"}, "unknown", "R0", "names no region"),
    ],
)
def test_call_when_its_record_does_not_settle_the_place_then_it_never_passes(
    call: dict[str, str], verdict: str, evidence: str, why: str
) -> None:
    (found,) = called(**call)

    assert (found.verdict, found.evidence) == (verdict, evidence)
    assert why in found.why


def test_call_when_it_was_refused_then_nothing_was_processed_and_nothing_is_judged() -> None:
    assert called(region="us-east-1", failed_calls=1) == []


@pytest.mark.parametrize(
    ("detail", "vendor", "verdict"),
    [
        ("region=eu profile", "aws-bedrock", "possible"),
        ("region=global profile", "aws-bedrock", "possible"),
        ("region=swedencentral sku=GlobalStandard", "azure-openai", "possible"),
        ("region=swedencentral sku=NewSkuOf2027", "azure-openai", "possible"),
        ("region=westeurope", "azure-openai", "possible"),
        ("region=europe-west4", "google-vertex", "possible"),
        ("region=norwaymiddle sku=Standard", "azure-openai", "unknown"),
    ],
)
def test_configuration_when_it_leaves_the_place_open_then_it_never_passes(
    detail: str, vendor: str, verdict: str
) -> None:
    network = europe()
    hit(network.store, "resource", vendor, detail=detail)
    code.build(network.context)

    (found,) = judged(network, "configuration")

    assert (found.verdict, found.evidence) == (verdict, "R3")


def test_data_zone_when_only_its_resource_region_is_allowed_then_it_may_reach_beyond() -> None:
    network = Network(policy=Policy.model_validate({"residency": {"allowed": ["swedencentral"]}}))
    hit(network.store, "resource", "azure-openai", detail="region=swedencentral sku=DataZoneStandard")
    code.build(network.context)

    assert [found.verdict for found in judged(network, "configuration")] == ["possible"]


def test_data_zone_when_the_resource_is_european_then_the_zone_pins_it_to_member_states() -> None:
    network = europe()
    hit(network.store, "resource", "azure-openai", detail="region=swedencentral sku=DataZoneStandard")
    code.build(network.context)

    (found,) = judged(network, "configuration")

    assert found == Judged("pass", "R3", "swedencentral (R3) is allowed; code is intent, not use")
