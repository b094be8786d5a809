"""Envoy access logs on a real DuckDB: text, a site's own text, and Envoy Gateway's JSON."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.envoy import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import take_in

TEXT, JSON = SAMPLES / "envoy.log", SAMPLES / "envoy_gateway.json"
LINES = TEXT.read_text().splitlines()
HOSTS = "line, client_ip, client_port, remote_ip, named_by, host, path, action, bytes_out, bytes_in"


def test_normalise_when_text_then_hosts_and_attempts(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(TEXT)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("envoy", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == [
        (1, "10.0.1.5", 0, "203.0.113.50", "http_host", "api.openai.com", "/v1/responses", "accept", 5210, 102931),
        (2, "10.0.1.6", 0, "203.0.113.51", "connect", "api.anthropic.com", "", "accept", 1230, 20480),
        (3, "10.0.1.6", 0, "unknown", "connect", "api.deepseek.com", "", "reject", 0, 0),
    ]
    assert store.query("select line, remote_ip, remote_port, action from flow").rows == [
        (4, "10.0.9.9", 3128, "reject")
    ]


def test_normalise_when_json_then_names_of_requests_and_of_connections(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(JSON)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("envoy", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == [
        (1, "10.0.1.5", 51997, "203.0.113.50", "http_host", "api.openai.com", "/v1/responses", "accept", 5210, 102931),
        (2, "10.0.1.6", 40012, "203.0.113.52", "sni", "api.cohere.com", "", "accept", 901, 4875),
    ]


def test_normalise_when_log_format_is_said_then_its_fields(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    layout = "[%START_TIME(%s)%] %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %BYTES_RECEIVED% %BYTES_SENT%"
    (tmp_path / "a").write_text("[2026-08-01T00:00:00Z] [2001:db8::5]:4000 api.openai.com 12 34\n")

    collect_paths(tmp_path / "a", format="envoy", log_format=layout)

    assert store.query("select client_ip, client_port, host, bytes_out, bytes_in from tls_connection").rows == [
        ("2001:db8::5", 4000, "api.openai.com", 12, 34)
    ]


def test_normalise_when_the_client_is_not_logged_then_rejected_in_words(tmp_path: Path, collect_paths: Collect) -> None:
    (tmp_path / "a").write_text("\n".join([LINES[0].replace("192.0.2.7, 10.0.1.5", "-"), LINES[1]]))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.rejected, report.outcome.tables["tls_connection"]) == (1, 1)
    assert report.outcome.reason.endswith("line 1: the client's address is missing")


@pytest.mark.parametrize(
    "content",
    [
        '[2026-08-01T00:00:00.826Z] "POST / HTTP/1.1" 200 - 5210 102931\n',
        '{"bytes_sent": 5, "bytes_received": 7, "message": "x"}\n',
        '{"authority": "api.openai.com"}\n',
        (SAMPLES / "zeek_dns.json").read_text(),
    ],
)
def test_sniff_when_look_alike_then_refused(content: str) -> None:
    assert FORMAT.sniff(Head("access.log", content.encode())) < 0.5


@settings(max_examples=40, deadline=None)
@example([], {":authority": None, "duration": 9223372036854775})
@given(
    st.lists(st.binary(max_size=60), max_size=3),
    st.dictionaries(
        st.sampled_from([*json.loads(JSON.read_text().splitlines()[0]), "authority", "path"]),
        st.none() | st.integers() | st.text(max_size=20) | st.just([1, {}]),
    ),
)
def test_normalise_when_records_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], record: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("a") / "a"
    good = JSON.read_bytes().splitlines()[0]
    lines = [line for one in junk for line in one.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    path.write_bytes(b"\n".join([good, *lines, json.dumps(record).encode()]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"envoy={path}")
        assert isinstance(report.outcome, Collected)
        assert report.outcome.rejected >= len(lines)
        assert store.query("select host from tls_connection where line = 1").rows == [("api.openai.com",)]
