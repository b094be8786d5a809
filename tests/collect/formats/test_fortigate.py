"""FortiGate key=value logs on a real DuckDB: sessions, web filter and TLS records, and what is neither."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.fortigate import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "fortigate.log"
LINES = SAMPLE.read_text().splitlines()


def test_normalise_when_sample_then_sessions_and_hosts(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("fortigate", 0)
    flows = "line, client_ip, client_port, remote_ip, remote_port, protocol, direction, action, bytes, sensor"
    assert store.query(f"select {flows} from flow order by line, direction").rows == [
        (1, "10.0.1.5", 58012, "203.0.113.50", 443, 6, "egress", "accept", 21188, "firewall"),
        (1, "10.0.1.5", 58012, "203.0.113.50", 443, 6, "ingress", "accept", 181224, "firewall"),
        (5, "10.0.1.8", 40000, "203.0.113.54", 443, 17, "egress", "reject", 0, "firewall"),
    ]
    hosts = "line, client_ip, remote_ip, named_by, host, path, action, bytes_out"
    assert store.query(f"select {hosts} from tls_connection order by line").rows == [
        (2, "10.0.1.5", "203.0.113.50", "http_host", "api.openai.com", "/v1/responses", "accept", 517),
        (3, "10.0.1.6", "203.0.113.52", "http_host", "api.deepseek.com", "/", "reject", 84),
        (4, "10.0.1.7", "203.0.113.53", "sni", "api.mistral.ai", "", "accept", 0),
    ]
    assert store.query("select kind, count from coverage_note").rows == [("no_host", 1)]  # an administrator's login


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (0, "2026-08-01 00:00:31.369913"),  # nanoseconds, less the duration
        (1, "2026-08-01 00:00:31"),  # seconds
        (3, "2026-08-01 00:00:41"),  # no eventtime, a zone
        (4, "2026-08-01 00:00:42"),  # no eventtime, no zone
    ],
)
def test_normalise_when_time_is_written_otherwise_then_utc(tmp_path: Path, line: int, expected: str) -> None:
    (tmp_path / "a").write_text(f"{LINES[line]}\n")
    moments = "select started_at from flow union select started_at from tls_connection"

    assert rows_of(tmp_path, f"select distinct started_at::varchar from ({moments})") == [(expected,)]


def test_normalise_when_timezone_is_said_then_times_without_one_are_of_it(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE, timezone="America/New_York")

    times = "select line, started_at::varchar from flow where line = 5 union all select line, started_at::varchar from"
    assert store.query(f"{times} tls_connection where line = 4").rows == [
        (5, "2026-08-01 04:00:42"),
        (4, "2026-08-01 00:00:41"),
    ]


def test_normalise_when_commas_separate_then_as_with_blanks(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(LINES[1].replace(" ", ",").replace("URL,belongs", "URL belongs") + "\n")

    assert rows_of(tmp_path, "select client_ip, host, path from tls_connection") == [
        ("10.0.1.5", "api.openai.com", "/v1/responses")
    ]


@pytest.mark.parametrize(("action", "expected"), [("start", []), ("ip-conn", [("reject", 0)])])
def test_normalise_when_a_session_starts_or_fails_then_no_egress(
    tmp_path: Path, action: str, expected: list[tuple[str, int]]
) -> None:
    (tmp_path / "a").write_text(LINES[0].replace('action="close"', f'action="{action}"') + "\n")
    counted = "select action, sum(case when action = 'accept' then bytes else 0 end)::bigint from flow group by action"

    assert rows_of(tmp_path, counted) == expected


def test_normalise_when_lines_are_bad_then_rejected_and_counted(tmp_path: Path, collect_paths: Collect) -> None:
    bad = [
        "no record",
        LINES[1].replace("10.0.1.5", "somewhere"),
        LINES[0].replace("eventtime=1785542447369913239", ""),
    ]
    bad[2] = bad[2].replace("date=2026-08-01", "date=2026-99-01")
    (tmp_path / "a").write_text("\n".join([*LINES, *bad, ""]))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 3


@pytest.mark.parametrize("line", [LINES[5], 'date=2026-08-01 time=00:00:01 level=info msg="started"', "a=1 b=2"])
def test_sniff_when_no_traffic_then_refused(line: str) -> None:
    assert FORMAT.sniff(Head("x", f"{line}\n".encode())) < 0.5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=4), st.integers(0, 400), st.text(max_size=20))
def test_normalise_when_lines_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], at: int, inserted: str
) -> None:
    path = tmp_path_factory.mktemp("a") / "a"
    odd = (LINES[1][:at] + inserted + LINES[1][at:]).encode("utf-8", "replace")
    path.write_bytes(b"\n".join([LINES[1].encode(), *junk, odd]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"fortigate={path}")
        assert isinstance(report.outcome, Collected)
        assert store.query("select host from tls_connection where line = 1").rows == [("api.openai.com",)]
