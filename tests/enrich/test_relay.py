"""Relays seen in the network alone, and the many hosts that look like one and are none."""

from typing import Any

import pytest

from shadowscan.enrich import relay
from shadowscan.policy import Policy
from shadowscan.policy_entries import Address, Gateway
from tests.enrich.records import HOUR, MINUTE, START, Network, insert

REMOTE = "160.79.104.10"
RELAY = "10.0.5.5"
HOST = f"1/vpc-0a/{RELAY}"


def relays(network: Network, *columns: str) -> list[tuple[Any, ...]]:
    network.roll_up()
    relay.build(network.context)
    chosen = columns or ("subject_id", "port", "client_count", "is_approved", "above_threshold", "vendors")
    return network.store.query(f"select {', '.join(chosen)} from llm_gateway order by subject_id").rows


def call(network: Network, clients: int, port: int = 4000, host: str = RELAY) -> None:
    network.flow(START, host, REMOTE, bytes=50_000)
    for number in range(1, clients + 1):
        network.flow(START, f"10.0.1.{number}", host, port)


def work(network: Network, hours: int, *, in_step: bool) -> None:
    """Hours in which clients ask more and more; vendors are asked for as much, or the other way round."""
    for hour in range(hours):
        at = START + hour * HOUR
        size = 1000 * 2**hour
        for number in range(1, 4):
            network.flow(at, f"10.0.1.{number}", RELAY, 4000, bytes=size)
        network.flow(at, RELAY, REMOTE, bytes=3 * size if in_step else 3000 * 2 ** (hours - hour))


def test_host_with_fan_in_and_vendor_fan_out_is_a_relay() -> None:
    network = Network()
    call(network, clients=3)

    assert relays(network) == [(HOST, 4000, 3, False, True, "anthropic")]
    kinds = network.store.query("select distinct kind from evidence_sample where evidence_ref like 'relay/%'").rows
    assert kinds == [("flow",)]


def test_relay_seen_from_its_own_interface_is_the_same() -> None:
    network = Network()
    network.flow(START, RELAY, REMOTE, bytes=50_000)
    for number in range(1, 4):
        network.flow(START, RELAY, f"10.0.1.{number}", 41000, client_port=8000)

    assert [row[1:3] for row in relays(network)] == [(8000, 3)]


def test_two_views_of_one_conversation_are_one() -> None:
    network = Network()
    call(network, clients=3)
    for number in range(1, 4):
        network.flow(START, RELAY, f"10.0.1.{number}", 50000, client_port=4000, direction="ingress", interface_id="e")

    relays(network)

    assert network.store.query("select sum(asked_bytes), sum(told_bytes) from relay_hour where port = 4000").rows == [
        (3000, 0)
    ]


def test_two_clients_stay_below_the_threshold() -> None:
    network = Network()
    call(network, clients=2)

    assert [row[4] for row in relays(network)] == [False]


@pytest.mark.parametrize("port", [22, 25, 53, 3389, 9100, 10250])
def test_jump_host_mail_host_resolver_or_monitored_host_is_no_relay(port: int) -> None:
    network = Network()
    call(network, clients=5, port=port)

    assert relays(network) == []


@pytest.mark.parametrize("kind", ["nat_gateway", "load_balancer"])
def test_transit_machine_is_no_relay(kind: str) -> None:
    network = Network()
    insert(network.store, "asset", source_id=3, asset_id="x", kind=kind, address=RELAY, vpc_id="vpc-0a")
    call(network, clients=5)

    assert relays(network) == []


def test_nat_instance_without_inventory_is_no_relay() -> None:
    network = Network()
    for number, size in enumerate((731, 902, 1187, 1500), 1):
        client, at = f"10.0.1.{number}", START + number * MINUTE
        network.flow(at, client, REMOTE, bytes=size)
        network.flow(at, client, RELAY, 443, bytes=size)
        network.flow(at, RELAY, REMOTE, bytes=size, client_port=61000 + number)

    assert relays(network) == []


def test_egress_proxy_with_mixed_destinations_is_no_relay() -> None:
    network = Network()
    call(network, clients=5, port=3128)
    network.flow(START + MINUTE, RELAY, "198.51.100.7", bytes=900_000)

    assert relays(network) == []


