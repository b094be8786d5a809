"""Squid access logs on a real DuckDB: built-in formats, a site's own, and what is no egress."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.squid import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

NATIVE = SAMPLES / "squid.log"
ONE = "1785542400.391 104 10.0.1.5 TCP_TUNNEL/200 28854 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.50 -"
HOSTS = "line, client_ip, remote_ip, remote_port, named_by, host, path, action, bytes_out, bytes_in"


def test_normalise_when_native_then_hosts_and_attempts(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(NATIVE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("squid", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == [
        (1, "10.0.1.5", "203.0.113.50", 443, "connect", "api.openai.com", "", "accept", 0, 28854),
        (2, "10.0.1.6", "unknown", 443, "connect", "api.deepseek.com", "", "reject", 0, 3892),
        (3, "10.0.1.7", "203.0.113.70", 11434, "connect", "ollama.example", "/api/chat", "accept", 0, 904),
        (7, "10.0.1.5", "unknown", 443, "connect", "api.mistral.ai", "", "reject", 0, 0),
        (9, "10.0.1.5", "unknown", 443, "connect", "api.anthropic.com", "", "accept", 0, 1200),
    ]
    times = "select started_at::varchar, ended_at::varchar, sensor from tls_connection where line = 1"
    assert store.query(times).rows == [("2026-08-01 00:00:00.287", "2026-08-01 00:00:00.391", "proxy")]


def test_normalise_when_an_address_was_asked_then_a_flow_each_way(store: Store, collect_paths: Collect) -> None:
    collect_paths(NATIVE)

    flows = "line, client_ip, remote_ip, remote_port, direction, bytes, sensor"
    assert store.query(f"select {flows} from flow order by line, direction").rows == [
        (5, "10.0.1.8", "203.0.113.9", 443, "egress", 0, "proxy"),
        (5, "10.0.1.8", "203.0.113.9", 443, "ingress", 6907, "proxy"),
        (8, "2001:db8::15", "2001:db8:1::50", 8443, "egress", 0, "proxy"),
        (8, "2001:db8::15", "2001:db8:1::50", 8443, "ingress", 5102, "proxy"),
    ]
    assert store.query("select kind, count from coverage_note").rows == [("no_host", 2)]  # a cache hit, and an error


def test_normalise_when_combined_then_as_native(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "squid_combined.log")

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("squid", 0)
    assert store.query("select started_at::varchar, host, path, action, bytes_in from tls_connection").rows == [
        ("2026-08-01 00:00:02", "api.openai.com", "", "accept", 28854),
        ("2026-08-01 00:00:03", "example.com", "/a/b/c/d", "reject", 3900),
    ]


@pytest.mark.parametrize(
    ("log_format", "line", "expected"),
    [
        (
            "%ts.%03tu %6tr %>a %>p %Ss/%03>Hs %<st %>st %rm %ru %ssl::>sni %[un %Sh/%<a %<p",
            "1785542400.391 104 10.0.1.5 58948 TCP_TUNNEL/200 28854 2051 CONNECT 203.0.113.50:443 api.openai.com - "
            "ORIGINAL_DST/203.0.113.50 443",
            [("10.0.1.5", 58948, "203.0.113.50", 443, "sni", "api.openai.com", 2051, 28854)],
        ),
        (
            '%tS %>a "%{Host}>h" %st %<st %rm %ru %Sh/%<a',
            '1785542400.5 10.0.1.5 "api.openai.com" 1500 1000 GET /v1/models HIER_DIRECT/203.0.113.50',
            [("10.0.1.5", 0, "203.0.113.50", 443, "http_host", "api.openai.com", 500, 1000)],
        ),
    ],
    ids=["sni of intercepted traffic", "start and both counts"],
)
def test_normalise_when_log_format_is_said_then_its_fields(
    tmp_path: Path, store: Store, collect_paths: Collect, log_format: str, line: str, expected: list[tuple[object, ...]]
) -> None:
    (tmp_path / "a").write_text(f"{line}\n")

    collect_paths(tmp_path / "a", format="squid", log_format=log_format)

    columns = "client_ip, client_port, remote_ip, remote_port, named_by, host, bytes_out, bytes_in"
    assert store.query(f"select {columns} from tls_connection").rows == expected


def test_normalise_when_mime_headers_follow_then_they_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{ONE} [Host: x%0d%0a] [HTTP/1.1 200 OK]\n")

    assert rows_of(tmp_path, "select host, bytes_in from tls_connection") == [("api.openai.com", 28854)]


def test_normalise_when_credentials_stand_in_the_url_then_they_reach_no_table(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(ONE.replace("CONNECT api.openai.com:443", "GET http://lee:hush@api.x.ai/v1?key=hush"))

    assert rows_of(tmp_path, "select host, path from tls_connection") == [("api.x.ai", "/v1")]


def test_normalise_when_lines_are_bad_then_counted_with_the_first_in_words(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = ["no line of Squid", ONE.replace("10.0.1.5", "somewhere"), ONE.replace("1785542400", "99999999999")]
    (tmp_path / "a").write_bytes("\n".join([ONE, *bad, ""]).encode() + b"\xff\n" + f"{ONE}\n".encode())

    [report] = collect_paths(f"squid={tmp_path / 'a'}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 4
    assert report.outcome.reason.endswith("line 2: no record of this log")
    assert store.query("select line from tls_connection").rows == [(1,), (6,)]


@pytest.mark.parametrize(
    "line",
    [
        '10.0.1.5 - - [01/Aug/2026:00:00:02 +0000] "GET /a HTTP/1.1" 200 904 "-" "curl/8"',
        "2 123456789012 eni-0a 10.0.1.5 203.0.113.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK",
        "Aug  1 00:00:01 dnsmasq[612]: query[A] api.mistral.ai from 192.0.2.17",
        "1785542400.391 104 10.0.1.5 GET /a/b - b/c d",
    ],
    ids=["web server", "flow log", "dnsmasq", "other columns"],
)
def test_sniff_when_look_alike_then_refused(line: str) -> None:
    assert FORMAT.sniff(Head("access.log", f"{line}\n".encode())) < 0.5


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.lists(st.sampled_from([*ONE.split(), "-", '"', "[", "://", "@", ":", "9" * 30]), max_size=14),
)
def test_normalise_when_lines_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], words: list[str]
) -> None:
    path = tmp_path_factory.mktemp("a") / "a"
    path.write_bytes(b"\n".join([ONE.encode(), *junk, " ".join(words).encode()]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"squid={path}")
        assert isinstance(report.outcome, Collected)
        assert store.query("select line from tls_connection where line = 1").rows == [(1,)]
