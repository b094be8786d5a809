"""The name read off the connection itself is the strongest evidence, for what it names and for what it does not."""

import pytest

from tests.enrich.records import HOUR, MINUTE, START, Network

OPENAI, CATS = "api.openai.com", "cats.example"
CDN = "203.0.113.1"
CLIENT = "10.0.0.1"
UNKNOWN = {"account_id": "unknown", "vpc_id": "unknown"}


def used(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "vendor_id", "named_by", "confidence", "bytes_out", "flow_count")


def test_flow_of_a_connection_that_named_a_vendor_is_named_by_it() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN)
    network.flow(START, CLIENT, CDN, bytes=700)
    network.flow(START + 2 * HOUR, CLIENT, CDN, bytes=50)

    assert used(network) == [("1/vpc-0a/10.0.0.1", "openai", "sni", "high", 750, 2)]


def test_flow_of_another_port_is_another_connection() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN)
    network.flow(START, CLIENT, CDN, bytes=700, client_port=50001)

    assert [row[4:] for row in used(network)] == [(0, 1)]


def test_flow_whose_port_was_used_again_follows_the_last_name() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN)
    network.connect(START + HOUR, CLIENT, CATS, CDN)
    network.flow(START, CLIENT, CDN, bytes=700)
    network.flow(START + 2 * HOUR, CLIENT, CDN, bytes=50)

    assert [row[4:] for row in used(network)] == [(700, 1)]


def test_flow_that_names_an_innocent_host_is_not_what_dns_would_say() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN)
    network.connect(START + MINUTE, CLIENT, CATS, CDN)
    network.flow(START + MINUTE, CLIENT, CDN)

    assert used(network) == []


def test_flow_of_one_connection_id_is_named_whatever_its_addresses() -> None:
    network = Network()
    network.connect(START, "10.0.0.77", OPENAI, "203.0.113.9", connection_id="C1", client_port=1, **UNKNOWN)
    network.flow(START + MINUTE, CLIENT, CDN, bytes=700, sensor="zeek", connection_id="C1")
    network.flow(START + MINUTE, "10.0.0.5", CDN, bytes=9, sensor="firewall", connection_id="C1")

    assert ("1/vpc-0a/10.0.0.1", "openai", "sni", "high", 700, 1) in used(network)
    assert len(network.egress("subject_id")) == 2


def test_sensor_that_knows_no_network_names_the_flow_of_the_network_that_has_the_client() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN, **UNKNOWN)
    network.flow(START, CLIENT, CDN, bytes=700)

    assert used(network) == [("1/vpc-0a/10.0.0.1", "openai", "sni", "high", 700, 1)]


def test_sensor_of_one_network_does_not_name_the_same_addresses_in_another() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN, vpc_id="vpc-0b")
    network.flow(START, CLIENT, CDN, bytes=700)

    assert [row[0] for row in used(network)] == ["1/vpc-0b/10.0.0.1"]


def test_proxy_log_without_any_flow_is_egress_with_its_own_bytes() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, sensor="proxy", named_by="connect", bytes_out=1200, bytes_in=88_000)

    assert used(network) == [("1/vpc-0a/10.0.0.1", "openai", "sni", "high", 1200, 2)]
    assert network.egress("bytes_in", "host", "named_by") == [(88_000, OPENAI, "sni")]
    kinds = network.store.query("select distinct kind from evidence_sample order by kind").rows
    assert kinds == [("connection",), ("server_name",)]


def test_proxy_that_blocked_the_request_is_an_attempt() -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, sensor="proxy", action="reject", bytes_out=1200)

    network.roll_up()

    assert network.egress("action", "bytes_out", "flow_count") == [("reject", 0, 1)]


@pytest.mark.parametrize(("named_by", "confidence"), [("sni", "high"), ("connect", "high"), ("certificate", "medium")])
def test_certificate_is_less_sure_than_what_the_client_asked_for(named_by: str, confidence: str) -> None:
    network = Network()
    network.connect(START, CLIENT, OPENAI, CDN, named_by=named_by)

    assert [row[3] for row in used(network)] == [confidence]


def test_innocent_connections_are_no_egress() -> None:
    network = Network()
    network.connect(START, CLIENT, CATS, CDN)

    assert used(network) == []
