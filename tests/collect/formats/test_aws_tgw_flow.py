"""AWS Transit Gateway flow logs: whose traffic it was, and where it was seen."""

from pathlib import Path

import pytest

from shadowscan.collect.formats.aws_tgw_flow import DEFAULT_FIELDS, FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import HEADER, SAMPLES, Collect, record

PLACES = "account_id, vpc_id, interface_id, az, region, client_ip, remote_ip, direction, bytes"
BASE = {
    "version": "6",
    "resource_type": "TransitGateway",
    "account_id": "999999999999",
    "tgw_id": "tgw-0aa",
    "tgw_attachment_id": "tgw-attach-0bb",
    "tgw_src_vpc_account_id": "111111111111",
    "tgw_src_vpc_id": "vpc-0cc",
    "tgw_src_eni": "eni-0ee",
    "tgw_src_az_id": "use1-az1",
    "srcaddr": "10.0.1.5",
    "dstaddr": "198.51.100.20",
    "srcport": "49160",
    "dstport": "443",
    "protocol": "6",
    "packets": "10",
    "bytes": "6200",
    "start": "1785542400",
    "end": "1785542458",
    "log_status": "OK",
    "type": "IPv4",
    "region": "us-east-1",
    "flow_direction": "ingress",
}


def line(**changes: str) -> str:
    values = BASE | changes
    return " ".join(values.get(field, "-") for field in DEFAULT_FIELDS)


def header() -> str:
    return " ".join(field.replace("_", "-") for field in DEFAULT_FIELDS)


def flows(store: Store, columns: str) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line").rows


def test_normalise_when_sample_then_the_source_network_owns_the_client(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLES / "aws_tgw_flow_v6.log")

    assert report.format == "aws_tgw_flow"
    assert flows(store, PLACES) == [
        (
            *("123456789012", "vpc-0cc", "tgw-attach-0bb", "use1-az1", "us-east-1"),
            *("10.0.1.5", "198.51.100.20", "egress", 6200),
        )
    ]
    assert flows(store, "sensor, action, subnet_id, line") == [("transit_gateway", "accept", "unknown", 2)]


def test_normalise_when_the_answer_comes_back_then_the_target_network_owns_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    answer = {
        "srcaddr": "198.51.100.20",
        "dstaddr": "10.0.1.5",
        "srcport": "443",
        "dstport": "49160",
        "tgw_src_vpc_account_id": "222222222222",
        "tgw_src_vpc_id": "vpc-hub",
        "tgw_dst_vpc_account_id": "111111111111",
        "tgw_dst_vpc_id": "vpc-0cc",
        "flow_direction": "egress",
    }
    (tmp_path / "a.log").write_text(f"{header()}\n{line(**answer)}\n")

    collect_paths(tmp_path)

    assert flows(store, "account_id, vpc_id, client_ip, client_port, direction") == [
        ("111111111111", "vpc-0cc", "10.0.1.5", 49160, "ingress")
    ]


def test_normalise_when_both_attachments_recorded_it_then_two_points_of_one_connection(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    leaving = line(tgw_attachment_id="tgw-attach-0ff", flow_direction="egress")
    (tmp_path / "a.log").write_text(f"{header()}\n{line()}\n{leaving}\n")

    collect_paths(tmp_path)

    assert flows(store, "interface_id, account_id, client_ip, client_port, direction") == [
        ("tgw-attach-0bb", "111111111111", "10.0.1.5", 49160, "egress"),
        ("tgw-attach-0ff", "111111111111", "10.0.1.5", 49160, "egress"),
    ]


def test_normalise_when_the_client_is_behind_a_vpn_then_its_network_is_unknown(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    vpn = line(tgw_src_vpc_account_id="-", tgw_src_vpc_id="-")
    (tmp_path / "a.log").write_text(f"{header()}\n{vpn}\n")

    collect_paths(tmp_path)

    assert flows(store, "account_id, vpc_id") == [("unknown", "unknown")]


def test_normalise_when_no_header_then_all_fields_in_their_order(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a.log").write_text(f"{line()}\n{line(log_status='NODATA', srcaddr='-', dstaddr='-')}\n")

    [report] = collect_paths(tmp_path)

    assert report.format == "aws_tgw_flow"
    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert flows(store, "line, remote_ip") == [(1, "198.51.100.20")]


def test_normalise_when_parquet_then_the_same_rows(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = {"version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "tcp_flags"}
    columns = {
        field: pa.array([int(BASE[field]) if field in BASE else None], pa.int64())
        if field in numbers
        else pa.array([BASE.get(field, "-")])
        for field in DEFAULT_FIELDS
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")

    [report] = collect_paths(tmp_path)

    assert report.format == "aws_tgw_flow"
    assert flows(store, "line, account_id, vpc_id, client_ip, remote_ip, bytes") == [
        (1, "111111111111", "vpc-0cc", "10.0.1.5", "198.51.100.20", 6200)
    ]


@pytest.mark.parametrize("text", [HEADER, record(), "version account-id srcaddr dstaddr start bytes", ""])
def test_sniff_when_a_flow_log_of_interfaces_then_not_ours(text: str) -> None:
    assert FORMAT.sniff(Head("x", text.encode())) < 0.5
