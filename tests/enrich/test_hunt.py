"""Leads on endpoints that no vendor claims: two independent signals or nothing."""

from datetime import timedelta

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


def test_new_listener_on_a_model_port_is_a_lead() -> None:
    network = Network()
    network.flow(START - timedelta(days=20), "10.0.0.1", "192.0.2.1")
    network.flow(START, "10.0.0.1", "10.0.3.3", 11434)

    assert leads(network) == [("10.0.3.3:11434", "first_seen,model_port", 2)]


def test_known_vendor_is_no_lead() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", NEW)
    network.answer(START, "10.0.0.1", "llm.newcorp.example", NEW)
    network.flow(START + MINUTE, "10.0.0.1", NEW, 8000)

    assert leads(network) == []
