"""Azure virtual network flow logs on a real DuckDB."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.azure_vnet_flow import FORMAT
from shadowscan.collect.formats.interface import HEAD_BYTES, Head
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "azure_vnet_flow.json"
DOCUMENT: dict[str, Any] = json.loads(SAMPLE.read_text())
SIDES = "select line, client_ip, client_port, remote_ip, remote_port, direction, action, packets, bytes from flow"

CONTAINERS: dict[str, Callable[[list[Any]], str]] = {
    "document": lambda records: json.dumps({"records": records}),
    "printed document": lambda records: json.dumps({"records": records}, indent=2),
    "lines": lambda records: "".join(json.dumps(record) + "\n" for record in records),
    "event hub messages": lambda records: "".join(json.dumps({"records": [record]}) + "\n" for record in records),
    "array": json.dumps,
}


def record(*tuples: object, **changes: object) -> dict[str, Any]:
    """One record of the sample with these tuples."""
    groups = [{"rule": "r", "flowTuples": list(tuples)}]
    return DOCUMENT["records"][0] | {"flowRecords": {"flows": [{"aclID": "a", "flowGroups": groups}]}} | changes


def write(path: Path, *records: object) -> Path:
    path.write_text(json.dumps({"records": records}))
    return path


def tuple_of(moment: int, state: str, counters: str = "0,0,0,0", port: int = 51344) -> str:
    return f"{moment},10.2.0.4,203.0.113.40,{port},443,6,O,{state},NX,{counters}"


def test_normalise_when_sample_then_one_row_for_each_direction(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("azure_vnet_flow", 0)
    assert store.query(f"{SIDES} order by all").rows == [
        (1, "10.2.0.4", 22, "198.51.100.153", 55188, "ingress", "reject", 0, 0),
        (1, "10.2.0.4", 8443, "10.2.0.9", 40000, "egress", "accept", 2, 900),
        (1, "10.2.0.4", 8443, "10.2.0.9", 40000, "ingress", "accept", 3, 700),
        (1, "10.2.0.4", 51344, "203.0.113.40", 443, "egress", "accept", 14, 5400),
        (1, "10.2.0.4", 51344, "203.0.113.40", 443, "ingress", "accept", 16, 9011),
        (2, "10.2.0.4", 51346, "203.0.113.41", 443, "egress", "accept", 100, 52000),
        (2, "10.2.0.4", 51346, "203.0.113.41", 443, "ingress", "accept", 80, 410000),
        (2, "2001:db8:2::4", 51350, "2001:db8:ff::10", 443, "egress", "accept", 5, 600),
    ]


def test_normalise_when_sample_then_whose_and_where_come_from_resource_ids(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLE)

    places = "select distinct account_id, vpc_id, subnet_id, interface_id, region, sensor from flow"
    assert store.query(places).rows == [
        ("11111111-2222-3333-4444-555555555555", "apps:prod", "unknown", "00224871c205", "westeurope", "flow_log")
    ]


def test_normalise_when_tuples_follow_each_other_then_an_interval_starts_where_the_one_before_ended(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLE)

    spans = "select cast(started_at as varchar), cast(ended_at as varchar) from flow where remote_ip = $ip"
    ended = {"203.0.113.40": ("00:00:52.599", "00:01:12.599"), "203.0.113.41": ("00:00:56", "00:05:56")}
    for address, (first, last) in ended.items():
        [span] = set(store.query(spans, {"ip": address}).rows)
        assert span == (f"2026-08-01 {first}", f"2026-08-01 {last}")


def test_normalise_when_a_conversation_only_begins_then_it_is_a_row_without_bytes(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    reused = [tuple_of(1785542400000, "B"), tuple_of(1785542401000, "E", "1,10,1,20"), tuple_of(1785542402000, "B")]

    collect_paths(write(tmp_path / "a", record(*reused, tuple_of(1785542400000, "B", port=51345))))

    ports = "select client_port, direction, bytes from flow order by all"
    assert store.query(ports).rows == [
        (51344, "egress", 0),
        (51344, "egress", 10),
        (51344, "ingress", 20),
        (51345, "egress", 0),
    ]


@pytest.mark.parametrize("container", sorted(CONTAINERS))
def test_normalise_when_container_varies_then_the_same_rows(tmp_path: Path, container: str) -> None:
    (tmp_path / "a").write_text(CONTAINERS[container](DOCUMENT["records"]))
    rows = "select * exclude (source_id) from flow order by all"

    assert rows_of(tmp_path, rows) == rows_of(SAMPLE, rows)


@pytest.mark.parametrize(
    ("target", "vpc_id", "subnet_id"),
    [
        ("/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/VN/subnets/SN", "rg:vn", "sn"),
        ("/subscriptions/S/resourceGroups/RG/providers/Microsoft.Network/networkInterfaces/NIC", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_normalise_when_the_log_is_of_less_than_a_network_then_what_it_names(
    tmp_path: Path, store: Store, collect_paths: Collect, target: str | None, vpc_id: str, subnet_id: str
) -> None:
    collect_paths(write(tmp_path / "a", record(tuple_of(1785542400000, "B"), targetResourceID=target)))

    found = store.query("select account_id, vpc_id, subnet_id from flow").rows
    assert found == [("s" if target else "unknown", vpc_id, subnet_id)]


def test_normalise_when_the_blob_grows_then_its_rows_are_replaced(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    blob = tmp_path / "PT1H.json"
    minutes = [record(tuple_of(1785542400000 + minute * 60_000, "C", "1,10,0,0")) for minute in range(3)]

    for upto in (1, 2, 3, 3):
        collect_paths(write(blob, *minutes[:upto]))
        assert store.query("select count(*), sum(bytes) from flow").rows == [(upto, 10 * upto)]
    assert store.query("select count(*) from source_object").rows == [(1,)]


def test_normalise_when_records_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    good = tuple_of(1785542400000, "E", "1,10,0,0")
    bad = [
        record("", "nonsense", "yesterday,10.2.0.4,203.0.113.40,1,443,6,O,B,NX,0,0,0,0"),
        record("99999999999999999,10.2.0.4,203.0.113.40,1,443,6,O,B,NX,0,0,0,0"),
        record("1785542400000,10.2.0.4,nowhere,1,443,6,O,B,NX,0,0,0,0", 17),
        record(flowRecords=None),
        record(flowRecords={"flows": None}),
        record(good, category="SomethingElse"),
        "text",
    ]

    [report] = collect_paths(write(tmp_path / "a", record(good), *bad, record()))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (1, 10)


def test_normalise_when_counters_are_odd_then_what_can_be_read_is(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    short = "1785542400000,10.2.0.4,203.0.113.40,51344,443,six,O,E"

    collect_paths(write(tmp_path / "a", record(short, tuple_of(1785542400000, "E", "many,,-1,x", port=70000))))

    assert store.query("select protocol, bytes, packets from flow order by all").rows == [(0, 0, 0), (6, 0, 0)]


def test_normalise_when_document_is_cut_then_whole_records_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text(SAMPLE.read_text()[:-100])

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (6, 1)
    assert "the file ends inside record 2" in report.outcome.reason


def test_normalise_when_gzip_of_one_line_is_cut_then_failed_and_said(tmp_path: Path, collect_paths: Collect) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(SAMPLE.read_bytes())[:-20])

    [report] = collect_paths(tmp_path / "a.gz")

    assert isinstance(report.outcome, Failed)
    assert "breaks off" in report.outcome.reason


@pytest.mark.slow
def test_collect_when_a_document_holds_a_million_tuples_then_memory_stays_below_the_limit(tmp_path: Path) -> None:
    minutes = (
        json.dumps(record(*(tuple_of(1785542400000 + minute, "C", "1,10,1,20", port) for port in range(1024, 51024))))
        for minute in range(20)
    )
    (tmp_path / "PT1H.json").write_text('{"records":[' + ",".join(minutes) + "]}")
    command = [sys.executable, "-m", "shadowscan", "collect", "PT1H.json", "--memory", "1GB", "--db", "s.duckdb"]

    started = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(started.pid, 0)

    assert (status, usage.ru_maxrss < 1024 * 1024) == (0, True), usage.ru_maxrss


def test_sniff_when_the_first_record_is_longer_than_the_head_then_still_known() -> None:
    text = json.dumps({"records": [record(*(tuple_of(1785542400000, "B", port=port) for port in range(5000)))]})

    assert FORMAT.sniff(Head("PT1H.json", text.encode()[:HEAD_BYTES])) > 0.9


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=40) | st.just(tuple_of(1785542400000, "E", "1,10,1,20")), min_size=1, max_size=5),
    st.dictionaries(
        st.sampled_from(["macAddress", "targetResourceID", "flowLogResourceID"]),
        st.none() | st.integers() | st.text(max_size=8) | st.just({}),
    ),
)
def test_normalise_when_tuples_are_hostile_then_every_one_is_rows_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, tuples: list[str], changes: dict[str, object]
) -> None:
    path = write(tmp_path_factory.mktemp("a") / "a", record(*tuples, **changes))

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"azure_vnet_flow={path}")
        forward = store.query("select count(*) from flow where direction = 'egress'").rows[0][0]

    assert isinstance(report.outcome, Collected)
    assert forward + report.outcome.rejected >= len(tuples)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"records":[', b'{"category":"FlowLogFlowEvent","flowRecords":', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
