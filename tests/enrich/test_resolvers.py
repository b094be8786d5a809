"""Central resolvers are told from the data; they lower how sure a name is instead of losing the flow."""

from tests.enrich.records import HOUR, MINUTE, START, Network, insert

OPENAI, CATS = "api.openai.com", "cats.example"
CDN = "203.0.113.1"
POD, RESOLVER = "10.0.1.14", "10.0.9.9"


def ask(network: Network, client: str, name: str, **more: object) -> None:
    row = {
        "source_id": 2,
        "account_id": "1",
        "vpc_id": "vpc-0a",
        "client_ip": client,
        "qname": name,
        "queried_at": START,
    }
    insert(network.store, "dns_query", **{**row, **more})


def named(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "vendor_id", "named_by", "confidence", "competing")


def busy(network: Network, host: str) -> None:
    """A host that connects for itself, as any workload does."""
    network.flow(START, host, "192.0.2.200")


def test_asker_that_others_send_dns_to_is_a_resolver() -> None:
    network = Network()
    busy(network, RESOLVER)
    for client in (POD, "10.0.1.15"):
        network.flow(START, client, RESOLVER, 53)
    network.answer(START, RESOLVER, OPENAI, CDN)
    network.flow(START + MINUTE, POD, CDN)

    assert named(network) == [("1/vpc-0a/10.0.1.14", "openai", "dns_resolver", "medium", "")]


def test_asker_with_far_more_names_than_its_neighbours_is_a_resolver() -> None:
    network = Network()
    for client in (RESOLVER, "10.0.2.1", "10.0.2.2"):
        busy(network, client)
        ask(network, client, "one.example")
    for number in range(40):
        ask(network, RESOLVER, f"host{number}.example")
    network.answer(START, RESOLVER, OPENAI, CDN)
    network.flow(START + MINUTE, POD, CDN)

    assert [row[2] for row in named(network)] == ["dns_resolver"]


def test_answer_that_came_through_an_endpoint_speaks_for_the_network() -> None:
    network = Network()
    busy(network, "10.0.2.1")
    ask(network, "10.0.2.1", OPENAI, resolver_id="rslvr-out-0e")
    insert(network.store, "dns_answer", source_id=2, answered_at=START, account_id="1", vpc_id="vpc-0a",
           client_ip="10.0.2.1", qname=OPENAI, ip=CDN, ip_version=4, ip_lo=3405803777)  # fmt: skip
    network.flow(START + MINUTE, POD, CDN)

    assert [row[2:4] for row in named(network)] == [("dns_resolver", "medium")]


def test_answer_of_a_neighbour_is_not_a_resolvers() -> None:
    network = Network()
    busy(network, "10.0.2.1")
    network.answer(START, "10.0.2.1", OPENAI, CDN)
    network.flow(START + MINUTE, POD, CDN)

    assert [row[2:4] for row in named(network)] == [("dns_same_network", "medium")]


def test_shared_address_is_named_low_by_a_resolver_whose_cache_must_have_asked_again() -> None:
    network = Network()
    network.answer(START, RESOLVER, CATS, CDN)
    network.answer(START + HOUR, RESOLVER, OPENAI, CDN)
    network.flow(START + HOUR + MINUTE, POD, CDN)

    assert named(network) == [("1/vpc-0a/10.0.1.14", "openai", "dns_resolver", "low", f"{OPENAI},{CATS}")]


def test_connection_that_was_there_before_the_answer_is_not_named_by_it() -> None:
    network = Network()
    network.answer(START, RESOLVER, CATS, CDN)
    network.flow(START + 5 * MINUTE, POD, CDN, bytes=1)
    network.answer(START + HOUR, RESOLVER, OPENAI, CDN)
    network.flow(START + HOUR + MINUTE, POD, CDN, bytes=10)
    network.flow(START + HOUR + MINUTE, POD, CDN, bytes=100, client_port=50001)

    network.roll_up()

    assert network.egress("vendor_id", "bytes_out") == [("openai", 100), ("unknown", 10)]


def test_shared_address_is_unknown_while_the_other_name_may_still_be_cached() -> None:
    network = Network()
    network.answer(START, RESOLVER, CATS, CDN)
    network.answer(START + 3 * MINUTE, RESOLVER, OPENAI, CDN)
    network.flow(START + 4 * MINUTE, POD, CDN)

    assert named(network) == [("1/vpc-0a/10.0.1.14", "unknown", "dns_resolver", "low", f"{OPENAI},{CATS}")]


def test_shared_address_is_not_named_by_a_neighbour() -> None:
    network = Network()
    for client in ("10.0.2.1", "10.0.2.2"):
        busy(network, client)
    network.answer(START, "10.0.2.1", CATS, CDN)
    network.answer(START + HOUR, "10.0.2.2", OPENAI, CDN)
    network.flow(START + HOUR + MINUTE, POD, CDN)

    assert named(network) == []


def test_shared_address_is_not_named_by_a_resolver_for_who_asks_for_itself() -> None:
    network = Network()
    network.answer(START, RESOLVER, CATS, CDN)
    network.answer(START + HOUR, RESOLVER, OPENAI, CDN)
    ask(network, POD, "mail.example")
    network.flow(START + HOUR + MINUTE, POD, CDN)

    assert named(network) == []


def test_resolvers_own_traffic_is_less_sure_than_a_workloads() -> None:
    network = Network()
    for client in (POD, "10.0.1.15"):
        network.flow(START, client, RESOLVER, 53)
    network.answer(START, RESOLVER, OPENAI, CDN)
    network.flow(START + MINUTE, RESOLVER, CDN)

    assert named(network) == [("1/vpc-0a/10.0.9.9", "openai", "dns_same_client", "medium", "")]
