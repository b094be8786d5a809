"""A relay is sure when code or a bill agrees with the network."""

from typing import Any

import pytest

from shadowscan.enrich import relay_tie
from tests.enrich.records import START, Network, insert

RELAY = "1/vpc-0a/10.0.5.5"


def seen(network: Network, **more: Any) -> None:
    row = {
        "subject_id": RELAY, "subject_kind": "workload", "subject_label": "llm-proxy-prod", "class": "network_relay",
        "basis": "network", "vendors": "openai", "vendor_count": 1, "client_count": 4, "team": "search",
        "evidence_ref": "relay/1",
    }  # fmt: skip
    insert(network.store, "llm_gateway", **{**row, **more})


def written(network: Network, repo: str, **more: Any) -> None:
    row = {
        "subject_id": repo, "subject_kind": "repo", "repo": repo, "unit": ".", "class": "homemade_gateway",
        "basis": "code", "vendors": "openai,anthropic", "evidence_ref": f"gateway/{repo}",
    }  # fmt: skip
    insert(network.store, "llm_gateway", **{**row, **more})
    insert(network.store, "evidence_sample", evidence_ref=f"gateway/{repo}", ordinal=1, kind="repo_hit",
           detail="proxy.py", source="git", object=repo)  # fmt: skip
    insert(network.store, "evidence_source", evidence_ref=f"gateway/{repo}", source_id=9)


def bases(network: Network) -> list[tuple[Any, ...]]:
    relay_tie.build(network.context)
    sql = "select basis, confidence from llm_gateway where class = 'network_relay' order by subject_id"
    return network.store.query(sql).rows


def test_repository_of_the_relays_name_makes_it_sure_and_is_its_evidence() -> None:
    network = Network()
    seen(network, team="unknown")
    written(network, "acme/llm_proxy", team="growth")

    assert bases(network) == [("network_code", "high")]
    assert network.store.query("select detail from evidence_sample where evidence_ref = 'relay/1'").rows == [
        ("proxy.py",)
    ]
    assert network.store.query("select source_id from evidence_source where evidence_ref = 'relay/1'").rows == [(9,)]


def test_only_gateway_of_the_team_is_its_only_relay() -> None:
    network = Network()
    seen(network)
    written(network, "acme/api", team="search")

    assert bases(network) == [("network_code", "high")]


@pytest.mark.parametrize(
    ("repo", "more"),
    [
        ("acme/api", {"team": "growth"}),
        ("acme/api", {"team": "search", "vendors": "cohere"}),
        ("acme/llm-proxy", {"vendors": "cohere", "team": "growth"}),
        ("acme/llm-proxy", {"class": "self_hosted_inference"}),
        ("acme/llm-proxy", {"class": "approved_gateway"}),
    ],
)
def test_code_of_another_team_vendor_or_class_does_not_agree(repo: str, more: dict[str, str]) -> None:
    network = Network()
    seen(network)
    written(network, repo, **more)

    assert bases(network) == [("network", "medium")]


def test_two_gateways_of_a_team_leave_it_open_which_one_it_is() -> None:
    network = Network()
    seen(network)
    written(network, "acme/api", team="search")
    written(network, "acme/web", team="search")

    assert bases(network) == [("network", "medium")]


@pytest.mark.parametrize(("others", "basis"), [(0, "network_bill"), (1, "network")])
def test_bill_of_the_team_agrees_where_the_relay_alone_calls_that_vendor(others: int, basis: str) -> None:
    network = Network()
    seen(network)
    for number in range(others + 1):
        insert(network.store, "llm_egress", day=START.date(), subject_id=RELAY if not number else f"w{number}",
               vendor_id="openai", surface="api", team="search", first_seen_at=START, last_seen_at=START,
               vendor_first_seen_at=START, history_start_at=START)  # fmt: skip
    insert(network.store, "llm_spend", month=START.date(), vendor_id="openai", vendor_account_id="proj_k3",
           team="search", first_seen_at=START, last_seen_at=START)  # fmt: skip

    assert [row[0] for row in bases(network)] == [basis]
