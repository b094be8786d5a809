"""Subjects: addresses folded into what outlives them, at a time."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shadowscan.enrich import owners
from shadowscan.enrich.owner.apply import apply_owner
from shadowscan.enrich.owner.explain import explain_owner, owner_gaps
from shadowscan.owners import Owners
from tests.enrich.records import START, Network, insert

LAMBDA = "arn:aws:lambda:us-east-1:470100000011:function:ranker"
INSTANCE = "arn:aws:ec2:us-east-1:470100000011:instance/i-0d"


def query_from(network: Network, client: str, vpc: str = "vpc-0a", instance: str = "unknown", hours: int = 0) -> None:
    insert(
        network.store,
        "dns_query",
        source_id=1,
        queried_at=START + timedelta(hours=hours),
        account_id="470100000011",
        vpc_id=vpc,
        client_ip=client,
        instance_id=instance,
        region="us-east-1",
        qname="api.openai.com",
    )


def asset(network: Network, asset_id: str, kind: str, **more: Any) -> None:
    place = {"account_id": "470100000011", "vpc_id": "vpc-0a", "region": "us-east-1"}
    insert(network.store, "asset", source_id=2, asset_id=asset_id, kind=kind, **{**place, **more})


def names(network: Network) -> dict[str, str]:
    network.link()
    return {
        value: subject
        for subject, value in network.store.query(
            "select subject_id, value from subject_link where kind = 'address' order by valid_from nulls first"
        ).rows
    }


def test_client_that_nothing_names_is_its_address_in_its_network() -> None:
    network = Network()
    query_from(network, "10.1.2.3")

    network.roll_up()

    rows = network.store.query("select subject_id, kind, account_id, vpc_id from subject").rows
    assert rows == [("470100000011/vpc-0a/10.1.2.3", "workload", "470100000011", "vpc-0a")]


def test_interface_folds_its_address_into_the_function() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.3", parent_id=LAMBDA)

    assert names(network) == {"470100000011/vpc-0a/10.1.2.3": LAMBDA}


def test_instance_named_by_the_log_needs_no_inventory() -> None:
    network = Network()
    query_from(network, "10.1.2.3", instance="i-0d")

    assert names(network) == {"470100000011/vpc-0a/10.1.2.3": INSTANCE}


def test_instance_folds_into_its_autoscaling_group() -> None:
    network = Network()
    asset(network, INSTANCE, "instance", tags=json.dumps({"aws:autoscaling:groupName": "web"}))
    query_from(network, "10.1.2.3", instance="i-0d")

    assert names(network) == {"470100000011/vpc-0a/10.1.2.3": "470100000011/us-east-1/asg:web"}


def test_reused_address_changes_hands_at_the_next_sight() -> None:
    network = Network()
    query_from(network, "10.1.2.3", instance="i-0d")
    query_from(network, "10.1.2.3", instance="i-0e", hours=5)

    network.link()

    links = network.store.query(
        "select right(subject_id, 4), valid_from, valid_until from subject_link where kind = 'address' order by 1"
    ).rows
    change = START + timedelta(hours=5)
    assert links == [("i-0d", None, change), ("i-0e", change, None)]


def test_log_without_network_is_named_where_one_network_alone_has_the_address() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.3", parent_id=LAMBDA)
    query_from(network, "10.1.2.3", vpc="unknown")

    assert names(network)["470100000011/unknown/10.1.2.3"] == LAMBDA


def test_log_without_network_stays_unnamed_where_two_networks_have_the_address() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.3", parent_id=LAMBDA)
    asset(network, "eni-0f", "eni", address="10.1.2.3", vpc_id="vpc-0b", parent_id=INSTANCE)
    query_from(network, "10.1.2.3", vpc="unknown")

    assert "470100000011/unknown/10.1.2.3" not in names(network)


def owned(network: Network, document: dict[str, Any], subject_id: str) -> tuple[Any, ...]:
    context = replace(network.context, owners=Owners.model_validate(document))
    network.roll_up()
    owners.build(context)
    sql = "select team, owner_status, owner_confidence, decided_by from subject where subject_id = $id"
    return network.store.query(sql, {"id": subject_id}).rows[0]


def test_nat_gateway_is_a_machine_and_shared() -> None:
    network = Network()
    asset(network, "eni-0c", "nat_gateway", address="10.1.2.3", tags='{"team":"platform"}')
    query_from(network, "10.1.2.3")

    assert owned(network, {}, "470100000011/vpc-0a/10.1.2.3")[:2] == ("unknown", "shared")


def test_longest_range_of_the_same_network_wins() -> None:
    network = Network()
    query_from(network, "10.1.2.3")
    cidrs = [
        {"cidr": "10.0.0.0/8", "team": "core"},
        {"cidr": "10.1.0.0/16", "vpc": "vpc-0a", "team": "search"},
        {"cidr": "10.1.2.0/24", "vpc": "vpc-0b", "team": "growth"},
    ]

    assert owned(network, {"cidrs": cidrs}, "470100000011/vpc-0a/10.1.2.3") == ("search", "owned", 0.55, "cidr")


def test_expired_entry_decides_nothing() -> None:
    network = Network()
    query_from(network, "10.1.2.3")
    cidrs = [{"cidr": "10.0.0.0/8", "team": "core", "expires": "2020-01-01"}]

    assert owned(network, {"cidrs": cidrs}, "470100000011/vpc-0a/10.1.2.3")[1] == "unowned"


def test_tag_on_the_resource_beats_tag_on_its_interface() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.3", parent_id=LAMBDA, tags='{"Squad":"growth"}')
    asset(network, LAMBDA, "function", tags='{"Owner_Team":"search"}')
    query_from(network, "10.1.2.3")
    teams = {"tag_keys": ["owner-team", "squad"]}

    assert owned(network, teams, LAMBDA) == ("search", "conflict", 0.7, "tag")


def test_codeowners_speak_for_the_paths_that_gave_a_signal() -> None:
    network = Network()
    insert(
        network.store, "repo_hit", source_id=1, repo="acme/api", kind="sdk", path="src/rank/a.py", line=1, in_head=True
    )
    for ordinal, pattern, value in (
        (1, "*", "@acme/core"),
        (2, "src/rank/", "@acme/search"),
        (3, "docs/", "@acme/docs"),
    ):
        insert(
            network.store, "owner_claim", source_id=1, evidence="codeowners", key_kind="repo_path", key=pattern,
            scope="acme/api", ordinal=ordinal, value=value, confidence=0.8,
        )  # fmt: skip

    assert owned(network, {}, "acme/api") == ("search", "owned", 0.8, "codeowners")


def test_vendor_account_of_spend_is_decided_when_a_view_names_it() -> None:
    network = Network()
    document = {"vendor_accounts": [{"vendor": "openai", "id": "proj_k3", "team": "search"}]}
    context = replace(network.context, owners=Owners.model_validate(document))
    network.roll_up()
    for account in ("proj_k3", "proj_x9"):
        insert(
            network.store, "llm_spend", month=START.date(), vendor_id="openai", vendor_account_id=account,
            first_seen_at=START, last_seen_at=START,
        )  # fmt: skip

    apply_owner(context, "llm_spend", "'account:' || vendor_id || '/' || vendor_account_id")

    sql = "select vendor_account_id, team, owner_confidence_band from llm_spend order by 1"
    assert network.store.query(sql).rows == [("proj_k3", "search", "high"), ("proj_x9", "unknown", "none")]
    assert [gap["subject_id"] for gap in owner_gaps(network.store)] == ["account:openai/proj_x9"]
    assert explain_owner(network.store, "proj_k3")[0]["decided_by"] == "owners_yaml"


def test_instance_goes_by_the_name_of_its_interface_where_only_that_is_listed() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.3", parent_id=INSTANCE, name="llm-proxy")
    asset(network, "eni-0e", "eni", address="10.1.2.4", parent_id=INSTANCE, name="Primary network interface")
    query_from(network, "10.1.2.3", instance="i-0d")

    network.roll_up()

    assert network.store.query("select subject_id, label from subject").rows == [(INSTANCE, "llm-proxy")]


def test_address_folds_into_the_service_that_the_log_names() -> None:
    network = Network()
    place = {"account_id": "470100000011", "region": "us-east-1", "instance_id": "i-0d"}
    network.flow(START, "10.1.2.3", "203.0.113.1", workload="ecs/prod/ranker", **place)
    network.flow(START, "10.1.2.4", "203.0.113.1", workload="ecs/prod/" + "0a" * 16, **place)
    query_from(network, "10.1.2.3", instance="i-0d", hours=1)

    assert names(network) == {
        "470100000011/vpc-0a/10.1.2.3": "arn:aws:ecs:us-east-1:470100000011:service/prod/ranker",
        "470100000011/vpc-0a/10.1.2.4": INSTANCE,
    }
