"""Azure network security group flow logs on a real DuckDB."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.azure_nsg_flow import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import take_in

SAMPLE = SAMPLES / "azure_nsg_flow.json"
DOCUMENT: dict[str, Any] = json.loads(SAMPLE.read_text())


def record(*tuples: object, **changes: object) -> dict[str, Any]:
    """One record of the sample with these tuples."""
    flows = [{"rule": "r", "flows": [{"mac": "000D3AF87856", "flowTuples": list(tuples)}]}]
    return DOCUMENT["records"][0] | {"properties": {"Version": 2, "flows": flows}} | changes


def write(path: Path, *records: object) -> Path:
    path.write_text(json.dumps({"records": records}))
    return path


def test_normalise_when_sample_then_one_row_for_each_direction(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("azure_nsg_flow", 0)
    sides = "select line, client_ip, client_port, remote_ip, protocol, direction, action, packets, bytes from flow"
    assert store.query(f"{sides} order by all").rows == [
        (1, "10.2.0.4", 40001, "203.0.113.53", 17, "egress", "accept", 1, 70),
        (1, "10.2.0.4", 40001, "203.0.113.53", 17, "ingress", "accept", 1, 230),
        (1, "10.2.0.4", 51345, "203.0.113.40", 6, "egress", "accept", 10, 4000),
        (1, "10.2.0.4", 51345, "203.0.113.40", 6, "ingress", "accept", 12, 8000),
        (2, "10.2.0.4", 22, "198.51.100.7", 6, "ingress", "reject", 0, 0),
        (3, "10.2.0.4", 51400, "203.0.113.40", 6, "egress", "accept", 0, 0),
    ]


def test_normalise_when_sample_then_whose_it_is_and_what_the_log_does_not_say(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLE)

    places = "select distinct account_id, vpc_id, region, interface_id from flow"
    assert store.query(places).rows == [("11111111-2222-3333-4444-555555555555", "unknown", "unknown", "000d3af87856")]
    seconds = "select cast(started_at as varchar), cast(ended_at as varchar) from flow where bytes = 4000"
    assert store.query(seconds).rows == [("2026-08-01 00:01:00", "2026-08-01 00:01:20")]


def test_normalise_when_records_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    good = "1785542480,10.2.0.4,203.0.113.40,51345,443,T,O,A,E,10,4000,0,0"
    bad = [record("", "1,2", 17), record(properties=None), record(good, category="Other"), 5, "text"]

    [report] = collect_paths(write(tmp_path / "a", record(good), *bad, record()))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (1, 6)


def test_collect_when_both_flow_logs_are_in_a_folder_then_each_is_read_as_what_it_is(
    tmp_path: Path, collect_paths: Collect
) -> None:
    for name in ("azure_nsg_flow", "azure_vnet_flow"):
        (tmp_path / f"{name}.gz").write_bytes((SAMPLES / f"{name}.json").read_bytes())

    reports = collect_paths(tmp_path)

    assert sorted(report.format for report in reports) == ["azure_nsg_flow", "azure_vnet_flow"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40) | st.just("1785542480,10.2.0.4,203.0.113.40,1,443,T,O,A"), min_size=1, max_size=5))
def test_normalise_when_tuples_are_hostile_then_every_one_is_a_row_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, tuples: list[str]
) -> None:
    path = write(tmp_path_factory.mktemp("a") / "a", record(*tuples))

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"azure_nsg_flow={path}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["flow"] + report.outcome.rejected >= len(tuples)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"records":[', b'{"category":"NetworkSecurityGroupFlowEvent","flows":', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
