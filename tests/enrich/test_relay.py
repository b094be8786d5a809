"""Relays seen in the network alone."""

import pytest

from shadowscan.enrich import relay
from shadowscan.policy import Policy
from shadowscan.policy_entries import Address, Gateway
from tests.enrich.records import MINUTE, START, Network, insert

REMOTE = "160.79.104.10"
RELAY = "10.0.5.5"


def relays(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    relay.build(network.context)
    return network.store.query(
        "select subject_id, port, client_count, is_approved, above_threshold, vendors from llm_gateway"
    ).rows


def call(network: Network, clients: int, port: int = 4000) -> None:
    network.flow(START, RELAY, REMOTE, bytes=50_000)
    for number in range(1, clients + 1):
        network.flow(START, f"10.0.1.{number}", RELAY, port)


def test_host_with_fan_in_and_vendor_fan_out_is_a_relay() -> None:
    network = Network()
    call(network, clients=3)

    assert relays(network) == [(f"1/vpc-0a/{RELAY}", 4000, 3, False, True, "anthropic")]
    kinds = network.store.query("select distinct kind from evidence_sample where evidence_ref like 'relay/%'").rows
    assert kinds == [("flow",)]


def test_relay_seen_from_its_own_interface_is_the_same() -> None:
    network = Network()
    network.flow(START, RELAY, REMOTE, bytes=50_000)
    for number in range(1, 4):
        network.flow(START, RELAY, f"10.0.1.{number}", 41000, client_port=8000)

    assert [row[1:3] for row in relays(network)] == [(8000, 3)]


def test_two_clients_stay_below_the_threshold() -> None:
    network = Network()
    call(network, clients=2)

    assert [row[4] for row in relays(network)] == [False]


def test_resolver_port_is_no_relay() -> None:
    network = Network()
    call(network, clients=5, port=53)

    assert relays(network) == []


@pytest.mark.parametrize("kind", ["nat_gateway", "load_balancer"])
def test_transit_machine_is_no_relay(kind: str) -> None:
    network = Network()
    insert(network.store, "asset", source_id=3, asset_id="x", kind=kind, address=RELAY, vpc_id="vpc-0a")
    call(network, clients=5)

    assert relays(network) == []


def test_forward_proxy_with_mixed_destinations_is_no_relay() -> None:
    network = Network()
    call(network, clients=5)
    network.flow(START + MINUTE, RELAY, "198.51.100.7", bytes=900_000)

    assert relays(network) == []


def test_clients_of_the_same_address_in_another_vpc_do_not_count() -> None:
    network = Network()
    call(network, clients=1)
    for number in range(2, 9):
        network.flow(START, f"10.0.1.{number}", RELAY, 4000, vpc_id="vpc-0b")

    assert relays(network) == []


def test_approved_gateway_is_marked() -> None:
    gateway = Gateway(name="llm-gateway", addresses=(Address(cidr=f"{RELAY}/32"),), vendors=("anthropic",))
    network = Network(policy=Policy(gateways=(gateway,)))
    call(network, clients=4)

    assert [row[3] for row in relays(network)] == [True]
