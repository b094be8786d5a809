"""`llm_gateway` from code: the class decision, one deployable unit at a time."""

import pytest

from shadowscan.enrich import gateways
from shadowscan.policy import Policy
from tests.enrich.hits import hit
from tests.enrich.records import Network

WEIGHT = {"gateway_config": 60, "exposes": 30, "credential_swap": 25, "upstream": 20, "fan_out": 15, "endpoint": 20}
APPROVED = Policy.model_validate({"gateways": [{"name": "gw", "hosts": ["gw.acme.example"], "repos": ["acme/api"]}]})


def classes(network: Network) -> list[tuple[str, str, int]]:
    gateways.build(network.context)
    found = network.store.query("select unit, class, score from llm_gateway order by unit").rows
    return [(row[0], row[1], row[2]) for row in found]


def unit_of(network: Network, *kinds: str, unit: str = ".") -> None:
    for kind in kinds:
        vendor = "openai" if kind == "endpoint" else "unknown"
        hit(network.store, kind, vendor, unit=unit, weight=WEIGHT[kind], detail=f"concern={kind}")


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("exposes", "upstream", "credential_swap"), [(".", "homemade_gateway", 75)]),
        (("exposes", "endpoint", "credential_swap", "fan_out"), [(".", "homemade_gateway", 90)]),
        (("gateway_config",), [(".", "homemade_gateway", 60)]),
        (("exposes", "endpoint"), [(".", "gateway_shaped", 50)]),
        (("exposes",), [(".", "self_hosted_inference", 30)]),
        (("endpoint", "credential_swap"), []),
        (("endpoint",), []),
    ],
)
def test_unit_when_features_are_known_then_class(kinds: tuple[str, ...], expected: list[tuple[str, str, int]]) -> None:
    network = Network()
    unit_of(network, *kinds)

    assert classes(network) == expected


def test_features_when_in_two_units_then_no_homemade_gateway() -> None:
    network = Network()
    unit_of(network, "exposes", unit="a")
    unit_of(network, "endpoint", "credential_swap", unit="b")

    assert classes(network) == [("a", "self_hosted_inference", 30)]


def test_gateway_when_its_repository_is_approved_then_inventory() -> None:
    network = Network(policy=APPROVED)
    unit_of(network, "exposes", "endpoint", "credential_swap")

    assert [row[1] for row in classes(network)] == ["approved_gateway"]


def test_gateway_when_gone_from_head_then_no_row_and_relays_are_left_alone() -> None:
    network = Network()
    hit(network.store, "gateway_config", "litellm", in_head=False, weight=60)
    network.store.query("insert into llm_gateway (class, basis) values ('network_relay', 'network')")

    gateways.build(network.context)

    assert [row[0] for row in network.store.query("select class from llm_gateway").rows] == ["network_relay"]
