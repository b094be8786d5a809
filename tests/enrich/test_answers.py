"""What names a flow: every case has a known truth."""

from datetime import timedelta

import pytest

from shadowscan.config import Config, Settings
from tests.enrich.records import HOUR, MINUTE, START, Network

OPENAI, CATS = "api.openai.com", "cats.example"
CDN = "203.0.113.1"


@pytest.fixture
def network() -> Network:
    return Network()


def named(network: Network) -> list[tuple[object, ...]]:
    network.roll_up()
    return network.egress("subject_id", "vendor_id", "named_by", "confidence")


def test_flow_when_its_own_client_asked_is_named_high(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN)
    network.flow(START + MINUTE, "10.0.0.1", CDN)

    assert named(network) == [("1/vpc-0a/10.0.0.1", "openai", "dns_same_client", "high")]


def test_flow_when_a_central_resolver_asked_is_named_medium(network: Network) -> None:
    network.answer(START, "10.0.9.9", OPENAI, CDN)
    network.flow(START + MINUTE, "10.0.1.14", CDN)

    assert named(network) == [("1/vpc-0a/10.0.1.14", "openai", "dns_resolver", "medium")]


def test_flow_when_its_own_client_asked_another_name_is_not_named_by_the_network(network: Network) -> None:
    network.answer(START, "10.0.0.1", CATS, CDN)
    network.answer(START + 5 * MINUTE, "10.0.0.2", OPENAI, CDN)
    network.flow(START + 6 * MINUTE, "10.0.0.1", CDN)

    assert named(network) == []


def test_flow_when_two_vendors_names_compete_within_a_minute_is_unknown_and_shows_both(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN)
    network.answer(START + MINUTE / 2, "10.0.0.1", CATS, CDN)
    network.flow(START + MINUTE, "10.0.0.1", CDN)

    assert named(network) == [("1/vpc-0a/10.0.0.1", "unknown", "dns_same_client", "low")]
    assert network.egress("competing", "host") == [("api.openai.com,cats.example", CDN)]
    details = network.store.query("select detail from evidence_sample where kind = 'competing_name'").rows
    assert "api.openai.com,cats.example" in details[0][0]


def test_flow_when_two_names_of_one_vendor_compete_is_named(network: Network) -> None:
    network.answer(START, "10.0.0.1", "eu.api.openai.com", CDN)
    network.answer(START + MINUTE / 2, "10.0.0.1", OPENAI, CDN)
    network.flow(START + MINUTE, "10.0.0.1", CDN)

    assert named(network) == [("1/vpc-0a/10.0.0.1", "openai", "dns_same_client", "high")]


def test_flow_when_names_answered_at_the_same_instant_differ_is_unknown(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN)
    network.answer(START, "10.0.0.1", CATS, CDN)
    network.flow(START + MINUTE, "10.0.0.1", CDN)

    assert [row[1] for row in named(network)] == ["unknown"]


def test_flow_when_the_address_went_to_another_name_since_is_not_named(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN)
    network.answer(START + HOUR, "10.0.0.1", CATS, CDN)
    network.flow(START + 30 * MINUTE, "10.0.0.1", CDN, bytes=7)
    network.flow(START + 2 * HOUR, "10.0.0.1", CDN, bytes=500)

    assert [row[1] for row in named(network)] == ["openai"]
    assert network.egress("bytes_out") == [(7,)]


def test_flow_when_the_address_came_from_another_name_is_named(network: Network) -> None:
    network.answer(START, "10.0.0.9", CATS, CDN)
    network.answer(START + HOUR, "10.0.0.9", OPENAI, CDN)
    network.flow(START + HOUR + MINUTE, "10.0.0.1", CDN)
    network.flow(START + 2 * HOUR, "10.0.0.1", CDN)

    found = [("openai", "dns_resolver", "low"), ("unknown", "dns_resolver", "low")]
    assert [row[1:] for row in named(network)] == found


def test_flow_in_another_vpc_with_the_same_addresses_is_not_named(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN, vpc_id="vpc-0b")
    network.flow(START + MINUTE, "10.0.0.1", CDN, vpc_id="vpc-0a")

    assert named(network) == []


@pytest.mark.parametrize(
    ("after", "is_named"),
    [
        (timedelta(0), True),
        (timedelta(seconds=-1), False),
        (2 * HOUR - timedelta(seconds=1), True),
        (2 * HOUR, False),
    ],
)
def test_flow_at_the_window_edge_counts_half_open(after: timedelta, is_named: bool) -> None:
    network = Network(config=Config(settings=Settings(dns_window=2 * HOUR)))
    network.answer(START, "10.0.0.1", OPENAI, CDN)
    network.flow(START + after, "10.0.0.1", CDN)

    assert bool(named(network)) is is_named


def test_flow_over_ipv6_is_named_by_the_answer(network: Network) -> None:
    network.answer(START, "fd00::1", OPENAI, "2001:db8::7")
    network.flow(START + MINUTE, "fd00::1", "2001:db8::7")
    network.flow(START + MINUTE, "fd00::1", "2001:db8::8")

    assert named(network) == [("1/vpc-0a/fd00::1", "openai", "dns_same_client", "high")]


def test_flow_to_a_private_address_is_named_by_the_answer_alone(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, "10.0.7.7")
    network.flow(START + MINUTE, "10.0.0.1", "10.0.7.7")

    assert [row[1] for row in named(network)] == ["openai"]


def test_flow_of_another_address_of_the_asking_instance_is_named_high(network: Network) -> None:
    network.answer(START, "10.0.0.1", OPENAI, CDN, instance_id="i-0d")
    network.flow(START + MINUTE, "10.0.0.55", CDN, instance_id="i-0d")

    assert [row[1:] for row in named(network)] == [("openai", "dns_same_client", "high")]


@pytest.mark.parametrize("remote", ["160.79.104.10", "160.79.105.255", "2607:6bc0::1"])
def test_flow_without_dns_to_a_dedicated_range_is_named_medium(network: Network, remote: str) -> None:
    client = "fd00::1" if ":" in remote else "10.0.0.1"
    network.flow(START, client, remote)

    assert [row[1:] for row in named(network)] == [("anthropic", "published_range", "medium")]


@pytest.mark.parametrize("remote", ["162.159.140.245", "160.79.103.255", "160.79.106.0", "2607:6bc1::1"])
def test_flow_without_dns_to_a_shared_or_neighbouring_address_is_not_named(network: Network, remote: str) -> None:
    client = "fd00::1" if ":" in remote else "10.0.0.1"
    network.flow(START, client, remote)

    assert named(network) == []


def test_flow_to_a_dedicated_range_under_a_private_name_is_named_by_the_range(network: Network) -> None:
    network.answer(START, "10.0.0.1", "llm.internal.example", "160.79.104.10")
    network.flow(START + MINUTE, "10.0.0.1", "160.79.104.10")

    assert [row[1:3] for row in named(network)] == [("anthropic", "published_range")]


def test_flow_that_the_log_calls_bedrock_is_named(network: Network) -> None:
    network.flow(START, "10.0.0.1", "203.0.113.77", remote_service="BEDROCK")

    assert [row[1:] for row in named(network)] == [("aws-bedrock", "published_range", "medium")]
