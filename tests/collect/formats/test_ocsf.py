"""OCSF network and HTTP activity of both source versions, as JSON and as Parquet."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.ocsf import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.ocsf_records import (
    DNS_1,
    FLOW_1,
    FLOW_2,
    OUTBOUND,
    TIME,
    TIME_TEXT,
    Columns,
    flow,
    flows,
    question,
    write_json,
    write_parquet,
)


def test_normalise_when_samples_then_flow_question_and_answer(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "ocsf_vpcflow_v2.json", SAMPLES / "ocsf_dns_v2.json")

    assert flows(store, "client_ip, remote_ip, bytes, sensor") == [("10.0.1.5", "203.0.113.10", 5840, "flow_log")]
    assert store.query("select qname, ip, ttl_seconds, client_ip from dns_answer").rows == [
        ("api.openai.com", "203.0.113.10", -1, "10.0.1.5")
    ]


@pytest.mark.parametrize(("version", "columns"), [(1, FLOW_1), (2, FLOW_2)], ids=["source 1", "source 2"])
def test_normalise_when_flow_of_either_version_and_container_then_the_same_row(
    tmp_path: Path, store: Store, collect_paths: Collect, version: int, columns: Columns
) -> None:
    record = flow(version) | (
        {} if version == 1 else {"start_time_dt": TIME_TEXT, "end_time_dt": "2026-08-01T00:00:58Z"}
    )
    write_json(tmp_path / "a.json", record)
    write_parquet(tmp_path / "b.parquet", columns, flow(version))

    reports = collect_paths(tmp_path)

    assert {report.format for report in reports} == {"ocsf"}
    assert flows(store) == [(1, *OUTBOUND)] * 2
    assert (
        flows(store, "region, az, instance_id, subnet_id, remote_service, protocol, packets")
        == [("us-east-1", "use1-az1", "i-0cc", "subnet-0bb", "BEDROCK", 6, 12)] * 2
    )
    assert [(str(a), str(b)) for a, b in flows(store, "started_at, ended_at")] == [
        ("2026-08-01 00:00:00", "2026-08-01 00:00:58")
    ] * 2


def test_normalise_when_versions_and_classes_lie_in_one_folder_then_each_by_its_own_places(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_parquet(tmp_path / "a.parquet", FLOW_1, flow(1), flow(1))
    write_parquet(tmp_path / "b.parquet", FLOW_2, flow(2))
    write_parquet(tmp_path / "c.parquet", DNS_1, question(1))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables == {"flow": 3, "dns_query": 1, "dns_answer": 1, "tls_connection": 0}
    assert flows(store, "line") == [(1,), (2,), (1,)]


def test_normalise_when_inbound_then_the_recording_side_is_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    inbound = {
        "src_endpoint": {"ip": "203.0.113.10", "port": 443, "svc_name": "BEDROCK"},
        "dst_endpoint": {
            "ip": "10.0.1.14",
            "intermediate_ips": ["10.0.9.9"],
            "port": 49152,
            "svc_name": "-",
            "vpc_uid": "vpc-0aa",
            "interface_uid": "eni-0dd",
        },
        "connection_info": {"protocol_num": 6, "direction": "Inbound"},
    }
    write_json(tmp_path / "a.json", flow(2, **inbound))

    collect_paths(tmp_path)

    assert flows(store, "client_ip, interface_client_ip, remote_ip, vpc_id, direction, remote_service") == [
        ("10.0.1.14", "10.0.9.9", "203.0.113.10", "vpc-0aa", "ingress", "BEDROCK")
    ]


@pytest.mark.parametrize(
    "denied",
    [{"action": "Denied"}, {"action": "REJECT"}, {"disposition": "Blocked"}, {"activity_id": 5}],
    ids=["action", "raw action", "disposition", "refuse"],
)
def test_normalise_when_refused_then_an_attempt(
    tmp_path: Path, store: Store, collect_paths: Collect, denied: dict[str, Any]
) -> None:
    write_json(tmp_path / "a.json", flow(2, **denied))

    collect_paths(tmp_path)

    assert flows(store, "action") == [("reject",)]


def test_normalise_when_bytes_are_counted_both_ways_then_a_row_each_way(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    other = {"product": {"name": "Edge Firewall"}}
    counts = {"bytes_out": 100, "bytes_in": 900, "packets_out": 1, "packets_in": 2}
    write_json(tmp_path / "a.json", flow(2, metadata=other, traffic=counts, tls={"sni": "API.openai.com"}))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert flows(store, "line, sensor, client_ip, remote_ip, direction, bytes, packets, vpc_id") == [
        (1, "firewall", "10.0.1.5", "203.0.113.10", "egress", 100, 1, "vpc-0aa"),
        (1, "firewall", "10.0.1.5", "203.0.113.10", "ingress", 900, 2, "vpc-0aa"),
    ]
    assert store.query("select host, named_by, sensor from tls_connection").rows == [
        ("api.openai.com", "sni", "firewall")
    ]


def test_normalise_when_both_ends_are_private_then_both_rows_have_one_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    counts = {"bytes_out": 100, "bytes_in": 900}
    ends = {"dst_endpoint": {"ip": "10.0.2.9", "port": 8000}, "connection_info": {"protocol_num": 6}}
    write_json(tmp_path / "a.json", flow(2, metadata={"product": {"name": "Edge"}}, traffic=counts, **ends))

    collect_paths(tmp_path)

    assert flows(store, "client_ip, remote_ip, remote_port, direction, bytes") == [
        ("10.0.1.5", "10.0.2.9", 8000, "egress", 100),
        ("10.0.1.5", "10.0.2.9", 8000, "ingress", 900),
    ]


def test_normalise_when_http_activity_then_host_path_and_bytes(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    request = {"url": {"hostname": "api.openai.com", "path": "/v1/responses?key=value"}, "http_method": "POST"}
    tunnel = {"url": {"hostname": "x.ai:443"}, "http_method": "CONNECT"}
    shared = {"class_uid": 4002, "traffic": {"bytes_out": 10, "bytes_in": 20}, "time_dt": TIME_TEXT}
    write_json(
        tmp_path / "a.json",
        flow(2, **shared, http_request=request),
        flow(2, **shared, http_request=tunnel, action="Denied"),
        flow(2, **shared),
    )

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["tls_connection"], report.outcome.rejected) == (2, 0)
    assert store.query(
        "select line, host, path, named_by, action, bytes_out, bytes_in, sensor from tls_connection order by line"
    ).rows == [
        (1, "api.openai.com", "/v1/responses", "http_host", "accept", 10, 20, "proxy"),
        (2, "x.ai", "", "connect", "reject", 10, 20, "proxy"),
    ]


def test_normalise_when_other_classes_are_mixed_in_then_noted_and_not_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_json(tmp_path / "a.json", flow(2), flow(2, class_uid=3002), flow(2, class_uid=6003), flow(2))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 0)
    assert store.query("select kind, count, detail from coverage_note").rows == [
        ("other_class", 2, "2 records of OCSF class 3002, 6003 are not about traffic")
    ]


def test_normalise_when_lines_are_bad_then_rejected_by_line(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = flow(2, src_endpoint={"ip": "nowhere"})
    (tmp_path / "a.json").write_text("\n".join([json.dumps(flow(2)), "{", json.dumps(bad), json.dumps(flow(2))]) + "\n")

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 2)
    assert "line 2: " in report.outcome.reason
    assert flows(store, "line") == [(1,), (4,)]


def test_normalise_when_skipdata_or_seconds_then_as_in_a_flow_log(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lost = flow(1, status_code="SKIPDATA", src_endpoint={"interface_uid": "eni-0dd"}, dst_endpoint={})
    seconds = flow(1, time=TIME // 1000, start_time=TIME // 1000, end_time=TIME // 1000 + 58)
    write_json(tmp_path / "a.json", seconds, lost, flow(1, status_code="NODATA"))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.tables["coverage_note"], report.outcome.rejected) == (1, 1, 0)
    assert str(flows(store, "started_at")[0][0]) == "2026-08-01 00:00:00"


def test_normalise_when_account_is_missing_then_from_the_lakes_path(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    folder = tmp_path / "aws" / "VPC_FLOW" / "2.0" / "region=eu-west-1" / "accountId=470100000011" / "eventDay=20260801"
    columns = {name: kind for name, kind in FLOW_2.items() if name != "cloud"}
    record = {name: value for name, value in flow(2).items() if name != "cloud"}
    write_parquet(folder / "a.gz.parquet", columns, record)

    collect_paths(tmp_path)

    assert flows(store, "account_id, region") == [("470100000011", "eu-west-1")]


@pytest.mark.parametrize(
    "record",
    [{"class_uid": 3002, "metadata": {}}, {"class_uid": 4001, "a": 1}, {"class_uid": "4001", "metadata": {}}, {"a": 1}],
)
def test_sniff_when_not_about_traffic_then_not_ours(record: dict[str, Any]) -> None:
    assert FORMAT.sniff(Head("x", json.dumps(record).encode())) < 0.5
