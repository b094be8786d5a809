"""What would settle a route: an action with its size, and nothing where the verdict is settled."""

import pytest

from shadowscan.enrich import regions
from shadowscan.enrich.region_action import settling_action
from shadowscan.policy import Policy
from tests.enrich.records import CATALOG, HOUR, MINUTE, START, Network, insert


def row(vendor_id: str, **more: str) -> dict[str, str]:
    base = {"subject_id": "w", "account_id": "unknown", "region": "unknown", "region_group": "unknown"}
    return {**base, "vendor_id": vendor_id, "basis": "traffic", **more}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            row("aws-bedrock", account_id="1111"),
            "Bedrock invocation logs, or collect CloudTrail with inferenceRegion, in",
        ),
        (row("azure-openai", account_id="sub-1"), "location and SKU of the Azure OpenAI deployments in account sub-1"),
        (row("openai", account_id="1111"), "collect the residency of the OpenAI projects"),
        (row("litellm"), "LiteLLM"),
        (row("requesty"), "names the final vendor"),
        (row("groq"), "ask Groq for its record"),
        (row("openai", region="moon-1"), "whether moon-1, which no region group holds, is allowed"),
        (row("aws-bedrock", region="global", basis="call"), "Bedrock invocation logs"),
        (row("azure-openai", region="eastus", region_group="us", basis="configuration"), "in the code of w"),
        (row("unknown"), "a log that names the vendor"),
    ],
)
def test_action_when_a_route_is_open_then_what_its_vendor_can_show(found: dict[str, str], words: str) -> None:
    assert words in settling_action(CATALOG, found)


def test_missing_when_one_action_settles_many_routes_then_it_says_how_many_and_a_pass_misses_nothing() -> None:
    network = Network(policy=Policy.model_validate({"residency": {"allowed": ["eu_eea"]}}))
    for number in (1, 2, 3):
        host = "eu.api.openai.com" if number == 3 else "api.openai.com"
        network.answer(START, f"10.0.0.{number}", host, f"203.0.113.{number}")
        network.flow(START + MINUTE, f"10.0.0.{number}", f"203.0.113.{number}")
    calls = {"source_id": 9, "called_at": START + HOUR, "vendor_id": "aws-bedrock", "account_id": "1111", "calls": 7}
    for role, prefix in (("a", "eu"), ("b", "global"), ("c", "unknown")):
        insert(network.store, "model_call", principal=role, profile_prefix=prefix, region="eu-west-1", **calls)
    network.roll_up()

    regions.build(network.context)

    asked = "select vendor_id, verdict, missing from llm_region group by all order by all"
    bedrock = (
        "turn on Bedrock invocation logs, or collect CloudTrail with inferenceRegion, in account 1111"
        " to settle 1 unknown and 2 possible routes (21 records)"
    )
    openai = (
        "collect the residency of the OpenAI projects, or call a regional host such as eu.api.openai.com,"
        " to settle 2 unknowns (2 records)"
    )
    assert network.store.query(asked).rows == [
        ("aws-bedrock", "possible", bedrock),
        ("aws-bedrock", "unknown", bedrock),
        ("openai", "pass", ""),
        ("openai", "unknown", openai),
    ]
