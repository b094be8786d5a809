"""Who holds an address in which network: pods, the nodes they run on, and interfaces that give way to them."""

from typing import Any

from tests.enrich.records import START, Network, insert
from tests.enrich.test_subjects import INSTANCE, asset, names, query_from

WORKLOAD = "k8s://apps/search/deployment/ranker"


def pod(network: Network, address: str, **more: Any) -> None:
    row = {"asset_id": "k8s://apps/search/pod/ranker-1", "kind": "pod", "parent_id": WORKLOAD, "address": address}
    insert(network.store, "asset", source_id=3, **{**row, **more})


def test_pod_is_in_the_network_of_its_node() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.10", parent_id=INSTANCE)
    pod(network, "10.1.2.77", placement="10.1.2.10")

    assert names(network)["470100000011/vpc-0a/10.1.2.77"] == WORKLOAD


def test_pod_without_a_known_node_is_where_its_address_was_seen() -> None:
    network = Network()
    query_from(network, "10.1.2.77")
    pod(network, "10.1.2.77", placement="10.1.2.10")

    assert names(network)["470100000011/vpc-0a/10.1.2.77"] == WORKLOAD


def test_pod_whose_address_two_networks_have_is_in_neither() -> None:
    network = Network()
    query_from(network, "10.1.2.77")
    query_from(network, "10.1.2.77", vpc="vpc-0b")
    pod(network, "10.1.2.77")

    assert "470100000011/vpc-0a/10.1.2.77" not in names(network)


def test_interface_of_the_node_gives_way_to_the_pod_that_has_its_address() -> None:
    network = Network()
    asset(network, "eni-0c", "eni", address="10.1.2.10", parent_id=INSTANCE)
    asset(network, "eni-0c", "eni", address="10.1.2.77", parent_id=INSTANCE)
    pod(network, "10.1.2.77", placement="10.1.2.10")

    assert names(network) == {"470100000011/vpc-0a/10.1.2.10": INSTANCE, "470100000011/vpc-0a/10.1.2.77": WORKLOAD}


def test_pod_that_the_flow_log_names_is_the_workload_of_the_inventory() -> None:
    network = Network()
    pod(network, "10.1.2.77", account_id="1", vpc_id="vpc-0a")
    network.flow(at=START, client="10.1.2.77", remote="192.0.2.1", workload="k8s/search/ranker")
    network.flow(at=START, client="10.1.2.78", remote="192.0.2.1", workload="k8s/search/other")

    assert names(network) == {"1/vpc-0a/10.1.2.77": WORKLOAD, "1/vpc-0a/10.1.2.78": "1/vpc-0a/k8s:search:other"}


def test_instance_group_that_the_flow_log_names_is_that_of_the_inventory() -> None:
    network, group = Network(), "projects/p/zones/z/instanceGroupManagers/ranker"
    asset(network, "projects/p/zones/z/instances/ranker-x1", "instance", address="10.1.2.3", parent_id=group,
          account_id="1")  # fmt: skip
    network.flow(START, "10.1.2.3", "192.0.2.1", workload="mig/ranker")

    assert names(network) == {"1/vpc-0a/10.1.2.3": group}


def test_interface_of_a_task_is_in_the_network_that_another_list_gives_it() -> None:
    network, service = Network(), "arn:aws:ecs:us-east-1:470100000011:service/prod/web"
    asset(network, "eni-0c", "eni", address="10.1.2.3")
    asset(network, "eni-0c", "eni", address="10.1.2.3", vpc_id="unknown", parent_id=service)

    assert names(network) == {"470100000011/vpc-0a/10.1.2.3": service}


def test_interface_of_a_task_is_in_the_network_of_its_subnet() -> None:
    network, service = Network(), "arn:aws:ecs:us-east-1:470100000011:service/prod/web"
    asset(network, "s", "subnet", subnet_id="subnet-0b", account_id="470100000099")
    asset(network, "eni-0c", "eni", address="10.1.2.3", vpc_id="unknown", subnet_id="subnet-0b", parent_id=service)

    assert names(network) == {"470100000011/vpc-0a/10.1.2.3": service}
