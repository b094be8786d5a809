"""What real buckets hold: each kind of bad input with the right counts, and words that say what and where."""

from pathlib import Path
from typing import Any

import pytest

from shadowscan.model.outcome import Collected, Failed, SourceReport
from shadowscan.store.connection import Store
from tests.collect.conftest import HEADER, SAMPLES, Collect, flow_log, record, write_gzip

START = 1785542400


def outcome(report: SourceReport) -> tuple[int, int, str]:
    """Flows, rejected records and words of a collected report."""
    assert isinstance(report.outcome, Collected), report
    return report.outcome.tables["flow"], report.outcome.rejected, report.outcome.reason


def flows(store: Store, columns: str) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line").rows


def write_parquet(path: Path, **columns: list[Any]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    base = {
        "version": [2],
        "account_id": ["123456789012"],
        "interface_id": ["eni-0a"],
        "srcaddr": ["10.0.1.5"],
        "dstaddr": ["203.0.113.10"],
        "srcport": [49152],
        "dstport": [443],
        "protocol": [6],
        "packets": [1],
        "bytes": [100],
        "start": [START],
        "end": [START + 58],
        "action": ["ACCEPT"],
        "log_status": ["OK"],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({name: values for name, values in (base | columns).items() if values}), path)
    return path


def test_collect_when_headers_and_orders_differ_between_files_then_each_by_its_own(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_gzip(tmp_path / "a.log.gz", flow_log(record(size=1)))
    (tmp_path / "b.log").write_text(f"bytes start dstaddr srcaddr\n2 {START} 203.0.113.10 10.0.1.5\n")
    (tmp_path / "c.log").write_text(f"srcaddr dstaddr bytes start\n10.0.1.5 203.0.113.10 3 {START}\n")
    (tmp_path / "d.log").write_text(f"dstaddr srcaddr bytes start\n203.0.113.10 10.0.1.5 4 {START}\n")

    [report] = collect_paths(tmp_path)

    assert outcome(report) == (4, 0, "")
    assert flows(store, "client_ip, remote_ip, bytes") == [("10.0.1.5", "203.0.113.10", n) for n in (1, 2, 3, 4)]


def test_collect_when_a_plain_file_is_cut_mid_line_then_that_line_is_rejected_by_number(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_bytes(flow_log(record(), record(), record())[:-30])

    [report] = collect_paths(tmp_path)

    kept, rejected, words = outcome(report)
    assert (kept, rejected) == (2, 1)
    assert f"{tmp_path / 'a.log'}: line 4: missing columns" in words


def test_collect_when_clocks_are_broken_then_rejected_by_line_and_the_bounds_stay_sound(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    times = [0, START, 99_999_999_999, START * 1000, -5, 10**18]
    (tmp_path / "a.log").write_bytes(flow_log(*[record(start=start) for start in times]))

    [report] = collect_paths(tmp_path)

    assert outcome(report)[:2] == (2, 4)
    assert "line 2: the start is no time between 2000 and 2100" in outcome(report)[2]
    assert flows(store, "line") == [(3,), (5,)]
    assert report.first_at is not None
    assert str(report.first_at) == str(report.last_at) == "2026-08-01 00:00:00+00:00"


def test_collect_when_the_end_is_before_the_start_then_the_start_stands_for_it(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_bytes(flow_log(record().replace(str(START + 58), str(START - 3600))))

    collect_paths(tmp_path)

    assert flows(store, "ended_at = started_at") == [(True,)]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        lambda data: data.removesuffix(b"\n"),
    ],
    ids=["bom", "crlf", "both", "no last break"],
)
@pytest.mark.parametrize("has_header", [True, False], ids=["header", "no header"])
def test_collect_when_text_was_touched_by_an_editor_then_the_same_rows(
    tmp_path: Path, store: Store, collect_paths: Collect, change: Any, has_header: bool
) -> None:
    data = flow_log(record(size=1), record(size=2))
    (tmp_path / "a.log").write_bytes(change(data if has_header else data.removeprefix(HEADER.encode() + b"\n")))

    [report] = collect_paths(tmp_path)

    assert outcome(report) == (2, 0, "")
    assert flows(store, "account_id, client_ip, bytes") == [("123456789012", "10.0.1.5", n) for n in (1, 2)]


def test_collect_when_parquet_lacks_columns_then_absent_ones_are_unknown_and_needed_ones_fail_that_file(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_parquet(tmp_path / "a.parquet", vpc_id=["vpc-0a"], bytes=[1])
    write_parquet(tmp_path / "b.parquet", action=[], interface_id=[], bytes=[2])
    write_parquet(tmp_path / "c.parquet", bytes=[], start=[])

    good, bad = collect_paths(tmp_path)

    assert outcome(good) == (2, 0, "")
    assert flows(store, "vpc_id, interface_id, action, bytes") == [
        ("vpc-0a", "eni-0a", "accept", 1),
        ("unknown", "unknown", "accept", 2),
    ]
    assert bad.target == str(tmp_path / "c.parquet")
    assert isinstance(bad.outcome, Failed)
    assert "lacks start, bytes" in bad.outcome.reason


def test_collect_when_parquet_types_differ_between_files_then_read_as_numbers(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_parquet(tmp_path / "a.parquet", bytes=[1])
    write_parquet(tmp_path / "b.parquet", bytes=["2"], srcport=["-"], start=[str(START)])

    [report] = collect_paths(tmp_path)

    assert outcome(report) == (2, 0, "")
    assert flows(store, "bytes, client_port") == [(1, 49152), (2, 0)]


def test_collect_when_the_hive_path_contradicts_the_record_then_the_record_counts(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    folder = tmp_path / "AWSLogs" / "aws-account-id=470100000011" / "aws-service=vpcflowlogs" / "aws-region=eu-west-1"
    write_parquet(folder / "year=2026" / "month=08" / "day=01" / "a.parquet", region=["us-east-1"])
    write_parquet(folder / "year=2026" / "month=08" / "day=01" / "b.parquet", account_id=[])

    collect_paths(tmp_path)

    assert flows(store, "account_id, region") == [("123456789012", "us-east-1"), ("470100000011", "eu-west-1")]


def test_collect_when_one_folder_holds_everything_then_the_good_is_kept_and_the_bad_is_named(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    whole = write_gzip(tmp_path / "flows.log.gz", flow_log(*[record(size=n) for n in range(500)])).read_bytes()
    (tmp_path / "again.txt").write_bytes(whole)
    (tmp_path / "cut.log.gz").write_bytes(whole[:-40])
    (tmp_path / "dns.parquet").write_bytes((SAMPLES / "route53_resolver.json").read_bytes())
    (tmp_path / "empty.log").touch()
    write_gzip(tmp_path / "header.log.gz", flow_log())
    (tmp_path / "note.md").write_text("# not a log\n")

    reports = collect_paths(tmp_path)

    words = {Path(report.target).name: type(report.outcome).__name__ for report in reports}
    assert words == {tmp_path.name: "Collected", "cut.log.gz": "Partial", "empty.log": "Skipped", "note.md": "Skipped"}
    [twice] = store.query(
        "select count(*) from flow join source_object using (source_id) where state = 'collected'"
    ).rows
    assert twice == (500,)
    assert store.query("select count(*) from dns_query").rows == [(2,)]
