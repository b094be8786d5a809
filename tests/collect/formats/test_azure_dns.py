"""Azure DNS query logs on a real DuckDB, from storage and as Log Analytics rows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.azure_dns import FORMAT, ROW_COLUMNS
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "azure_dns.json"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
CODES = {"NOERROR": 0, "SERVFAIL": 2, "NXDOMAIN": 3}


def record(number: int = 0, /, **properties: object) -> dict[str, Any]:
    """A sample record with other properties."""
    found = RECORDS[number]
    return found | {"properties": found["properties"] | properties}


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    return path


def row(one: dict[str, Any]) -> dict[str, Any]:
    """A record as a row of table `DNSQueryLogs`, whose response code is a number."""
    system = {"TimeGenerated": one["time"], "Type": "DNSQueryLogs", "_ResourceId": one["resourceId"]}
    fields = {ROW_COLUMNS[name]: value for name, value in one["properties"].items() if name in ROW_COLUMNS}
    return system | fields | {"ResponseCode": CODES[one["properties"]["response_code"]]}


def as_text(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in one.items()}


def in_other_case(one: dict[str, Any]) -> dict[str, Any]:
    answers = [{name.lower(): value for name, value in answer.items()} for answer in one["properties"]["answer"]]
    properties = {name.upper(): value for name, value in (one["properties"] | {"answer": answers}).items()}
    return one | {"properties": properties}


FORMS: dict[str, Callable[[list[Any]], str]] = {
    "lines": lambda records: "".join(json.dumps(one) + "\n" for one in records),
    "lines in another case": lambda records: "".join(json.dumps(in_other_case(one)) + "\n" for one in records),
    "event hub message": lambda records: json.dumps({"records": records}),
    "data export": lambda records: "".join(json.dumps(row(one)) + "\n" for one in records),
    "query result": lambda records: json.dumps([as_text(row(one)) for one in records], indent=2),
}


def test_normalise_when_sample_then_questions(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("azure_dns", 0)
    asked = "select line, qname, qtype, rcode, action, cname_chain, answer_count from dns_query order by line"
    assert store.query(asked).rows == [
        (1, "api.openai.com", "A", "NOERROR", "allow", "edge.cdn.example", 2),
        (2, "api.anthropic.com", "AAAA", "NOERROR", "allow", "", 1),
        (3, "no.such.example", "A", "NXDOMAIN", "allow", "", 0),
        (4, "api.deepseek.com", "A", "SERVFAIL", "block", "", 1),
    ]
    assert store.query("select distinct account_id, vpc_id, region, client_ip from dns_query").rows == [
        (SUBSCRIPTION, "apps:prod", "westeurope", "10.2.0.4")
    ]


def test_normalise_when_sample_then_addresses_except_of_blocked_questions(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    assert store.query("select qname, ip, ttl_seconds from dns_answer order by ip").rows == [
        ("api.anthropic.com", "2001:db8::1", 300),
        ("api.openai.com", "203.0.113.40", 60),
        ("api.openai.com", "203.0.113.41", 60),
    ]


def test_collect_when_flow_and_answer_are_of_one_network_then_they_meet(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE, SAMPLES / "azure_vnet_flow.json")

    met = """
        select distinct a.qname
        from flow as f
        join dns_answer as a
          on a.account_id = f.account_id and a.vpc_id = f.vpc_id and a.client_ip = f.client_ip and a.ip_lo = f.remote_lo
    """
    assert store.query(met).rows == [("api.openai.com",)]


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("table", ["dns_query", "dns_answer"])
def test_normalise_when_form_varies_then_the_same_rows(tmp_path: Path, form: str, table: str) -> None:
    (tmp_path / "a").write_text(FORMS[form](RECORDS))
    rows = f"select * exclude (source_id) from {table} order by all"

    assert rows_of(tmp_path, rows) == rows_of(SAMPLE, rows)


@pytest.mark.parametrize(
    ("ids", "account_id", "vpc_id"),
    [
        ({"vnet_id": None, "sub_id": "SUB"}, "sub", "unknown"),
        ({"vnet_id": "0000-AB", "sub_id": None}, SUBSCRIPTION, "0000-ab"),
        ({"vnet_id": "", "sub_id": ""}, SUBSCRIPTION, "unknown"),
    ],
)
def test_normalise_when_the_network_is_told_otherwise_then_what_is_known(
    tmp_path: Path, store: Store, collect_paths: Collect, ids: dict[str, object], account_id: str, vpc_id: str
) -> None:
    collect_paths(write_lines(tmp_path / "a", record(0, **ids)))

    assert store.query("select account_id, vpc_id from dns_query").rows == [(account_id, vpc_id)]


def test_normalise_when_records_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = [
        record(0, query_name=None),
        record(0) | {"time": "yesterday"},
        record(0) | {"time": "9999-12-31T00:00:00Z"},
        record(0) | {"category": "Other"},
        record(0) | {"properties": None},
    ]
    lines = [json.dumps(one) for one in (record(0), *bad, record(0, answer="text"))]
    (tmp_path / "a").write_text("\n".join([*lines, '{"time": ', "[1]"]) + "\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, report.outcome.rejected) == ({"dns_query": 2, "dns_answer": 2}, 7)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.dictionaries(
        st.sampled_from(["query_name", "answer", "vnet_id", "srcipaddr", "response_code"]),
        st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2) | st.just({}),
    ),
)
def test_normalise_when_records_are_hostile_then_every_one_is_a_row_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], properties: dict[str, object]
) -> None:
    lines = [line for one in junk for line in one.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    texts = [json.dumps(RECORDS[0]).encode(), *lines, json.dumps(record(0, **properties)).encode()]
    path = tmp_path_factory.mktemp("a") / "a"
    path.write_bytes(b"\n".join(texts) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"azure_dns={path}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["dns_query"] + report.outcome.rejected == len(texts)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"records":[{"category":"DnsResponse"},', b'{"Type":"DNSQueryLogs"}\n', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
