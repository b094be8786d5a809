"""OCSF records of both Security Lake source versions, as JSON and as Parquet with its real nesting."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa  # noqa: TID253 - the nesting of the files is what is tested
import pyarrow.parquet as pq  # noqa: TID253

from shadowscan.store.connection import Store

Columns = dict[str, pa.DataType]

TIME = 1785542400000
TIME_TEXT = "2026-08-01T00:00:00.000-00:00"
FLOWS = (
    "line, account_id, vpc_id, interface_id, client_ip, client_port, remote_ip, remote_port, direction, bytes, action"
)

ENDPOINT = pa.struct(
    {
        "port": pa.int32(),
        "svc_name": pa.string(),
        "ip": pa.string(),
        "intermediate_ips": pa.list_(pa.string()),
        "interface_uid": pa.string(),
        "vpc_uid": pa.string(),
        "instance_uid": pa.string(),
        "subnet_uid": pa.string(),
    }
)
METADATA = pa.struct(
    {
        "product": pa.struct(
            {
                "version": pa.string(),
                "name": pa.string(),
                "feature": pa.struct({"name": pa.string()}),
                "vendor_name": pa.string(),
            }
        ),
        "profiles": pa.list_(pa.string()),
        "version": pa.string(),
    }
)
CLOUD_1 = pa.struct({name: pa.string() for name in ("account_uid", "region", "zone", "provider")})
CLOUD_2 = pa.struct(
    {
        "account": pa.struct({"uid": pa.string()}),
        **{name: pa.string() for name in ("region", "zone", "provider")},
    }
)
CONNECTION = pa.struct(
    {
        "protocol_num": pa.int32(),
        "tcp_flags": pa.int32(),
        "protocol_ver": pa.string(),
        "boundary_id": pa.int32(),
        "boundary": pa.string(),
        "direction_id": pa.int32(),
        "direction": pa.string(),
    }
)
SHARED = {
    "metadata": METADATA,
    "src_endpoint": ENDPOINT,
    "dst_endpoint": ENDPOINT,
    "time": pa.int64(),
    "class_uid": pa.int32(),
    "activity_id": pa.int32(),
    "disposition": pa.string(),
    "unmapped": pa.map_(pa.string(), pa.string()),
}
FLOW_1 = SHARED | {
    "cloud": CLOUD_1,
    "connection_info": CONNECTION,
    "traffic": pa.struct({"packets": pa.int64(), "bytes": pa.int64()}),
    "start_time": pa.int64(),
    "end_time": pa.int64(),
    "status_code": pa.string(),
}
FLOW_2 = (FLOW_1 | {"cloud": CLOUD_2, "action": pa.string()}) | {
    name: pa.timestamp("ms", tz="UTC") for name in ("time_dt", "start_time_dt", "end_time_dt")
}
DNS = SHARED | {
    "query": pa.struct({"hostname": pa.string(), "type": pa.string(), "class": pa.string()}),
    "answers": pa.list_(pa.struct({"type": pa.string(), "rdata": pa.string(), "class": pa.string()})),
    "connection_info": pa.struct({"protocol_name": pa.string(), "direction": pa.string()}),
    "rcode": pa.string(),
    "action": pa.string(),
}
DNS_1, DNS_2 = DNS | {"cloud": CLOUD_1}, DNS | {"cloud": CLOUD_2, "time_dt": pa.timestamp("ms", tz="UTC")}


def flow(version: int, **changes: Any) -> dict[str, Any]:
    """An outbound flow of 5,840 bytes as AWS writes it in this source version."""
    cloud = {"account_uid": "111111111111"} if version == 1 else {"account": {"uid": "111111111111"}}
    base: dict[str, Any] = {
        "metadata": {"product": {"name": "Amazon VPC", "feature": {"name": "Flowlogs"}, "vendor_name": "AWS"}},
        "class_uid": 4001,
        "activity_id": 6,
        "time": TIME,
        "cloud": cloud | {"region": "us-east-1", "zone": "use1-az1", "provider": "AWS"},
        "src_endpoint": {
            "ip": "10.0.1.5",
            "port": 49152,
            "svc_name": "-",
            "vpc_uid": "vpc-0aa",
            "interface_uid": "eni-0dd",
            "instance_uid": "i-0cc",
            "subnet_uid": "subnet-0bb",
        },
        "dst_endpoint": {"ip": "203.0.113.10", "port": 443, "svc_name": "BEDROCK"},
        "connection_info": {"protocol_num": 6, "direction": "Outbound", "direction_id": 2},
        "traffic": {"packets": 12, "bytes": 5840},
        "status_code": "OK",
    }
    if version == 1:
        base |= {"start_time": TIME, "end_time": TIME + 58_000, "disposition": "Allowed"}
    return base | changes


def question(version: int, **changes: Any) -> dict[str, Any]:
    base = flow(version)
    return {
        "metadata": {"product": {"name": "Route 53", "feature": {"name": "Resolver Query Logs"}, "vendor_name": "AWS"}},
        "class_uid": 4003,
        "activity_id": 2,
        "time": TIME,
        "cloud": base["cloud"],
        "src_endpoint": {"ip": "10.0.1.5", "port": 41522, "vpc_uid": "vpc-0aa", "instance_uid": "i-0cc"},
        "dst_endpoint": {"instance_uid": "rslvr-in-0aa", "interface_uid": "rni-0bb"},
        "query": {"hostname": "API.OpenAI.com.", "type": "A", "class": "IN"},
        "answers": [
            {"type": "CNAME", "rdata": "edge.cdn.example.", "class": "IN"},
            {"type": "A", "rdata": "203.0.113.10", "class": "IN"},
        ],
        "connection_info": {"protocol_name": "UDP", "direction": "Unknown"},
        "rcode": "NoError",
        "disposition": "No Action",
    } | changes


def write_json(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n")
    return path


def write_parquet(path: Path, columns: Columns, *records: dict[str, Any]) -> Path:
    """Parquet with every column of the source version, whatever the records hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    filled = [
        record | {name: TIME for name in columns if name in ("time_dt", "start_time_dt")}
        if "time_dt" in columns
        else record
        for record in records
    ]
    if "end_time_dt" in columns:
        filled = [record | {"end_time_dt": TIME + 58_000} for record in filled]
    pq.write_table(pa.Table.from_pylist(filled, schema=pa.schema(columns)), path, compression="zstd")
    return path


def flows(store: Store, columns: str = FLOWS) -> list[tuple[object, ...]]:
    return store.query(f"select {columns} from flow order by source_id, line, direction").rows


OUTBOUND = (
    *("111111111111", "vpc-0aa", "eni-0dd", "10.0.1.5", 49152, "203.0.113.10", 443),
    *("egress", 5840, "accept"),
)
