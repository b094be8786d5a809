"""Azure Firewall logs on a real DuckDB, structured and older, from storage and as Log Analytics rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.azure_firewall import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "azure_firewall.json"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
TYPES = {str: "_s", int: "_d", float: "_d", bool: "_b"}


def record(number: int = 0, /, **properties: object) -> dict[str, Any]:
    """A sample record with other properties."""
    found = RECORDS[number]
    return found | {"properties": found["properties"] | properties}


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


def row(one: dict[str, Any]) -> dict[str, Any]:
    """A record as a row of its own Log Analytics table, or of AzureDiagnostics where it is an older one."""
    if not one["category"].startswith("AZFW"):
        return diagnostics_row(one)
    system = {"TenantId": "t", "TimeGenerated": one["time"], "Type": one["category"], "_ResourceId": one["resourceId"]}
    return system | one["properties"]


def diagnostics_row(one: dict[str, Any]) -> dict[str, Any]:
    system = {"TimeGenerated": one["time"], "Type": "AzureDiagnostics", "Category": one["category"]}
    fields = {
        "SourceIP" if name == "SourceIp" else name + TYPES[type(value)]: value
        for name, value in one["properties"].items()
    }
    return system | {"ResourceId": one["resourceId"]} | fields


def as_text(one: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if isinstance(value, bool) else str(value) for name, value in one.items()}


FORMS: dict[str, Callable[[list[Any]], str]] = {
    "lines": lambda records: "".join(json.dumps(one) + "\n" for one in records),
    "event hub messages": lambda records: "".join(json.dumps({"records": [one, one]}) + "\n" for one in records),
    "data export": lambda records: "".join(json.dumps(row(one)) + "\n" for one in records),
    "query result": lambda records: json.dumps([as_text(row(one)) for one in records], indent=2),
    "azure diagnostics": lambda records: "".join(json.dumps(diagnostics_row(one)) + "\n" for one in records),
}


def test_normalise_when_sample_then_hosts_of_both_generations(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("azure_firewall", 0)
    hosts = "select line, client_ip, remote_ip, remote_port, host, path, named_by, action from tls_connection"
    assert store.query(f"{hosts} order by line").rows == [
        (1, "10.2.0.4", "unknown", 443, "api.openai.com", "", "sni", "accept"),
        (2, "10.2.0.5", "203.0.113.41", 443, "api.anthropic.com", "/v1/messages", "http_host", "reject"),
        (3, "10.2.0.6", "unknown", 8080, "api.mistral.ai", "/v1/chat", "connect", "accept"),
        (10, "10.2.0.4", "unknown", 443, "api.cohere.com", "", "sni", "reject"),
        (11, "10.2.0.4", "unknown", 80, "ocsp.example.com", "/MFQ=", "http_host", "accept"),
        (17, "10.2.0.4", "unknown", 80, "bad.example.com", "", "http_host", "reject"),
    ]


def test_normalise_when_sample_then_flows_of_both_generations(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    flows = "select line, client_ip, client_port, remote_ip, remote_port, protocol, direction, action, bytes from flow"
    assert store.query(f"{flows} order by line").rows == [
        (4, "10.2.0.4", 51344, "203.0.113.40", 443, 6, "egress", "accept", 0),
        (5, "10.2.0.9", 3389, "198.51.100.9", 50306, 6, "ingress", "accept", 0),
        (6, "10.2.0.4", 51346, "203.0.113.40", 443, 6, "egress", "accept", 0),
        (13, "10.2.0.4", 49680, "203.0.113.20", 443, 6, "egress", "reject", 0),
        (14, "10.2.0.9", 3389, "198.51.100.9", 50306, 6, "ingress", "accept", 0),
        (15, "10.2.0.4", 0, "203.0.113.20", 0, 1, "egress", "reject", 0),
    ]
    assert store.query("select distinct account_id, vpc_id, interface_id, sensor from flow").rows == [
        (SUBSCRIPTION, "unknown", "firewall/hub-fw", "firewall")
    ]
    assert store.query("select kind, count from coverage_note").rows == [("duplicate", 1)]


def test_normalise_when_sample_then_questions_of_both_generations(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    questions = "select line, qname, qtype, rcode, client_ip, account_id, answer_count from dns_query order by line"
    assert store.query(questions).rows == [
        (8, "api.openai.com", "A", "NOERROR", "10.2.0.4", SUBSCRIPTION, 0),
        (18, "api.groq.com", "A", "NXDOMAIN", "10.2.0.4", SUBSCRIPTION, 0),
    ]


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("table", ["flow", "tls_connection", "dns_query"])
def test_normalise_when_form_varies_then_the_same_rows(tmp_path: Path, form: str, table: str) -> None:
    (tmp_path / "a").write_text(FORMS[form](RECORDS))
    rows = f"select distinct * exclude (source_id, line) from {table} order by all"

    assert rows_of(tmp_path, rows) == rows_of(SAMPLE, rows)


def test_normalise_when_no_name_was_seen_then_the_address_is_a_flow(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    named_by_url = record(0, Fqdn="", TargetUrl="https://api.groq.com/openai/v1/chat/completions/x/y?key=secret")
    no_name = record(0, Fqdn="", DestinationIp="203.0.113.40", Action="Deny")

    [report] = collect_paths(write_lines(tmp_path / "a", named_by_url, no_name, record(0, Fqdn="")))

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert store.query("select host, path from tls_connection").rows == [
        ("api.groq.com", "/openai/v1/chat/completions")
    ]
    assert store.query("select remote_ip, action from flow").rows == [("203.0.113.40", "reject")]


def test_normalise_when_records_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = [
        record(0, SourceIp="somewhere"),
        record(0) | {"time": "yesterday"},
        record(3, SourceIp=None),
        record(3) | {"time": "0001-01-01T00:00:00Z"},
        record(7, QueryName=None),
        record(9, msg="HTTPS request from somewhere"),
        record(0) | {"category": "ApplicationGatewayAccessLog"},
        record(0) | {"properties": None},
    ]
    lines = [json.dumps(one) for one in (record(0), *bad, record(3))]
    (tmp_path / "a").write_text("\n".join([*lines, '{"time": ', "[1]"]) + "\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    tables = report.outcome.tables
    assert (tables["flow"], tables["tls_connection"], tables["dns_query"]) == (1, 1, 0)
    assert report.outcome.rejected == 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.sampled_from(sorted({one["category"] for one in RECORDS})),
    st.dictionaries(
        st.sampled_from(["Protocol", "SourceIp", "DestinationIp", "Fqdn", "TargetUrl", "QueryName", "msg"]),
        st.none() | st.integers() | st.text(max_size=30) | st.just({}),
    ),
)
def test_normalise_when_records_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], category: str, properties: dict[str, object]
) -> None:
    lines = [line for one in junk for line in one.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    odd = record(0, **properties) | {"category": category}
    path = tmp_path_factory.mktemp("a") / "a"
    path.write_bytes(b"\n".join([json.dumps(RECORDS[3]).encode(), *lines, json.dumps(odd).encode()]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"azure_firewall={path}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected >= len(lines)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"records":[{"category":"AZFWNetworkRule"},', b'{"Type":"AZFWDnsQuery"}\n', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
