"""Rolling up: both directions, attempts, transit machines, gateways, subjects over time."""

from datetime import timedelta

from shadowscan.policy import Policy
from shadowscan.policy_entries import Address, Gateway
from tests.enrich.records import HOUR, MINUTE, START, Network, insert

REMOTE = "160.79.104.10"
GATEWAY = Gateway(
    name="llm-gateway",
    base_url="https://llm.acme.internal/v1",
    addresses=(Address(cidr="10.9.0.10/32", vpc="vpc-0a"),),
    vendors=("anthropic",),
)


def test_both_directions_of_one_conversation_are_one_row() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", REMOTE, bytes=100)
    network.flow(START, "10.0.0.1", REMOTE, bytes=900, direction="ingress")

    network.roll_up()

    assert network.egress("bytes_out", "bytes_in", "flow_count") == [(100, 900, 2)]


def test_rejected_flows_are_attempts_apart() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", REMOTE, bytes=100)
    network.flow(START, "10.0.0.1", REMOTE, bytes=40, action="reject")

    network.roll_up()

    assert network.egress("action", "bytes_out", "flow_count") == [("accept", 100, 1), ("reject", 0, 1)]


def test_nat_gateway_is_a_hop_where_the_workload_is_seen() -> None:
    network = Network()
    insert(network.store, "asset", source_id=3, asset_id="nat-1", kind="nat_gateway", address="10.0.0.99",
           vpc_id="vpc-0a")  # fmt: skip
    network.flow(START, "10.0.0.1", REMOTE)
    network.flow(START, "10.0.0.1", REMOTE, interface_id="eni-nat", interface_remote_ip="10.0.0.99")
    network.flow(START, "10.0.0.99", REMOTE)

    network.roll_up()

    assert network.egress("subject_id", "flow_count") == [("1/vpc-0a/10.0.0.1", 1)]


def test_nat_gateway_seen_alone_is_a_machine() -> None:
    network = Network()
    insert(network.store, "asset", source_id=3, asset_id="nat-1", kind="nat_gateway", address="10.0.0.99",
           vpc_id="vpc-0a")  # fmt: skip
    network.flow(START, "10.0.0.99", REMOTE)

    network.roll_up()

    assert network.egress("subject_id", "subject_kind") == [("1/vpc-0a/10.0.0.99", "machine")]


def test_pod_behind_a_node_is_the_subject() -> None:
    network = Network()
    network.flow(START, "10.8.0.5", REMOTE, interface_client_ip="10.0.0.1", interface_id="eni-node")

    network.roll_up()

    assert network.egress("subject_id") == [("1/vpc-0a/10.8.0.5",)]


def test_firewall_and_flow_log_of_one_connection_count_once() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", REMOTE, bytes=100, sensor="firewall")
    network.flow(START, "10.0.0.1", REMOTE, bytes=104)

    network.roll_up()

    assert network.egress("bytes_out", "flow_count") == [(100, 1)]


def test_gateway_upstream_is_never_direct() -> None:
    network = Network(policy=Policy(gateways=(GATEWAY,)))
    network.flow(START, "10.9.0.10", REMOTE)
    network.flow(START, "10.0.0.1", REMOTE)
    network.flow(START, "10.9.0.10", REMOTE, vpc_id="vpc-0b")

    network.roll_up()

    assert network.egress("subject_id", "via", "gateway", "gateway_expected") == [
        ("1/vpc-0a/10.0.0.1", "direct", "none", True),
        ("1/vpc-0a/10.9.0.10", "gateway", "llm-gateway", True),
        ("1/vpc-0b/10.9.0.10", "direct", "none", True),
    ]


def test_gateway_known_by_its_host_alone_is_a_gateway_upstream_too() -> None:
    network = Network(policy=Policy(gateways=(GATEWAY.model_copy(update={"addresses": ()}),)))
    network.answer(START, "10.0.0.1", "llm.acme.internal", "10.9.0.77")
    network.flow(START + MINUTE, "10.9.0.77", REMOTE)

    network.roll_up()

    assert network.egress("via", "gateway", "vendor_id") == [("gateway", "llm-gateway", "anthropic")]