def test_egress_proxy_with_many_destinations_is_no_relay_although_most_bytes_go_to_a_vendor() -> None:
    network = Network()
    call(network, clients=5, port=3128)
    for number in range(120):
        network.flow(START, RELAY, f"198.51.100.{number}", bytes=100)

    assert relays(network) == []


def test_mail_relay_that_asks_a_vendor_about_spam_is_no_relay() -> None:
    network = Network()
    call(network, clients=5, port=2525)
    for number in range(30):
        network.flow(START, RELAY, f"198.51.100.{number}", 25, bytes=40_000)

    assert relays(network) == []


def test_build_machines_that_call_a_vendor_without_being_called_are_no_relays() -> None:
    network = Network()
    for number in range(1, 6):
        network.flow(START, f"10.0.6.{number}", REMOTE, bytes=50_000)
        network.flow(START, f"10.0.6.{number}", "10.0.7.7", 443)

    assert relays(network) == []


def test_subnet_of_short_lived_addresses_is_no_relay() -> None:
    network = Network()
    place = {"subnet_id": "subnet-0b", "region": "us-east-1"}
    for number in range(1, 5):
        network.flow(START, f"10.0.1.{number}", RELAY, 4000)
    for interface in ("eni-a", "eni-b"):
        network.flow(START, RELAY, REMOTE, interface_id=interface, **place)

    assert relays(network) == []


def test_clients_of_the_same_address_in_another_vpc_do_not_count() -> None:
    network = Network()
    call(network, clients=1)
    for number in range(2, 9):
        network.flow(START, f"10.0.1.{number}", RELAY, 4000, vpc_id="vpc-0b")

    assert relays(network) == []


def test_relay_behind_a_load_balancer_has_the_balancers_clients() -> None:
    network = Network()
    balancer = "10.0.4.4"
    insert(network.store, "asset", source_id=3, asset_id="lb", kind="load_balancer", address=balancer, account_id="1",
           vpc_id="vpc-0a")  # fmt: skip
    call(network, clients=4, port=443, host=balancer)
    network.store.query("delete from flow where client_ip = $ip", {"ip": balancer})
    network.flow(START, balancer, RELAY, 4000)
    network.flow(START, RELAY, REMOTE, bytes=50_000)

    assert relays(network) == [(HOST, 4000, 4, False, True, "anthropic")]


def test_application_behind_a_load_balancer_has_no_clients_but_the_balancer() -> None:
    network = Network()
    for last in (1, 2, 3):
        insert(network.store, "asset", source_id=3, asset_id=f"lb{last}", kind="load_balancer", account_id="1",
               address=f"10.0.4.{last}", vpc_id="vpc-0a")  # fmt: skip
        network.flow(START, f"10.0.4.{last}", RELAY, 8080)
    network.flow(START, RELAY, REMOTE, bytes=50_000)

    assert relays(network) == []


@pytest.mark.parametrize(("in_step", "low", "high"), [(True, 90, 100), (False, -100, -90)])
def test_bytes_of_both_sides_are_compared_hour_by_hour(in_step: bool, low: int, high: int) -> None:
    network = Network()
    work(network, 8, in_step=in_step)

    [(percent, hours)] = relays(network, "coupling_percent", "coupling_hours")

    assert low <= percent <= high
    assert hours == 8


def test_the_same_bytes_every_hour_tell_nothing() -> None:
    network = Network()
    for hour in range(8):
        network.flow(START + hour * HOUR, RELAY, REMOTE, bytes=3000)
        for number in range(1, 4):
            network.flow(START + hour * HOUR, f"10.0.1.{number}", RELAY, 4000)

    assert relays(network, "coupling_percent", "coupling_hours") == [(0, 0)]


def test_share_of_what_goes_outside_is_told() -> None:
    network = Network()
    call(network, clients=3)
    network.flow(START, RELAY, "198.51.100.7", bytes=12_500)

    assert relays(network, "vendor_share_percent") == [(80,)]


def test_approved_gateway_is_marked() -> None:
    gateway = Gateway(name="llm-gateway", addresses=(Address(cidr=f"{RELAY}/32"),), vendors=("anthropic",))
    network = Network(policy=Policy(gateways=(gateway,)))
    call(network, clients=4)

    assert [row[3] for row in relays(network)] == [True]
