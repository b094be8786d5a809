"""dnsmasq and Pi-hole: which answer is whose, though the log says so only by order."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.dnsmasq import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import asked, write
from tests.collect.formats.taken import take_in

ANSWERS = "select line, client_ip, qname, ip, ttl_seconds from dns_answer order by line, ip"


def said(*messages: str, at: str = "Aug  1 00:00:01") -> list[str]:
    return [f"{at} dnsmasq[612]: {message}" for message in messages]


def test_normalise_when_answered_by_a_chain_then_addresses_belong_to_the_name_asked(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = said(
        "query[A] API.mistral.ai from 192.0.2.17",
        "query[AAAA] api.mistral.ai from 192.0.2.17",
        "forwarded api.mistral.ai to 192.0.2.1",
        "query[A] api.mistral.ai from 192.0.2.19",
        "reply api.mistral.ai is <CNAME>",
        "reply a.cdn.example is <CNAME>",
        "reply edge.cdn.example is 203.0.113.70",
        "reply edge.cdn.example is 203.0.113.71",
        "reply api.mistral.ai is 2001:DB8::1",
        "reply other.example is 203.0.113.99",
    )
    write(tmp_path / "a", *lines)

    collect_paths(tmp_path / "a")

    assert store.query(ANSWERS).rows == [
        (1, "192.0.2.17", "api.mistral.ai", "203.0.113.70", -1),
        (1, "192.0.2.17", "api.mistral.ai", "203.0.113.71", -1),
        (2, "192.0.2.17", "api.mistral.ai", "2001:db8::1", -1),
        (4, "192.0.2.19", "api.mistral.ai", "203.0.113.70", -1),
        (4, "192.0.2.19", "api.mistral.ai", "203.0.113.71", -1),
    ]
    assert asked(store, "line, cname_chain, answer_count") == [
        (1, "a.cdn.example > edge.cdn.example", 2),
        (2, "", 1),
        (4, "a.cdn.example > edge.cdn.example", 2),
    ]


def test_normalise_when_cached_blocked_denied_or_refused_then_told_apart(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = said(
        "query[A] x.ai from 192.0.2.17",
        "cached x.ai is 203.0.113.9",
        "query[A] claude.ai from 192.0.2.17",
        "gravity blocked claude.ai is 0.0.0.0",
        "query[HTTPS] claude.ai from 192.0.2.17",
        "regex denied claude.ai is NODATA",
        "query[A] none.example from 192.0.2.17",
        "reply none.example is NXDOMAIN",
        "query[AAAA] x.ai from 192.0.2.17",
        "cached x.ai is NODATA-IPv6",
        "query[A] late.example from 192.0.2.17",
    )
    write(tmp_path / "a", *lines, *said("reply late.example is 203.0.113.8", at="Aug  1 00:01:01"))

    collect_paths(tmp_path / "a")

    assert store.query(ANSWERS).rows == [(1, "192.0.2.17", "x.ai", "203.0.113.9", -1)]
    assert asked(store, "qname, qtype, rcode, action") == [
        ("x.ai", "A", "NOERROR", "allow"),
        ("claude.ai", "A", "NOERROR", "block"),
        ("claude.ai", "HTTPS", "NOERROR", "block"),
        ("none.example", "A", "NXDOMAIN", "allow"),
        ("x.ai", "AAAA", "NOERROR", "allow"),
        ("late.example", "A", "NOERROR", "allow"),
    ]


@pytest.mark.parametrize("before", ["4021 192.0.2.17/53113 ", "UDP 4021 192.0.2.17/53113 ", ""])
@pytest.mark.parametrize("tag", ["dnsmasq[612]: ", "router dnsmasq[612]: ", "dnsmasq: "])
def test_normalise_when_extra_or_syslog_then_the_same(
    tmp_path: Path, store: Store, collect_paths: Collect, before: str, tag: str
) -> None:
    messages = ("query[A] x.ai from 192.0.2.17", "reply x.ai is 203.0.113.9")
    write(tmp_path / "a", *(f"Aug  1 00:00:01 {tag}{before}{message}" for message in messages))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert store.query(ANSWERS).rows == [(1, "192.0.2.17", "x.ai", "203.0.113.9", -1)]


@pytest.mark.parametrize(
    ("stamp", "written_at", "expected"),
    [
        ("Aug  1 00:00:01", datetime(2026, 8, 2, tzinfo=UTC), "2026-08-01 00:00:01"),
        ("Dec 31 23:59:59", datetime(2026, 1, 2, tzinfo=UTC), "2025-12-31 23:59:59"),
        ("Jan  1 01:00:00", datetime(2025, 12, 31, 23, tzinfo=UTC), "2025-01-01 01:00:00"),
        ("Feb 29 12:00:00", datetime(2025, 1, 1, tzinfo=UTC), "2024-02-29 12:00:00"),
    ],
)
def test_normalise_when_there_is_no_year_then_the_one_before_the_file_was_written(
    tmp_path: Path, store: Store, collect_paths: Collect, stamp: str, written_at: datetime, expected: str
) -> None:
    write(tmp_path / "a", *said("query[A] x.ai from 192.0.2.17", at=stamp), at=written_at)

    collect_paths(tmp_path / "a")

    assert asked(store, "queried_at::varchar") == [(expected,)]
    assert store.query("select kind, count from coverage_note").rows == [("no_year", 1)]


def test_normalise_when_year_and_zone_are_told_then_they_count_and_nonsense_is_refused(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", *said("query[A] x.ai from 192.0.2.17"))

    collect_paths(tmp_path / "a", year="2024", timezone="America/New_York")

    assert asked(store, "queried_at::varchar") == [("2024-08-01 04:00:01",)]
    [wrong_zone] = collect_paths(tmp_path / "a", timezone="Mars/Olympus")
    [wrong_year] = collect_paths(tmp_path / "a", year="MMXXIV")
    assert isinstance(wrong_zone.outcome, Failed)
    assert "timezone = 'Mars/Olympus' is none" in wrong_zone.outcome.reason
    assert isinstance(wrong_year.outcome, Failed)
    assert "year = 'MMXXIV' is no year" in wrong_year.outcome.reason


def test_normalise_when_other_lines_then_passed_by_and_cut_ones_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        *said("started, version 2.90 cachesize 150", "read /etc/hosts - 7 names", "query[A] x.ai from 192.0.2.17"),
        "Aug  1 00:00:01 dnsmasq-dhcp[612]: DHCPACK(br0) 192.0.2.17 02:00:00:00:00:01 laptop",
        "Aug  1 00:00:02 router sshd[1]: Accepted publickey for root",
        *said("query[A] api.ope"),
        "?",
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 2
    assert "line 6: " in report.outcome.reason
    assert asked(store, "line") == [(3,)]


def test_sniff_when_no_question_then_not_ours_and_long_lines_take_no_time() -> None:
    assert FORMAT.sniff(Head("x", b"Aug  1 00:00:01 dnsmasq[612]: started, version 2.90\n")) == 0
    assert FORMAT.sniff(Head("x", b"Aug  1 00:00:01 dnsmasq[612]: " + b"x is " * 13_000)) == 0
    assert FORMAT.sniff(Head("x", (SAMPLES / "dnsmasq_extra.log").read_bytes())) > 0.9


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Aug  1 00:00:01 dnsmasq[612]: ", "[1785542401] unbound[1:0] info: ", "[INFO] "]),
            st.binary(max_size=60),
        ),
        max_size=6,
    ),
    st.sampled_from(["dnsmasq", "bind", "unbound", "coredns"]),
)
def test_normalise_when_bytes_are_hostile_then_counted_and_nothing_fails(
    tmp_path_factory: pytest.TempPathFactory, odd: list[tuple[str, bytes]], format_id: str
) -> None:
    lines = [start.encode() + data.replace(b"\n", b" ") for start, data in odd]
    path = write(tmp_path_factory.mktemp("dns") / "a", *lines, *said("query[A] x.ai from 192.0.2.17"))

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"{format_id}={path}")
        assert isinstance(report.outcome, Collected), report
        expected = 1 if format_id == "dnsmasq" else 0
        assert store.query("select count(*) from dns_query where qname = 'x.ai'").rows == [(expected,)]
