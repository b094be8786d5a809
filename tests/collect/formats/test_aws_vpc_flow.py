"""AWS VPC flow logs: every container, order and oddity, on a real DuckDB."""

from ipaddress import IPv6Address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.aws_vpc_flow import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import HEADER, SAMPLES, Collect, flow_log, record, write_gzip


def flows(store: Store, columns: str) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line").rows


def test_normalise_when_default_format_then_both_directions_name_the_private_side(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLES / "aws_vpc_flow_v2.log")

    assert flows(store, "line, client_ip, client_port, remote_ip, remote_port, direction, bytes") == [
        (2, "10.0.1.5", 49152, "203.0.113.10", 443, "egress", 5840),
        (3, "10.0.1.5", 49152, "203.0.113.10", 443, "ingress", 21044),
    ]


def test_normalise_when_collector_skipped_data_then_one_note_and_no_flow(store: Store, collect_paths: Collect) -> None:
    reports = collect_paths(SAMPLES / "aws_vpc_flow_v2.log")

    assert isinstance(reports[0].outcome, Collected)
    assert reports[0].outcome.tables == {"flow": 2, "coverage_note": 1}
    assert store.query("select kind, detail, count from coverage_note").rows == [
        ("skipdata", "1 intervals lost by the collector, 32.6 % of the time covered", 1)
    ]


def test_normalise_when_custom_order_with_ipv6_then_fields_follow_the_header(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLES / "aws_vpc_flow_v5.log")

    assert flows(store, "remote_ip, ip_version, vpc_id, region, az, workload, remote_service") == [
        ("203.0.113.10", 4, "vpc-0aa", "us-east-1", "use1-az1", "unknown", "unknown"),
        ("2001:db8:ffff::10", 6, "vpc-0aa", "us-east-1", "use1-az1", "ecs-task/prod/0123abcd", "BEDROCK"),
    ]


