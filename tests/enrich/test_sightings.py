"""One connection seen by several sensors or interfaces counts once, from the best of them."""

import pytest

from tests.enrich.records import MINUTE, START, Network

REMOTE = "160.79.104.10"
CLIENT = "10.0.0.1"
SECOND = MINUTE / 60


def counted(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "bytes_out", "bytes_in", "flow_count")


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ("proxy", "firewall"),
        ("firewall", "zeek"),
        ("zeek", "flow_log"),
        ("proxy", "flow_log"),
        ("firewall", "suricata"),
        ("suricata", "flow_log"),
        ("flow_log", "transit_gateway"),
    ],
)
def test_connection_seen_by_two_sensors_has_the_bytes_of_the_better(best: str, other: str) -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=104, sensor=other, source_id=8)
    network.flow(START + 20 * SECOND, CLIENT, REMOTE, bytes=100, sensor=best, source_id=9)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 100, 0, 1)]
    assert network.store.query("select source_id from evidence_source order by 1").rows == [(8,), (9,)]


def test_connection_and_requests_in_it_of_one_sensor_have_the_bytes_of_the_connection() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=600, sensor="zeek", connection_id="C1")
    for second in (1, 2):
        network.connect(
            START + second * SECOND,
            CLIENT,
            "api.openai.com",
            REMOTE,
            remote_port=443,
            bytes_out=120,
            connection_id="C1",
        )

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 600, 0, 1)]


def test_connections_of_other_ports_or_hours_are_not_the_same() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=100, sensor="firewall")
    network.flow(START, CLIENT, REMOTE, bytes=10, client_port=50001)
    network.flow(START + 30 * MINUTE, CLIENT, REMOTE, bytes=1)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 111, 0, 3)]


def test_long_connection_of_a_sensor_covers_every_interval_of_the_flow_log() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=1000, sensor="zeek", ended_at=START + 90 * MINUTE)
    for minute in range(0, 90, 10):
        network.flow(START + minute * MINUTE, CLIENT, REMOTE, bytes=110, ended_at=START + (minute + 9) * MINUTE)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 1000, 0, 1)]


def test_transit_gateway_hop_repeats_the_workloads_own_interface() -> None:
    network = Network()
    for direction, size in (("egress", 100), ("ingress", 900)):
        network.flow(START, CLIENT, REMOTE, bytes=size, direction=direction, interface_id="eni-0c")
        network.flow(START, CLIENT, REMOTE, bytes=size, direction=direction, interface_id="tgw-attach-0a")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 100, 900, 2)]


def test_two_interfaces_that_take_turns_both_count() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=100, interface_id="eni-0c")
    network.flow(START + 10 * MINUTE, CLIENT, REMOTE, bytes=10, interface_id="eni-0d")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 110, 0, 2)]


def test_vpc_endpoint_records_the_other_end_of_the_workloads_flow() -> None:
    network = Network()
    network.answer(START - MINUTE, CLIENT, "bedrock-runtime.eu-west-1.amazonaws.com", "10.0.7.7")
    network.flow(START, CLIENT, "10.0.7.7", bytes=100, interface_id="eni-0c")
    network.flow(START, "10.0.7.7", CLIENT, 50000, client_port=443, bytes=100, interface_id="eni-vpce",
                 direction="ingress")  # fmt: skip

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 100, 0, 1)]
    assert network.egress("vendor_id", "host") == [("aws-bedrock", "bedrock-runtime.eu-west-1.amazonaws.com")]


def test_vpc_endpoint_seen_alone_tells_both_directions_of_the_workload() -> None:
    network = Network()
    network.answer(START - MINUTE, CLIENT, "bedrock-runtime.eu-west-1.amazonaws.com", "10.0.7.7")
    for direction, size in (("ingress", 100), ("egress", 900)):
        network.flow(START, "10.0.7.7", CLIENT, 50000, client_port=443, bytes=size, direction=direction)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 100, 900, 2)]


def test_answer_without_direction_over_ipv6_is_bytes_in() -> None:
    client, remote = "2a05:d014::5", "2607:6bc0::10"
    network = Network()
    network.flow(START, client, remote, bytes=100, direction="unknown")
    network.flow(START, remote, client, 50000, client_port=443, bytes=900, direction="unknown")

    assert counted(network) == [(f"1/vpc-0a/{client}", 100, 900, 2)]


def test_vendor_that_calls_us_is_no_egress() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, 51000, client_port=443, direction="ingress")

    assert counted(network) == []


def test_refused_records_have_no_bytes() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=40, action="reject")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 0, 0, 1)]


def test_proxy_log_without_ports_covers_the_flow_log_of_the_same_minute() -> None:
    network = Network()
    network.answer(START - MINUTE, CLIENT, "api.openai.com", "203.0.113.1")
    network.connect(START, CLIENT, "api.openai.com", sensor="proxy", client_port=0, bytes_out=100)
    network.flow(START, CLIENT, "203.0.113.1", bytes=130)
    network.flow(START + 30 * MINUTE, CLIENT, "203.0.113.1", bytes=7)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 107, 0, 2)]


def test_sensor_without_network_is_the_connection_of_the_network_that_logged_it() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=104)
    network.flow(START, CLIENT, "192.0.2.9", vpc_id="vpc-0b")
    network.flow(START, CLIENT, REMOTE, bytes=100, sensor="firewall", account_id="9", vpc_id="unknown")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 100, 0, 1)]


def test_firewall_that_counts_no_bytes_does_not_take_those_of_the_flow_log() -> None:
    network = Network()
    for direction, size in (("egress", 104), ("ingress", 900)):
        network.flow(START, CLIENT, REMOTE, bytes=size, direction=direction)
    network.flow(START, CLIENT, REMOTE, bytes=0, sensor="firewall")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", 104, 900, 2)]
