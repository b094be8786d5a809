"""The region traps, as the catalogue answers them: what looks fine and proves nothing, and the other way round."""

import pytest

from shadowscan.catalog import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("host", "region", "evidence"),
    [
        # Frankfurt at Oracle or Alibaba names the entry; third-party models run elsewhere, scope Global anywhere.
        ("inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com", "eu-frankfurt-1", "R2"),
        ("ws-1.eu-central-1.maas.aliyuncs.com", "eu-central-1", "R2"),
        ("dashscope-us.aliyuncs.com", "us", "R2"),
        # A global profile from eu-central-1 has this name too: never better than an entry.
        ("bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1", "R2"),
        ("vpce-0a1-b2.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "eu-west-1", "R2"),
        ("bedrock-runtime.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "R2"),
        # Global endpoints: unknown, whatever the vendor's home.
        ("api.openai.com", "unknown", "R0"),
        ("api.anthropic.com", "unknown", "R0"),
        ("api.mistral.ai", "unknown", "R0"),
        ("generativelanguage.googleapis.com", "unknown", "R0"),
        ("aiplatform.googleapis.com", "unknown", "R0"),
        ("openrouter.ai", "unknown", "R0"),
        ("acme.openai.azure.com", "unknown", "R0"),
        # Pinned by the vendor's word.
        ("eu.api.openai.com", "eu", "R4"),
        ("api.eu.mistral.ai", "eu", "R4"),
        ("aiplatform.eu.rep.googleapis.com", "eu", "R4"),
        ("us.api.x.ai", "us", "R4"),
        ("eu.openrouter.ai", "eu", "R4"),
        ("ark.cn-beijing.volces.com", "cn-beijing", "R4"),
        # Storage only, or documents that disagree.
        ("fr.api.openai.com", "fr", "R2"),
        ("us-east-1.api.x.ai", "us-east-1", "R2"),
        ("us-central1-aiplatform.googleapis.com", "us-central1", "R2"),
        ("swedencentral.api.cognitive.microsoft.com", "swedencentral", "R2"),
        ("acme.eu-central-1.snowflakecomputing.com", "eu-central-1", "R2"),
        # Only the vendor's home is known.
        ("api.deepseek.com", "unknown", "R1"),
        ("api.groq.com", "unknown", "R1"),
        # The plan of a seat is no region.
        ("proxy.business.githubcopilot.com", "unknown", "R0"),
    ],
)
def test_region_when_host_is_a_trap_then_no_more_than_it_proves(host: str, region: str, evidence: str) -> None:
    found = CATALOG.match(host)

    assert (found.region, found.region_evidence) == (region, evidence)


def test_jurisdiction_when_the_place_is_another_then_both_are_told() -> None:
    pinned, home = CATALOG.match("eu.api.openai.com"), CATALOG.match("api.mistral.ai")

    assert (CATALOG.group_of(pinned.region), CATALOG.tier_of(pinned.jurisdiction)) == ("eu_eea", "conditional")
    assert (home.region, CATALOG.tier_of(home.jurisdiction)) == ("unknown", "eea")


def test_private_address_when_behind_a_private_endpoint_then_nobodys() -> None:
    assert CATALOG.match("10.1.2.3").vendor_id is None


def test_groups_when_ids_were_once_missing_then_known() -> None:
    names = ["westus2", "norwaywest", "koreasouth", "asia-east1", "no"]

    assert [CATALOG.group_of(name) for name in names] == ["us", "eu_eea", "kr", "tw", "eu_eea"]
    assert CATALOG.tier_of("NO") == "eea"


@pytest.mark.parametrize(
    ("vendor", "facts", "strength", "gives"),
    [
        ("aws-bedrock", {"model_prefix": "eu"}, "B", "one_of_europe"),
        ("aws-bedrock", {"model_prefix": "apac"}, "X", "one_of_apac"),
        ("aws-bedrock", {"model_prefix": "global"}, "X", "any"),
        ("azure-openai", {"sku": "Standard"}, "A", "resource_geography"),
        ("azure-openai", {"sku": "DataZoneStandard"}, "A", "data_zone"),
        ("azure-openai", {"sku": "GlobalStandard"}, "X", "any"),
    ],
)
def test_rule_when_it_has_conditions_then_facts_outside_the_name_decide(
    vendor: str, facts: dict[str, str], strength: str, gives: str
) -> None:
    rule = CATALOG.region_rule(vendor, facts)

    assert rule is not None and (rule.strength, rule.gives) == (strength, gives)


@pytest.mark.parametrize("facts", [{}, {"sku": "Tailored"}, {"model_prefix": "Standard"}, {"sku": ""}])
def test_rule_when_no_condition_holds_then_none(facts: dict[str, str]) -> None:
    assert CATALOG.region_rule("azure-openai", facts) is None
    assert CATALOG.region_rule("nobody", facts) is None
