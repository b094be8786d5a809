"""The whole of enrichment on one small network, and once more on the same store."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shadowscan.config import Config, Settings
from shadowscan.enrich import unchanged
from shadowscan.enrich.run import enrich
from shadowscan.owners import Owners
from shadowscan.policy import Policy, load_policy
from tests.enrich.records import CATALOG, HOUR, MINUTE, START, Network, insert

POLICY = """
organization: acme
vendors:
  approved: [anthropic]
gateways:
  - {name: llm-gateway, base_url: "https://llm.acme.internal/v1", addresses: [10.9.0.10], vendors: [anthropic]}
residency: {allowed: [eu_eea]}
"""
USE = "select subject_id, vendor_id, via, status from llm_egress order by all"
VIEWS = ("llm_egress", "llm_lookup", "llm_region", "llm_traffic_account", "llm_gateway", "evidence_source")


def company(policy: Policy) -> Network:
    network = Network(policy=policy)
    insert(network.store, "asset", source_id=3, asset_id="eni-1", kind="eni", account_id="1", vpc_id="vpc-0a",
           address="10.0.0.1", parent_id="arn:aws:lambda:us-east-1:1:function:ranker")  # fmt: skip
    network.answer(START, "10.0.0.1", "api.openai.com", "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1", interface_id="eni-1")
    network.answer(START, "10.0.0.2", "llm.acme.internal", "10.9.0.10")
    network.flow(START + MINUTE, "10.0.0.2", "10.9.0.10")
    network.flow(START + MINUTE, "10.9.0.10", "160.79.104.10")
    network.answer(START, "10.0.0.3", "api.openai.com", "203.0.113.2")
    network.answer(START, "10.0.0.3", "cats.example", "203.0.113.2")
    network.flow(START + MINUTE, "10.0.0.3", "203.0.113.2")
    return network


def test_enrich_names_judges_and_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY)
    network = company(load_policy(tmp_path / "policy.yaml", CATALOG.vendors))

    enrich(network.context)

    assert network.store.query(USE).rows == [
        ("1/vpc-0a/10.0.0.2", "gateway", "gateway", "approved"),
        ("1/vpc-0a/10.0.0.3", "unknown", "direct", "unknown"),
        ("1/vpc-0a/10.9.0.10", "anthropic", "gateway", "approved"),
        ("arn:aws:lambda:us-east-1:1:function:ranker", "openai", "direct", "unapproved"),
    ]
    assert network.store.query("select vendor_id, verdict from llm_region order by all").rows == [
        ("anthropic", "unknown"),
        ("openai", "unknown"),
    ]
    assert network.store.query("select count(*) from dirty_day").rows == [(0,)]


def test_enrich_twice_is_the_same_as_once() -> None:
    network = company(Policy())

    enrich(network.context)
    once = {view: network.store.query(f"select * from {view} order by all").rows for view in VIEWS}
    network.store.query("delete from setting where name = 'enrich_basis'")
    enrich(network.context)

    assert {view: network.store.query(f"select * from {view} order by all").rows for view in VIEWS} == once
    assert once["llm_egress"]


def test_enrich_of_an_unchanged_store_reads_nothing_again() -> None:
    network = company(Policy())
    enrich(network.context)
    network.store.query("delete from llm_egress")

    enrich(network.context)

    assert network.store.query("select count(*) from llm_egress").rows == [(0,)]


@pytest.mark.parametrize("change", ["nothing", "rows", "dirty", "policy", "owners", "window", "day"])
def test_enrich_starts_again_when_anything_it_rests_on_changed(change: str) -> None:
    network = company(Policy())
    enrich(network.context)
    if change == "rows":
        network.flow(START, "10.0.0.9", "160.79.104.10")
    if change == "dirty":
        network.mark(START)
    changes: dict[str, dict[str, Any]] = {
        "policy": {"policy": Policy(organization="acme")},
        "owners": {"owners": Owners.model_validate({"teams": [{"name": "search"}]})},
        "window": {"config": Config(settings=Settings(dns_window=HOUR))},
        "day": {"as_of": network.context.as_of + timedelta(days=1)},
    }

    context = replace(network.context, **changes.get(change, {}))

    assert unchanged.holds(context) is (change == "nothing")
