"""nfdump: three layouts and one's own, by the names in the header; summaries and statistics are no flows."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.nfdump import FORMAT, OLD_HEADER
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import write
from tests.collect.formats.taken import take_in

NEW = "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows"
FLOW = "2026-08-01 00:00:02.500,38.250,6,10.0.1.5,49152,203.0.113.10,443,12,5840,1"
ALL = "line, direction, client_ip, client_port, remote_ip, remote_port, protocol, bytes, packets"


def flows(store: Store, columns: str = ALL) -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line, rowid").rows


@pytest.mark.parametrize("name", ["nfdump_16.csv", "nfdump_17.csv"])
def test_normalise_when_either_version_then_both_ways_and_no_summary(
    store: Store, collect_paths: Collect, name: str
) -> None:
    [report] = collect_paths(SAMPLES / name)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 0)
    assert flows(store) == [
        (2, "egress", "10.0.1.5", 49152, "203.0.113.10", 443, 6, 5840, 12),
        (3, "ingress", "10.0.1.5", 49152, "203.0.113.10", 443, 6, 91840, 20),
    ]
    assert flows(store, "distinct sensor, started_at::varchar, ended_at::varchar, account_id") == [
        ("netflow", "2026-08-01 00:00:02", "2026-08-01 00:00:40", "unknown")
    ]


def test_normalise_when_csv_fast_then_milliseconds_and_ipv6(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "nfdump_fast.csv")

    assert flows(store, "line, client_ip, remote_ip, ended_at::varchar") == [
        (2, "10.0.1.5", "203.0.113.10", "2026-08-01 00:00:40"),
        (3, "fd00::5", "2001:db8::10", "2026-08-01 00:00:40"),
    ]


def test_normalise_when_a_format_of_ones_own_then_by_its_names(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    header = "routerIP,bytes,outBytes,srcAddr,dstAddr,dstPort,srcPort,fwdStatus,firstSeen,proto"
    write(
        tmp_path / "a",
        header,
        "192.0.2.254,100,900,10.0.1.5,203.0.113.10,443,49152,64,1785542402.500,TCP",
        "0.0.0.0,40,0,10.0.1.5,203.0.113.11,443,49153,128,1785542402.500,17",
        "192.0.2.254,84,0,10.0.1.5,203.0.113.12,8.0,0,0,1785542402.500,ICMP",
    )

    collect_paths(tmp_path / "a", account_id="470100000011")

    assert flows(store, "line, direction, client_ip, remote_port, bytes, action, interface_id, protocol") == [
        (2, "egress", "10.0.1.5", 443, 100, "accept", "netflow/192.0.2.254", 6),
        (2, "ingress", "10.0.1.5", 443, 900, "accept", "netflow/192.0.2.254", 6),
        (3, "egress", "10.0.1.5", 443, 40, "reject", "unknown", 17),
        (4, "egress", "10.0.1.5", 0, 84, "accept", "netflow/192.0.2.254", 1),
    ]
    assert flows(store, "distinct started_at::varchar, account_id") == [("2026-08-01 00:00:02.5", "470100000011")]


def test_normalise_when_times_are_local_then_the_zone_of_the_source(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", NEW, FLOW.replace("00:00:02", "02:00:02"))

    collect_paths(tmp_path / "a", timezone="Europe/Berlin")

    assert flows(store, "started_at::varchar, ended_at::varchar") == [
        ("2026-08-01 00:00:02.5", "2026-08-01 00:00:40.75")
    ]


def test_normalise_when_without_header_then_the_layout_of_1_6(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = (SAMPLES / "nfdump_16.csv").read_text().splitlines()
    write(tmp_path / "quiet", *lines[1:3])
    write(tmp_path / "two", *lines, *lines[:2])

    reports = collect_paths(tmp_path)

    assert [report.format for report in reports] == ["nfdump"]
    assert flows(store, "line, bytes") == [(1, 5840), (2, 91840), (2, 5840), (3, 91840), (8, 5840)]


def test_normalise_when_lines_are_bad_then_counted_and_sampled(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = (FLOW.replace("10.0.1.5", "nobody"), FLOW.replace("2026", "1970"), "cut,short", b"\xff,\xfe")
    write(tmp_path / "a", NEW, FLOW, *bad, FLOW)

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 4)
    assert ": line 3: nobody is no address" in report.outcome.reason
    assert flows(store, "line") == [(2,), (7,)]


@pytest.mark.parametrize(
    "data",
    [
        b"ts,te,td,pr,val,fl,flP,ipkt,ipktP,ibyt,ibytP,ipps,ibps,ibpp\n",
        b"ts,sa,da,bytes\n",
        b"firstSeen,srcAddr,dstAddr\n",
        b"2026-08-01 00:00:02,2026-08-01 00:00:40,38.000,x,y\n",
    ],
)
def test_sniff_when_statistics_or_other_csv_then_not_ours(data: bytes) -> None:
    assert FORMAT.sniff(Head("x.csv", data)) == 0
    assert FORMAT.sniff(Head("x", OLD_HEADER.encode())) > 0.9


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=6), st.sampled_from([NEW, OLD_HEADER]))
def test_normalise_when_bytes_are_hostile_then_counted_and_nothing_fails(
    tmp_path_factory: pytest.TempPathFactory, odd: list[bytes], header: str
) -> None:
    lines = [data.replace(b"\n", b" ") for data in odd]
    path = write(tmp_path_factory.mktemp("nfdump") / "a", header, *lines, FLOW)

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"nfdump={path}")
        assert isinstance(report.outcome, Collected), report
        assert report.outcome.tables["flow"] == (1 if header == NEW else 0)
