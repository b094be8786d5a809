"""nginx and Apache httpd as forward proxies on a real DuckDB; a web server's log is none."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.nginx import FORMAT
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import take_in

SAMPLE = SAMPLES / "nginx.log"
ONE = SAMPLE.read_text().splitlines()[0]
PAGE = '10.0.1.9 - - [01/Aug/2026:00:00:05 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.29"'
STREAM = (
    '$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received $session_time "$upstream_addr" '
    '"$ssl_preread_server_name"'
)
STREAM_LINE = '10.0.1.6 [01/Aug/2026:00:00:05 +0000] TCP 200 4875 901 0.618 "203.0.113.50:443" "api.openai.com"'


def test_normalise_when_forward_proxy_then_what_it_was_asked_for(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("nginx", 0)
    hosts = "line, started_at::varchar, client_ip, remote_port, host, path, action, bytes_in"
    assert store.query(f"select {hosts} from tls_connection order by line").rows == [
        (1, "2026-08-01 00:00:02", "10.0.1.5", 443, "api.openai.com", "", "accept", 28854),
        (2, "2026-08-01 00:00:03", "10.0.1.6", 11434, "ollama.example", "/api/tags", "accept", 904),
        (3, "2026-08-01 00:00:04", "10.0.1.7", 443, "api.deepseek.com", "", "reject", 153),
    ]
    assert store.query("select line, remote_ip, bytes from flow order by direction").rows == [
        (5, "2001:db8:1::9", 0),
        (5, "2001:db8:1::9", 77),
    ]
    assert store.query("select count from coverage_note").rows == [(2,)]  # a health check, and no HTTP at all


@pytest.mark.parametrize(
    ("log_format", "line", "expected"),
    [
        (STREAM, STREAM_LINE, ("10.0.1.6", "203.0.113.50", 443, "sni", "api.openai.com", "accept", 901, 4875)),
        (
            STREAM,
            STREAM_LINE.replace(" 200 4875 901", " 502 0 0").replace("203.0.113.50:443", "-"),
            ("10.0.1.6", "unknown", 443, "sni", "api.openai.com", "reject", 0, 0),
        ),
        (
            '{"t":"$time_iso8601","c":"$remote_addr","h":"$proxy_host","m":"$request_method","u":"$request_uri",'
            '"up":"$upstream_addr","out":$request_length,"in":$bytes_sent,"s":$status}',
            '{"t":"2026-08-01T02:00:05+02:00","c":"10.0.1.6","h":"api.x.ai","m":"POST","u":"/v1/x?key=1",'
            '"up":"203.0.113.1:443, 203.0.113.2:443","out":55,"in":66,"s":200}',
            ("10.0.1.6", "203.0.113.2", 443, "http_host", "api.x.ai", "accept", 55, 66),
        ),
    ],
    ids=["stream with server name", "stream that reached nothing", "json"],
)
def test_normalise_when_log_format_is_said_then_its_fields(
    tmp_path: Path, store: Store, collect_paths: Collect, log_format: str, line: str, expected: tuple[object, ...]
) -> None:
    (tmp_path / "a").write_text(f"{line}\n")

    [report] = collect_paths(tmp_path / "a", format="nginx", log_format=log_format)

    assert isinstance(report.outcome, Collected), report
    columns = "client_ip, remote_ip, remote_port, named_by, host, action, bytes_out, bytes_in"
    assert store.query(f"select {columns} from tls_connection").rows == [expected]


def test_normalise_when_log_format_names_nothing_then_failed_in_words(tmp_path: Path, collect_paths: Collect) -> None:
    (tmp_path / "a").write_text(f"{ONE}\n")

    [report] = collect_paths(tmp_path / "a", format="nginx", log_format="combined")

    assert isinstance(report.outcome, Failed)
    assert "log_format names no field" in report.outcome.reason


@pytest.mark.parametrize(
    ("lines", "is_ours"),
    [([PAGE] * 30, False), ([PAGE] * 30 + [ONE], False), ([PAGE] * 8 + [ONE], True), (["nothing"], False)],
    ids=["web server", "web server that was probed", "proxy with health checks", "other text"],
)
def test_sniff_when_share_of_proxied_requests_varies_then_a_web_server_is_none(lines: list[str], is_ours: bool) -> None:
    assert (FORMAT.sniff(Head("access.log", "\n".join(lines).encode())) >= 0.5) is is_ours


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=4), st.text(max_size=60), st.text(max_size=30))
def test_normalise_when_lines_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], request: str, size: str
) -> None:
    path = tmp_path_factory.mktemp("a") / "a"
    odd = ONE.replace("CONNECT api.openai.com:443 HTTP/1.1", request).replace("28854", size)
    path.write_bytes(b"\n".join([ONE.encode(), *junk, odd.encode("utf-8", "replace")]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"nginx={path}")
        assert isinstance(report.outcome, Collected)
        assert store.query("select host from tls_connection where line = 1").rows == [("api.openai.com",)]
