"""BIND: every way it may be told to begin a line, and what else stands in its log."""

from pathlib import Path

import pytest

from shadowscan.collect.formats.bind import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import asked, write

CLIENT = "client @0x7f1c2c0a1b28 192.0.2.19#53114 (x.ai)"
QUERY = f"{CLIENT}: query: x.ai IN A +E(0)K (192.0.2.1)"


@pytest.mark.parametrize(
    "begin",
    [
        "01-Aug-2026 00:00:01.123 ",
        "01-Aug-2026 00:00:01.123 queries: info: ",
        "01-Aug-2026 00:00:01.123 info: ",
        "2026-08-01T00:00:01.123Z queries: info: ",
        "2026-08-01T00:00:01.123 ",
        "2026-08-01T02:00:01.123+02:00 queries: ",
        "<30>2026-08-01T00:00:01.123Z ns1 named[99]: ",
        "2026-08-01T00:00:01.123456789Z 01-Aug-2026 07:07:07.777 ",
    ],
)
def test_normalise_when_a_line_begins_in_any_way_then_the_same(
    tmp_path: Path, store: Store, collect_paths: Collect, begin: str
) -> None:
    write(tmp_path / "a", f"{begin}{QUERY}")

    collect_paths(tmp_path / "a")

    assert asked(store) == [(1, "192.0.2.19", "x.ai", "A", "NOERROR")]
    assert str(asked(store, "queried_at")[0][0]).startswith("2026-08-01 00:00:01.123")


@pytest.mark.parametrize(
    "client",
    [
        "client 192.0.2.19#53115 (api.cohere.com): query: api.cohere.com IN AAAA - (192.0.2.1)",
        "client @0x7f 192.0.2.19#1/key office (api.cohere.com): view in: query: api.cohere.com IN AAAA + (::1)",
        "client 192.0.2.19#53115: query: API.cohere.com IN AAAA +E(0)DCV (192.0.2.1) [ECS 10.2.0.0/24/0]",
        "client @0x7f 192.0.2.19#53115 (api.cohere.com): response: api.cohere.com IN AAAA NOERROR 1 0 1 +E(0) (::1)",
    ],
)
def test_normalise_when_key_view_subnet_or_response_then_the_client_and_the_name(
    tmp_path: Path, store: Store, collect_paths: Collect, client: str
) -> None:
    write(tmp_path / "a", f"01-Aug-2026 00:00:01.123 {client}")

    collect_paths(tmp_path / "a")

    assert asked(store) == [(1, "192.0.2.19", "api.cohere.com", "AAAA", "NOERROR")]


def test_normalise_when_the_zone_is_told_then_utc(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    write(tmp_path / "a", f"01-Aug-2026 02:00:01.123 {QUERY}")

    collect_paths(tmp_path / "a", timezone="Europe/Berlin")

    assert asked(store, "queried_at::varchar") == [("2026-08-01 00:00:01.123",)]


def test_normalise_when_responses_are_logged_too_then_each_question_once(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    response = f"{CLIENT}: response: x.ai IN A SERVFAIL 0 0 1 +E(0)K (192.0.2.1)"
    write(tmp_path / "a", f"01-Aug-2026 00:00:01.123 {QUERY}", f"01-Aug-2026 00:00:01.125 {response}")

    collect_paths(tmp_path / "a")

    assert asked(store) == [(2, "192.0.2.19", "x.ai", "A", "SERVFAIL")]


def test_normalise_when_other_lines_then_passed_by_and_cut_ones_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        "01-Aug-2026 00:00:01.123 general: info: zone example.com/IN: loaded serial 2026080101",
        f"01-Aug-2026 00:00:01.200 {CLIENT}: update 'example.com/IN' denied",
        f"01-Aug-2026 00:00:02.123 queries: info: {QUERY}",
        f"01-Aug-2026 00:00:02.123 queries: info: {QUERY[:30]}",
        "nothing of BIND's",
        f"99-Aug-2026 00:00:02.123 queries: info: {QUERY}",
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 3
    assert "line 4: " in report.outcome.reason
    assert asked(store, "line") == [(3,)]


def test_sniff_when_no_query_then_not_ours() -> None:
    assert (
        FORMAT.sniff(Head("x", b"01-Aug-2026 00:00:01.123 general: info: zone example.com/IN: loaded serial 1\n")) == 0
    )
    assert FORMAT.sniff(Head("x", (SAMPLES / "bind_syslog.log").read_bytes())) > 0.5
