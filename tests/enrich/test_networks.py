"""Records whose log does not name the network belong to the one network that has the address, or to none."""

from tests.enrich.records import MINUTE, START, Network, insert

OPENAI, CDN = "api.openai.com", "203.0.113.1"
CLIENT = "10.0.0.1"
NOWHERE = {"account_id": "unknown", "vpc_id": "unknown"}


def named(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "vendor_id", "named_by")


def test_flow_log_without_network_is_at_home_where_its_interface_is() -> None:
    network = Network()
    for vpc in ("vpc-0a", "vpc-0b"):
        insert(network.store, "asset", source_id=3, asset_id=f"eni-{vpc}", kind="eni", account_id="1", vpc_id=vpc,
               address=CLIENT)  # fmt: skip
        network.answer(START, CLIENT, OPENAI, CDN, vpc_id=vpc)
    network.flow(START + MINUTE, CLIENT, CDN, vpc_id="unknown", interface_id="eni-vpc-0b")

    assert named(network) == [("1/vpc-0b/10.0.0.1", "openai", "dns_same_client")]


def test_sensor_log_without_account_is_at_home_where_one_network_alone_has_the_client() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, **NOWHERE)
    network.flow(START + MINUTE, CLIENT, CDN)

    assert named(network) == [("1/vpc-0a/10.0.0.1", "openai", "dns_same_client")]


def test_sensor_log_without_account_names_nobody_where_two_networks_have_the_client() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, **NOWHERE)
    for vpc in ("vpc-0a", "vpc-0b"):
        network.flow(START + MINUTE, CLIENT, CDN, vpc_id=vpc)

    assert named(network) == []


def test_sensor_log_without_account_meets_a_flow_log_without_network_in_its_one_account() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, **NOWHERE)
    network.flow(START + MINUTE, CLIENT, CDN, vpc_id="unknown")

    assert named(network) == [("1/unknown/10.0.0.1", "openai", "dns_same_client")]


def test_sensor_log_without_account_names_nobody_where_two_accounts_have_the_client() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, **NOWHERE)
    for account in ("1", "2"):
        network.flow(START + MINUTE, CLIENT, CDN, account_id=account, vpc_id="unknown")

    assert named(network) == []


def test_client_of_a_resolver_endpoint_is_at_home_in_its_own_network() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, vpc_id="vpc-hub")
    network.store.query("update dns_query set resolver_id = 'rslvr-in-0e'")
    network.flow(START + MINUTE, CLIENT, CDN)

    assert named(network) == [("1/vpc-0a/10.0.0.1", "openai", "dns_same_client")]


def test_same_address_of_another_network_stays_apart() -> None:
    network = Network()
    network.answer(START, CLIENT, OPENAI, CDN, vpc_id="vpc-hub")
    network.flow(START, CLIENT, "192.0.2.1", vpc_id="vpc-hub")
    network.flow(START + MINUTE, CLIENT, CDN)

    assert named(network) == []


def test_address_that_finds_its_network_keeps_the_name_it_had() -> None:
    network = Network()
    network.flow(START, CLIENT, "160.79.104.10", vpc_id="unknown")
    network.link()
    network.answer(START, CLIENT, "cats.example", "192.0.2.1")
    network.mark(START)
    network.link()

    links = network.store.query("select subject_id, value from subject_link where kind = 'address'").rows
    assert links == [("1/vpc-0a/10.0.0.1", "1/unknown/10.0.0.1")]
