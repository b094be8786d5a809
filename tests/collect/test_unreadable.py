"""Lines that would make DuckDB refuse a whole file."""

import gzip
import json
from pathlib import Path

import pytest

from shadowscan.collect.compression import open_object
from shadowscan.collect.unreadable import cut_lines, is_too_deep
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.collect.conftest import Collect

DEEP = '{"padding": ' + "[" * 5000 + "]" * 5000 + "}"


def query(name: str, **more: object) -> str:
    base = {"query_timestamp": "2026-08-01T00:00:01Z", "query_name": name, "srcaddr": "10.0.0.1", "vpc_id": "vpc-0a"}
    return json.dumps(base | more)


@pytest.mark.parametrize("compressed", [False, True])
def test_collect_when_a_line_holds_100_mb_then_it_is_one_rejected_record_and_the_rest_is_kept(
    tmp_path: Path, store: Store, collect_paths: Collect, compressed: bool
) -> None:
    text = "\n".join([query("a.example."), query("b.example.", padding="x" * 100_000_000), query("c.example.")]) + "\n"
    data = gzip.compress(text.encode(), 1) if compressed else text.encode()
    (tmp_path / "a.log").write_bytes(data)

    [report] = collect_paths("route53_resolver=" + str(tmp_path / "a.log"))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (2, 1)
    assert f"line 2 holds {len(text.splitlines()[1]) + 1} bytes, more than the 16777216" in report.outcome.reason
    assert store.query("select line, qname from dns_query order by line").rows == [(1, "a.example"), (3, "c.example")]


def test_collect_when_a_line_is_nested_too_deep_then_it_is_one_rejected_record(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_text("\n".join([query("a.example."), DEEP, query("c.example.")]) + "\n")
    (tmp_path / "b.log").write_text(query("d.example.") + "\n")

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (3, 1)


def test_cut_lines_when_a_line_is_nested_too_deep_then_marked_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"{query('a.example.')}\n{DEEP}\n{query('c.example.')}\n")
    opened = open_object(tmp_path / "a.log", "a.log", tmp_path / "link")

    found = cut_lines(opened, "a.log")

    assert found is not None
    assert found.refused == "line 2 is JSON nested deeper than 100"
    assert found.path.read_text().splitlines() == [query("a.example."), "?", query("c.example.")]


def test_cut_lines_when_every_line_can_be_read_then_nothing_to_cut(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(query("a.example."))

    assert cut_lines(open_object(tmp_path / "a.log", "a.log", tmp_path / "link"), "a.log") is None


def test_collect_when_a_cut_gzip_holds_a_long_line_then_both_are_said(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = [query(f"{number * 7919 % 10007}.example.") for number in range(3000)]
    lines[1] = query("long.example.", padding="x" * 40_000_000)
    data = gzip.compress(("\n".join(lines) + "\n").encode(), 1)
    (tmp_path / "a.log.gz").write_bytes(data[:-3000])

    [report] = collect_paths(tmp_path / "a.log.gz")

    assert isinstance(report.outcome, Partial)
    assert report.outcome.rejected == 1
    assert 500 < report.outcome.tables["dns_query"] < 2999


@pytest.mark.parametrize(
    ("record", "deep"),
    [(b"[" * 100 + b"]" * 100, False), (b"[" * 101 + b"]" * 101, True), (b"[]" * 500, False), (b"", False)],
)
def test_is_too_deep_when_brackets_nest_then_only_depth_counts(record: bytes, deep: bool) -> None:
    assert is_too_deep(record) is deep
