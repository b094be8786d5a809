"""HAProxy logs on a real DuckDB: the three built-in formats in one file, captures, and a log-format with a name."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.haproxy import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "haproxy.log"
ONE = SAMPLE.read_text().splitlines()[0]


def test_normalise_when_formats_are_mixed_then_each_line_by_its_own(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("haproxy", 0)
    hosts = "line, client_ip, client_port, remote_port, named_by, host, path, action, bytes_in"
    assert store.query(f"select {hosts} from tls_connection order by line").rows == [
        (1, "10.0.1.5", 33317, 443, "http_host", "api.openai.com", "/v1/responses", "accept", 2750),
        (2, "10.0.1.6", 34014, 11434, "connect", "ollama.example", "/api/tags", "accept", 350),
        (3, "10.0.1.7", 33318, 443, "http_host", "api.deepseek.com", "/chat/completions", "reject", 192),
        (4, "10.0.1.8", 33319, 443, "sni", "api.mistral.ai", "/v1/models", "accept", 2750),
        (5, "2001:db8::5", 33320, 443, "http_host", "api.cohere.com", "/", "accept", 12),
    ]
    times = "select started_at::varchar, ended_at::varchar from tls_connection where line = 1"
    assert store.query(times).rows == [("2026-08-01 00:00:14.655", "2026-08-01 00:00:14.764")]
    assert store.query("select kind, count from coverage_note").rows == [("no_host", 1)]  # TCP without a name


def test_normalise_when_log_format_is_said_then_server_name_and_bytes(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    layout = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %U %ts %[var(sess.sni)] %si:%sp"
    (tmp_path / "a").write_text(
        "10.0.1.9:33313 [01/Aug/2026:00:00:51.443] fnt bck/srv1 0/0/5007 212 99 -- api.groq.com 203.0.113.9:443\n"
        "10.0.1.9:33314 [01/Aug/2026:00:00:52.443] fnt bck/srv1 0/-1/3000 0 0 SC api.groq.com -:-\n"
    )

    collect_paths(tmp_path / "a", format="haproxy", log_format=layout)

    columns = "client_port, remote_ip, named_by, host, action, bytes_out, bytes_in"
    assert store.query(f"select {columns} from tls_connection order by line").rows == [
        (33313, "203.0.113.9", "sni", "api.groq.com", "accept", 99, 212),
        (33314, "unknown", "sni", "api.groq.com", "reject", 0, 0),
    ]


def test_normalise_when_timezone_is_said_then_times_are_of_it(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE, timezone="America/New_York")

    assert store.query("select started_at::varchar from tls_connection where line = 1").rows == [
        ("2026-08-01 04:00:14.655",)
    ]


@pytest.mark.parametrize(
    "headers", ["{api.openai.com}", "{|curl/8.5.0|API.openai.com.}", "{10.0.0.1|https://x.example/|api.openai.com:443}"]
)
def test_normalise_when_headers_are_captured_then_the_first_host_name(tmp_path: Path, headers: str) -> None:
    (tmp_path / "a").write_text(ONE.replace("{api.openai.com}", headers))

    assert rows_of(tmp_path, "select host from tls_connection") == [("api.openai.com",)]


@pytest.mark.parametrize(
    "line",
    [
        "10.0.1.5:33317 [01/Aug/2026:00:00:14.655] frt/f1: Connection error during SSL handshake",
        '10.0.1.5 - - [01/Aug/2026:00:00:02 +0000] "GET http://x.example/ HTTP/1.1" 200 904 "-" "curl/8"',
    ],
)
def test_sniff_when_look_alike_then_refused(line: str) -> None:
    assert FORMAT.sniff(Head("x", f"{line}\n".encode())) < 0.5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=4), st.text(max_size=40), st.integers(0, len(ONE)))
def test_normalise_when_lines_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], inserted: str, at: int
) -> None:
    path = tmp_path_factory.mktemp("a") / "a"
    odd = (ONE[:at] + inserted + ONE[at:]).encode("utf-8", "replace")
    path.write_bytes(b"\n".join([ONE.encode(), *junk, odd]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"haproxy={path}")
        assert isinstance(report.outcome, Collected)
        assert store.query("select host from tls_connection where line = 1").rows == [("api.openai.com",)]
