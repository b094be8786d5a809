"""Logs behind a syslog header: the log inside is taken as if it had come alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.containers.syslog import CONTAINER
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.unwrap import find_container
from shadowscan.model.outcome import Collected, Skipped
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect

HEADERS = {
    "RFC 3164": "Aug  1 00:00:14 lb1 proxy[14389]: ",
    "RFC 3164 with priority": "<134>Aug  1 00:00:14 lb1 (squid-1): ",
    "collector's file": "2026-08-01T00:00:05.123456+00:00 lb1 proxy: ",
    "RFC 5424": "<14>1 2026-08-01T00:00:05.123Z fw1 proxy 812 - - ",
    "RFC 5424 with data": '<14>1 2026-08-01T00:00:05.123Z fw1 proxy - ID47 [x@9 a="b\\]c"][y@9 d="e"] \ufeff',
    "process alone": "proxy[14389]: ",
    "priority alone": "<189>",
    "no program": "Aug  1 00:00:14 PA-220 ",
}


@pytest.mark.parametrize("sample", ["squid.log", "haproxy.log", "nginx.log", "istio.log", "envoy_gateway.json"])
@pytest.mark.parametrize("header", HEADERS.values(), ids=list(HEADERS))
def test_collect_when_lines_have_a_header_then_as_without(
    tmp_path: Path, store: Store, collect_paths: Collect, sample: str, header: str
) -> None:
    lines = (SAMPLES / sample).read_text().splitlines()
    (tmp_path / "a.log").write_text("".join(f"{header}{line}\n" for line in lines))

    [wrapped] = collect_paths(tmp_path / "a.log")
    [plain] = collect_paths(SAMPLES / sample)

    assert isinstance(wrapped.outcome, Collected)
    assert isinstance(plain.outcome, Collected)
    assert (wrapped.format, wrapped.outcome.tables, wrapped.outcome.rejected) == (plain.format, plain.outcome.tables, 0)
    same = store.query("select count(*) from (select distinct * exclude (source_id) from tls_connection)").rows[0][0]
    assert store.query("select count(*), count(distinct source_id) from tls_connection").rows == [(2 * same, 2)]


def test_collect_when_a_line_has_no_header_then_it_is_judged_as_it_is(tmp_path: Path, collect_paths: Collect) -> None:
    lines = (SAMPLES / "squid.log").read_text().splitlines()
    wrapped = [f"Aug  1 00:00:14 p1 (squid-1): {line}" for line in lines * 3]
    (tmp_path / "a").write_text("\n".join([*wrapped, lines[0], "no line", ""]))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["tls_connection"], report.outcome.rejected) == (16, 1)
    assert report.outcome.reason.endswith("line 29: no record of this log")


def test_collect_when_many_programs_write_then_not_recognised(collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "look_alikes" / "syslog.log")

    assert isinstance(report.outcome, Skipped)


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(HEADERS.values())))
def test_peek_when_bytes_are_hostile_then_no_error(data: bytes, header: str) -> None:
    head = Head("x", header.encode() + data)

    assert CONTAINER.peek(head) is None or find_container(head) in (None, CONTAINER)
