"""Machines that pass on what others sent are not counted a second time, and never take the place of the workload."""

import pytest

from shadowscan.policy import Policy
from shadowscan.policy_entries import Address, Gateway
from tests.enrich.records import MINUTE, START, Network, insert

REMOTE = "160.79.104.10"
CLIENT, NAT = "10.0.0.1", "10.0.9.9"


def counted(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "subject_kind", "bytes_out", "flow_count")


def through_nat(network: Network, sizes: tuple[int, ...], *, vpc: str = "vpc-0a") -> None:
    """What a NAT gateway's own interface records of one workload: towards it, and on to the internet."""
    for number, size in enumerate(sizes):
        at = START + number * 10 * MINUTE
        network.flow(at, REMOTE, CLIENT, 50000, client_port=443, interface_client_ip=NAT, interface_id="eni-nat",
                     direction="ingress", bytes=size, vpc_id=vpc)  # fmt: skip
        network.flow(at, NAT, REMOTE, client_port=60000 + number, interface_id="eni-nat", bytes=size, vpc_id=vpc)


def test_nat_gateway_known_by_its_own_records_needs_no_inventory() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=100)
    through_nat(network, (100,))

    assert counted(network) == [("1/vpc-0a/10.0.0.1", "workload", 100, 1)]


def test_workload_behind_a_nat_is_named_where_the_gateway_alone_keeps_a_log() -> None:
    network = Network()
    through_nat(network, (100, 60))

    assert counted(network) == [("1/vpc-0a/10.0.0.1", "workload", 160, 2)]


def test_nat_of_a_shared_egress_network_repeats_the_workload_of_its_own_network() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=100)
    through_nat(network, (100,), vpc="vpc-egress")

    assert counted(network) == [("1/vpc-0a/10.0.0.1", "workload", 100, 1)]


def test_nat_without_inventory_or_packet_addresses_is_known_by_what_it_repeats() -> None:
    network = Network()
    for number, size in enumerate((731, 902, 1187)):
        at = START + number * MINUTE
        network.flow(at, CLIENT, REMOTE, bytes=size)
        network.flow(at, CLIENT, NAT, bytes=size)
        network.flow(at, NAT, REMOTE, bytes=size, client_port=61000 + number)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", "workload", 2820, 3)]


def test_relay_whose_clients_also_call_the_vendor_is_not_taken_for_a_nat() -> None:
    network = Network()
    network.flow(START, CLIENT, REMOTE, bytes=100)
    network.flow(START, CLIENT, NAT, 4000, bytes=100)
    network.flow(START, NAT, REMOTE, bytes=100)

    assert [row[0] for row in counted(network)] == ["1/vpc-0a/10.0.0.1", "1/vpc-0a/10.0.9.9"]


def test_proxy_machine_repeats_what_its_log_has_counted() -> None:
    network = Network()
    network.flow(START, CLIENT, NAT, 3128, bytes=1300)
    network.connect(START, CLIENT, "api.anthropic.com", sensor="proxy", named_by="connect", bytes_out=1200)
    network.flow(START, NAT, REMOTE, bytes=1250)

    assert counted(network) == [("1/vpc-0a/10.0.0.1", "workload", 1200, 1)]


def test_proxy_machine_repeats_what_its_log_has_counted_although_the_log_knows_no_network() -> None:
    network = Network()
    network.flow(START, NAT, CLIENT, 40000, client_port=3128, direction="ingress", bytes=1300)
    network.connect(START, CLIENT, "api.anthropic.com", sensor="proxy", named_by="connect", bytes_out=1200,
                    account_id="unknown", vpc_id="unknown")  # fmt: skip
    network.flow(START, NAT, REMOTE, bytes=1250)

    assert counted(network) == [("unknown/unknown/10.0.0.1", "workload", 1200, 1)]


def test_proxy_whose_log_counts_one_way_alone_is_compared_that_way() -> None:
    network = Network()
    network.flow(START, CLIENT, NAT, 3128, bytes=90_000)
    network.connect(START, CLIENT, "api.anthropic.com", sensor="proxy", named_by="connect", bytes_in=1200)
    network.flow(START, NAT, REMOTE, bytes=90_000)
    network.flow(START, NAT, REMOTE, bytes=1250, direction="ingress")

    network.roll_up()

    assert network.egress("subject_id", "bytes_out", "bytes_in") == [("1/vpc-0a/10.0.0.1", 0, 1200)]


def test_approved_gateway_keeps_its_upstream_although_its_clients_call_the_vendor_too() -> None:
    gateway = Gateway(name="gw", addresses=(Address(cidr=f"{NAT}/32"),), vendors=("anthropic",))
    network = Network(policy=Policy(gateways=(gateway,)))
    network.flow(START, CLIENT, REMOTE, bytes=100)
    network.flow(START, CLIENT, NAT, bytes=100)
    network.flow(START, NAT, REMOTE, bytes=100, client_port=50001)

    network.roll_up()

    assert ("1/vpc-0a/10.0.9.9", "gateway", 100) in network.egress("subject_id", "via", "bytes_out")


@pytest.mark.parametrize("kind", ["nat_gateway", "load_balancer"])
def test_machine_of_the_inventory_seen_alone_is_a_shared_egress(kind: str) -> None:
    network = Network()
    insert(network.store, "asset", source_id=3, asset_id="m", kind=kind, address=NAT, vpc_id="vpc-0a")
    network.flow(START, NAT, REMOTE, bytes=100)

    assert counted(network) == [("1/vpc-0a/10.0.9.9", "machine", 100, 1)]
