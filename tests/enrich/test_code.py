"""`llm_code`: which vendors a unit calls, and by which way."""

from typing import Any

import pytest

from shadowscan.enrich import code
from shadowscan.policy import Policy
from tests.enrich.hits import hit
from tests.enrich.records import Network

POLICY = Policy.model_validate({"gateways": [{"name": "gw", "base_url": "https://llm.acme.example/v1"}]})
SDK = ("sdk", "openai", "import openai")
ENDPOINT = ("endpoint", "openai", "host=us.api.openai.com region=us")
GATEWAY = ("base_url", "unknown", "host=llm.acme.example")
OPEN = ("base_url", "unknown", "base URL only known at run time")


def rows(network: Network, columns: str) -> list[tuple[Any, ...]]:
    code.build(network.context)
    return [tuple(row) for row in network.store.query(f"select {columns} from llm_code order by vendor_id").rows]


@pytest.mark.parametrize(
    ("signals", "vendor", "via"),
    [
        ([SDK], "openai", "direct"),
        ([SDK, ENDPOINT], "openai", "direct"),
        ([SDK, GATEWAY], "openai", "gateway"),
        ([ENDPOINT, GATEWAY], "openai", "mixed"),
        ([SDK, OPEN], "openai", "unresolved"),
        ([ENDPOINT, OPEN], "openai", "direct"),
        ([GATEWAY], "unknown", "gateway"),
        ([OPEN], "unknown", "unresolved"),
    ],
)
def test_unit_when_it_calls_a_vendor_then_way_is_named(
    signals: list[tuple[str, str, str]], vendor: str, via: str
) -> None:
    network = Network(policy=POLICY)
    for kind, vendor_id, detail in signals:
        hit(network.store, kind, vendor_id, detail=detail)

    assert rows(network, "vendor_id, via") == [(vendor, via)]


def test_units_when_apart_then_one_does_not_answer_for_the_other() -> None:
    network = Network(policy=POLICY)
    hit(network.store, *SDK[:2], detail=SDK[2], unit="a")
    hit(network.store, *GATEWAY[:2], detail=GATEWAY[2], unit="b")

    assert rows(network, "vendor_id, unit, via") == [("openai", "a", "direct"), ("unknown", "b", "gateway")]


def test_open_base_url_when_in_another_file_then_vendor_stays_direct() -> None:
    network = Network()
    hit(network.store, *SDK[:2], detail=SDK[2])
    hit(network.store, *OPEN[:2], detail=OPEN[2], path="crm.py")

    assert rows(network, "vendor_id, via") == [("openai", "direct")]


def test_region_when_configured_then_named_and_when_two_then_unknown() -> None:
    network = Network()
    hit(network.store, *ENDPOINT[:2], detail=ENDPOINT[2])
    assert rows(network, "region") == [("us",)]

    hit(network.store, "endpoint", "openai", detail="host=eu.api.openai.com region=eu")
    assert rows(network, "region") == [("unknown",)]


def test_dates_when_nothing_is_committed_then_moment_of_the_run() -> None:
    network = Network()
    hit(network.store, "sdk", "openai", place="worktree", in_head=False, committed_at=None, last_seen_at=None)

    assert rows(network, "first_seen_at, in_head") == [(network.context.as_of, True)]


def test_models_when_named_in_the_unit_then_with_the_vendor_that_serves_them() -> None:
    network = Network()
    hit(network.store, *SDK[:2], detail=SDK[2])
    hit(network.store, "model", "openai", detail="model=gpt-4o")
    hit(network.store, "model", "anthropic", detail="model=claude-opus-4")

    assert rows(network, "vendor_id, models") == [("openai", "gpt-4o")]


def test_bedrock_id_when_named_then_bedrock_is_called_and_its_profile_is_a_place() -> None:
    network = Network()
    hit(network.store, "model", "aws-bedrock", detail="model=eu.anthropic.claude-x region=eu profile")
    hit(network.store, "resource", "aws-bedrock", detail="aws_bedrock_agent region=eu-west-1")

    assert rows(network, "vendor_id, places, models") == [
        ("aws-bedrock", "eu profile,eu-west-1", "eu.anthropic.claude-x")
    ]


def test_lockfile_when_nothing_else_names_the_vendor_then_no_use() -> None:
    network = Network()
    hit(network.store, "lockfile", "openai", detail="locks openai")

    assert rows(network, "vendor_id") == []
