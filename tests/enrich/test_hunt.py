"""Leads on endpoints that no vendor claims: two independent signals or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from shadowscan.enrich import hunt
from tests.enrich.records import MINUTE, START, Network

NEW = "203.0.113.40"


def leads(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    hunt.build(network.context)
    return network.store.query("select remote, signals, signal_groups from llm_hunt order by remote").rows


def test_ai_name_with_a_streaming_answer_is_a_lead() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "llm.newcorp.example", NEW)
    network.flow(START + MINUTE, "10.0.0.1", NEW, bytes=900, packets=5)
    network.flow(START + MINUTE, "10.0.0.1", NEW, bytes=40_000, packets=400, direction="ingress")

    assert leads(network) == [("llm.newcorp.example", "ai_name,streaming_shape", 2)]


def test_ai_name_alone_is_none() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "shop.example.ai", NEW)
    network.flow(START + MINUTE, "10.0.0.1", NEW)

    assert leads(network) == []


def stream(network: Network, client: str, remote: str, port: int, **more: Any) -> None:
    """A question of 900 bytes and an answer that trickles for a minute."""
    network.flow(START + MINUTE, client, remote, port, bytes=900, packets=5, **more)
    network.flow(START + MINUTE, client, remote, port, bytes=40_000, packets=400, direction="ingress", **more)


def test_streaming_listener_on_a_model_port_of_another_subnet_is_a_lead() -> None:
    network = Network()
    stream(network, "10.0.0.1", "10.0.3.3", 11434)

    assert leads(network) == [("10.0.3.3:11434", "model_port,streaming_shape", 2)]


def test_model_port_alone_or_in_the_same_subnet_is_none() -> None:
    network = Network()
    network.flow(START - timedelta(days=20), "10.0.0.1", "192.0.2.1")
    network.flow(START, "10.0.0.1", "10.0.3.3", 11434)
    stream(network, "10.0.0.1", "10.0.0.3", 11434)

    assert leads(network) == []


def test_download_on_a_model_port_has_another_shape() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "10.0.3.3", 8000, bytes=900, packets=5)
    network.flow(START, "10.0.0.1", "10.0.3.3", 8000, bytes=900_000, packets=640, direction="ingress")

    assert leads(network) == []


@pytest.mark.parametrize(("days", "found"), [(20, True), (3, False)])
def test_domain_on_ai_counts_where_it_is_new(days: int, found: bool) -> None:
    network = Network()
    network.flow(START - timedelta(days=days), "10.0.0.1", "192.0.2.1")
    network.answer(START, "10.0.0.1", "shop.example.ai", NEW)
    stream(network, "10.0.0.1", NEW, 443)

    assert bool(leads(network)) is found


def test_name_read_off_a_connection_needs_no_dns() -> None:
    network = Network()
    network.connect(START, "10.0.0.1", "llm.newcorp.example", sensor="proxy", ended_at=START + MINUTE, bytes_out=900,
                    bytes_in=40_000)  # fmt: skip

    assert leads(network) == [("llm.newcorp.example", "ai_name,streaming_shape", 2)]


def test_neighbour_on_a_shared_address_is_not_the_name_that_another_client_asked_for() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "llm.newcorp.example", NEW)
    network.answer(START, "10.0.0.2", "www.example.com", NEW)
    stream(network, "10.0.0.2", NEW, 443)

    assert leads(network) == []


def test_known_vendor_is_no_lead() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", NEW)
    network.answer(START, "10.0.0.1", "llm.newcorp.example", NEW)
    network.flow(START + MINUTE, "10.0.0.1", NEW, 8000)

    assert leads(network) == []
