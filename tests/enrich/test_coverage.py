"""What a report must say it did not see."""

from datetime import timedelta

from shadowscan.enrich import traffic_account
from shadowscan.enrich.coverage import coverage
from shadowscan.policy import Policy
from shadowscan.policy_entries import Residency
from tests.enrich.records import HOUR, MINUTE, START, Network, insert


def spots(network: Network) -> dict[str, str]:
    return {spot.blind_spot: spot.why for spot in coverage(network.context)}


def test_coverage_of_an_empty_store_names_every_absent_kind_of_source() -> None:
    found = spots(Network())

    assert {"no flow logs", "no DNS logs", "no billing data", "no repositories", "no inventory"} <= found.keys()
    assert {"no policy", "no residency policy", "no gateways", "no owners"} <= found.keys()
    assert {"encrypted DNS", "encrypted client hello", "resolver caches"} <= found.keys()


def test_coverage_with_residency_does_not_say_it_is_missing() -> None:
    assert "no residency policy" not in spots(Network(policy=Policy(residency=Residency(allowed=("uk",)))))


def test_coverage_gives_the_share_of_flows_and_bytes_that_were_named() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "160.79.104.10", bytes=300)
    for number in range(3):
        network.flow(START, "10.0.0.1", f"192.0.2.{number}", bytes=100)
    network.roll_up()

    why = spots(network)["unnamed traffic"]

    assert why.startswith("25.0 % of 4 flow records (50.0 % of the bytes)")
    assert "25.0 % by a range or the log's own word; the other 75.0 %" in why


def test_coverage_tells_apart_what_named_the_traffic() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "api.openai.com", "203.0.113.1")
    network.flow(START + MINUTE, "10.0.0.1", "203.0.113.1")
    network.connect(START, "10.0.0.2", "api.openai.com", "203.0.113.1")
    network.flow(START, "10.0.0.2", "203.0.113.1")
    network.flow(START, "10.0.0.3", "192.0.2.1")
    network.flow(START, "10.0.0.3", "192.0.2.2")
    network.roll_up()

    why = spots(network)["unnamed traffic"]

    assert "25.0 % by the name in the connection itself, 25.0 % by the client's own DNS answer" in why


def test_coverage_counts_what_was_seen_hiding_its_names() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "1.1.1.1")
    network.flow(START, "10.0.0.1", "2606:4700:4700::1111")
    network.flow(START, "10.0.0.1", "192.0.2.1", 853)
    network.flow(START, "10.0.0.1", "192.0.2.1", protocol=17)
    network.connect(START, "10.0.0.1", "cloudflare-ech.com", "192.0.2.3")
    network.roll_up()

    found = spots(network)

    assert found["encrypted DNS seen"].startswith("2 records to public resolvers over HTTPS and 1 on port 853, of 5")
    assert found["QUIC seen"].startswith("1 of 5 records are UDP 443")
    assert found["encrypted client hello seen"].startswith("1 connections")


def test_coverage_says_nothing_of_hidden_names_where_none_were_seen() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "192.0.2.1")
    network.roll_up()

    assert not {"encrypted DNS seen", "QUIC seen", "encrypted client hello seen"} & spots(network).keys()


def test_coverage_names_accounts_and_hours_where_one_kind_of_log_is_missing() -> None:
    network = Network()
    network.answer(START, "10.0.0.1", "cats.example", "192.0.2.1")
    for hours in (0, 1, 2):
        network.flow(START + hours * HOUR, "10.0.0.1", "192.0.2.1")
    network.answer(START, "10.0.0.1", "cats.example", "192.0.2.1", account_id="2")
    network.flow(START, "10.0.0.1", "192.0.2.1", account_id="3")
    network.roll_up()

    found = spots(network)

    assert found["hours without DNS logs"] == (
        "account 1 has no DNS record in 2 of its 3 hours with traffic (2 flow records)"
    )
    assert found["account without flow logs"] == "account 2 asks names, but has no flow log"
    assert found["account without DNS logs"] == "account 3 has flow records, but no DNS log"


def test_coverage_gives_skipdata_its_share_of_time() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "192.0.2.1", ended_at=START + HOUR)
    insert(network.store, "coverage_note", source_id=1, kind="skipdata", detail="", count=2, lost_seconds=900,
           first_at=START, last_at=START + HOUR)  # fmt: skip

    network.roll_up()

    assert "25.0 % of the observed time" in spots(network)["records SKIPDATA"]


def test_coverage_names_hours_without_logs() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "192.0.2.1")
    network.flow(START + timedelta(hours=5), "10.0.0.1", "192.0.2.1")
    network.roll_up()

    assert spots(network)["hours without flow logs"] == "account 1 has flow records in 2 of 6 hours"


def test_traffic_is_only_without_spend_where_bills_cover_its_time() -> None:
    network = Network()
    network.flow(START, "10.0.0.1", "160.79.104.10")
    network.roll_up()

    covered = []
    for until in (START - HOUR, START + HOUR):
        insert(network.store, "charge", source_id=5, charge_key=str(until), source_kind="focus", currency="USD",
               period_start_at=START - 24 * HOUR, period_end_at=until)  # fmt: skip
        traffic_account.build(network.context)
        covered += network.store.query("select billing_covered, has_spend, is_free from llm_traffic_account").rows

    assert [row[0] for row in covered] == [False, True]
    assert {row[1] for row in covered} == {False}