def test_normalise_when_no_header_then_default_order(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    (tmp_path / "a.log").write_text(record() + "\n" + record("203.0.113.11") + "\n")

    collect_paths(tmp_path / "a.log")

    assert flows(store, "line, remote_ip") == [(1, "203.0.113.10"), (2, "203.0.113.11")]


def test_normalise_when_no_header_and_fields_are_configured_then_in_that_order(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_text("10.0.1.5 203.0.113.10 443 5840 1785542400 vpc-0a\n")
    order = {"format": "aws_vpc_flow", "fields": "srcaddr dstaddr dstport bytes start vpc-id"}

    collect_paths(tmp_path / "a.log", **order)
    wrong = collect_paths(tmp_path / "a.log", **order | {"fields": "dstaddr srcaddr dstport bytes start vpc-id"})

    assert isinstance(wrong[0].outcome, Collected)
    assert not wrong[0].outcome.unchanged
    assert flows(store, "client_ip, remote_ip, vpc_id, bytes") == [("10.0.1.5", "203.0.113.10", "vpc-0a", 5840)]
    assert flows(store, "direction") == [("ingress",)]


def test_normalise_when_packet_addresses_differ_then_the_workload_behind_the_nat_is_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "nat.log").write_text(
        "srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport start end bytes flow-direction instance-tag\n"
        "10.0.9.9 203.0.113.10 10.0.1.14 203.0.113.10 1 443 1785542400 1785542401 7 egress x\n"
        "203.0.113.10 10.0.9.9 203.0.113.10 10.0.1.14 443 1 1785542400 1785542401 9 ingress x\n"
    )

    collect_paths(tmp_path / "nat.log")

    assert flows(store, "client_ip, interface_client_ip, remote_ip, client_port, remote_port, bytes") == [
        ("10.0.1.14", "10.0.9.9", "203.0.113.10", 1, 443, 7),
        ("10.0.1.14", "10.0.9.9", "203.0.113.10", 1, 443, 9),
    ]


@pytest.mark.parametrize(
    ("source", "target", "client"),
    [
        ("198.51.100.1", "172.16.0.1", "172.16.0.1"),
        ("198.51.100.1", "172.32.0.1", "198.51.100.1"),
        ("198.51.100.1", "100.64.0.1", "100.64.0.1"),
        ("198.51.100.1", "192.168.3.1", "192.168.3.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("2001:db8::1", "fd00::1", "fd00::1"),
    ],
)
def test_normalise_when_no_direction_then_the_private_side_is_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect, source: str, target: str, client: str
) -> None:
    line = record().replace("10.0.1.5 203.0.113.10", f"{source} {target}")
    (tmp_path / "a.log").write_bytes(flow_log(line))

    collect_paths(tmp_path / "a.log")

    assert flows(store, "client_ip") == [(client,)]


def test_normalise_when_ipv6_is_spelled_out_then_text_is_canonical_and_halves_are_exact(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    long = "2001:0DB8:0000:0000:0000:0000:0000:00aB"
    (tmp_path / "a.log").write_bytes(flow_log(record(long).replace("10.0.1.5", "fd00::5")))

    collect_paths(tmp_path / "a.log")

    [(text, interface_text, hi, lo, block)] = flows(
        store, "remote_ip, interface_remote_ip, remote_hi, remote_lo, remote_block"
    )
    assert (text, interface_text) == ("2001:db8::ab", "2001:db8::ab")
    assert ((hi + 2**63) << 64) + (lo + 2**63) == int(IPv6Address(long))  # type: ignore[operator]
    assert block == hi


def test_normalise_when_epochs_are_milliseconds_then_the_same_moment(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    milliseconds = (
        record(start=1785542400).replace("1785542400", "1785542400000").replace("1785542458", "1785542458000")
    )
    (tmp_path / "a.log").write_bytes(flow_log(milliseconds, record(start=1785542400)))

    collect_paths(tmp_path / "a.log")

    assert store.query("select count(distinct started_at), count(distinct ended_at) from flow").rows == [(1, 1)]
    assert str(flows(store, "started_at")[0][0]) == "2026-08-01 00:00:00"


def test_normalise_when_lines_are_bad_then_rejected_counted_and_sampled(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = ["2 1 2 3", record().replace("10.0.1.5", "10.0.1.999"), record(size=0).replace(" 0 ", " many ")]
    (tmp_path / "a.log").write_bytes(flow_log(record(), *bad, record("203.0.113.11")))

    [report] = collect_paths(tmp_path / "a.log")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"flow": 2}, 3)
    assert "line 3: missing columns" in report.outcome.reason
    assert flows(store, "line") == [(2,), (6,)]


def test_normalise_when_attempt_was_refused_then_it_is_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_bytes(flow_log(record().replace("ACCEPT", "REJECT")))

    collect_paths(tmp_path / "a.log")

    assert flows(store, "action, bytes") == [("reject", 100)]


def test_normalise_when_account_is_not_a_field_then_the_delivery_path_gives_it(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    folder = tmp_path / "AWSLogs" / "470100000011" / "vpcflowlogs" / "eu-west-1" / "2026"
    folder.mkdir(parents=True)
    (folder / "a[1].log").write_text("srcaddr dstaddr start bytes\n10.0.0.1 203.0.113.9 1785542400 5\n")

    collect_paths(tmp_path)

    assert flows(store, "account_id, region") == [("470100000011", "eu-west-1")]


def test_normalise_when_parquet_then_the_same_rows(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    path = tmp_path / "a.parquet"
    columns = ", ".join(
        f"'{value}' as \"{name.replace('-', '_')}\""
        for name, value in zip(HEADER.split(), record().split(), strict=True)
    )
    store.engine.query(f"copy (select {columns}) to '{path}' (format parquet)")

    collect_paths(path)

    assert flows(store, "line, client_ip, remote_ip, bytes") == [(1, "10.0.1.5", "203.0.113.10", 100)]


def test_normalise_when_needed_fields_are_missing_then_the_object_fails_naming_them(
    tmp_path: Path, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_text(
        "version account-id interface-id srcaddr dstaddr log-status\n2 1 e 1.2.3.4 1.2.3.5 OK\n"
    )

    [report] = collect_paths(tmp_path / "a.log")

    assert isinstance(report.outcome, Failed)
    assert "lacks start, bytes" in report.outcome.reason


def test_normalise_when_header_only_or_empty_gzip_then_nothing_is_wrong(tmp_path: Path, collect_paths: Collect) -> None:
    write_gzip(tmp_path / "header.log.gz", flow_log())
    write_gzip(tmp_path / "full.log.gz", flow_log(record()))
    write_gzip(tmp_path / "empty.log.gz", b"")

    reports = collect_paths(tmp_path)

    assert isinstance(reports[0].outcome, Collected)
    assert reports[0].outcome.tables == {"flow": 1}
    assert len(reports[0].source_ids) == 2
    assert "empty" in str(reports[1].outcome)


def test_sniff_when_transit_gateway_then_not_ours() -> None:
    assert FORMAT.sniff(Head("x", (SAMPLES / "aws_tgw_flow_v6.log").read_bytes())) < 0.5


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b"PAR1", HEADER.encode() + b"\n", b"version srcaddr "):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