def test_traffic_to_the_gateway_is_adoption_not_a_vendor() -> None:
    network = Network(policy=Policy(gateways=(GATEWAY,)))
    network.answer(START, "10.0.0.1", "llm.acme.internal", "10.9.0.10")
    network.flow(START + MINUTE, "10.0.0.1", "10.9.0.10")
    network.flow(START, "10.0.0.2", "10.9.0.10")
    network.flow(START, "10.0.0.2", "10.9.0.11")

    network.roll_up()

    assert network.egress("subject_id", "vendor_id", "service", "via") == [
        ("1/vpc-0a/10.0.0.1", "gateway", "llm-gateway", "gateway"),
        ("1/vpc-0a/10.0.0.2", "gateway", "llm-gateway", "gateway"),
    ]


def test_address_that_moved_belongs_to_the_subject_of_that_time() -> None:
    network = Network()
    for subject, since in (("arn:a", START - HOUR), ("arn:b", START + HOUR)):
        insert(network.store, "asset", source_id=3, asset_id=f"eni-{subject[-1]}", kind="eni", account_id="1",
               vpc_id="vpc-0a", address="10.0.0.1", parent_id=subject, observed_at=since)  # fmt: skip
    for hours in (-2, 0, 2):
        network.flow(START + hours * HOUR, "10.0.0.1", REMOTE)

    network.roll_up()

    assert network.egress("subject_id", "flow_count") == [("arn:a", 2), ("arn:b", 1)]


def test_flow_log_without_vpc_takes_it_from_the_resolver_log() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1", vpc_id="unknown")
    network.flow(START + MINUTE, "10.0.0.2", "203.0.113.1", vpc_id="unknown")

    network.roll_up()

    assert network.egress("subject_id", "named_by") == [
        ("1/unknown/10.0.0.2", "dns_same_network"),
        ("1/vpc-0a/10.0.0.1", "dns_same_client"),
    ]


def test_evidence_of_a_row_names_flows_answers_and_all_their_sources() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", "203.0.113.1", source_id=22)
    for minute in range(1, 6):
        network.flow(START + minute * MINUTE, "10.0.0.1", "203.0.113.1", source_id=minute, bytes=minute * 100)

    network.roll_up()

    ref = network.egress("evidence_ref")[0][0]
    samples = network.store.query(
        "select kind, source_id from evidence_sample where evidence_ref = ? order by ordinal", [ref]
    ).rows
    sources = network.store.query("select source_id from evidence_source where evidence_ref = ? order by 1", [ref]).rows
    assert samples == [("flow", 5), ("flow", 4), ("flow", 3), ("dns_answer", 22)]
    assert [row[0] for row in sources] == [1, 2, 3, 4, 5, 22]


def test_first_seen_looks_over_the_whole_history() -> None:
    network = Network()
    network.flow(START - timedelta(days=9), "10.0.0.3", "192.0.2.1")
    network.flow(START - timedelta(days=3), "10.0.0.2", REMOTE)
    network.flow(START, "10.0.0.1", REMOTE)

    network.roll_up()

    spans = network.egress("vendor_first_seen_at", "history_start_at")
    assert spans == [(START - timedelta(days=3), START - timedelta(days=9))] * 2


def test_lookup_counts_questions_and_blocks() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", "203.0.113.1")
    insert(network.store, "dns_query", source_id=2, queried_at=START, account_id="1", vpc_id="vpc-0a",
           client_ip="10.0.0.1", qname="api.openai.com", action="block")  # fmt: skip

    network.roll_up()

    rows = network.store.query("select vendor_id, query_count, blocked_count, via from llm_lookup").rows
    assert rows == [("openai", 2, 1, "direct")]
