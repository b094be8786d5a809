"""CPU of collecting a million flows, against DuckDB's bare typed `read_csv` of the same files into a table.

Both run in a process of their own, one after the other, so the ratio holds on any machine; the seconds do not.
Run: `python bench/collect.py [RECORDS]`.
"""

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

FILES = 20
ROUNDS = 2
COLUMNS = {
    "version": "INTEGER",
    "account-id": "VARCHAR",
    "interface-id": "VARCHAR",
    "srcaddr": "VARCHAR",
    "dstaddr": "VARCHAR",
    "srcport": "INTEGER",
    "dstport": "INTEGER",
    "protocol": "INTEGER",
    "packets": "BIGINT",
    "bytes": "BIGINT",
    "start": "BIGINT",
    "end": "BIGINT",
    "action": "VARCHAR",
    "log-status": "VARCHAR",
    "vpc-id": "VARCHAR",
    "subnet-id": "VARCHAR",
    "instance-id": "VARCHAR",
    "tcp-flags": "INTEGER",
    "type": "VARCHAR",
    "pkt-srcaddr": "VARCHAR",
    "pkt-dstaddr": "VARCHAR",
    "region": "VARCHAR",
    "az-id": "VARCHAR",
    "pkt-src-aws-service": "VARCHAR",
    "pkt-dst-aws-service": "VARCHAR",
    "flow-direction": "VARCHAR",
    "traffic-path": "INTEGER",
}

# Seeded by the record's number: 2 % of records are NODATA, one in a hundred of those SKIPDATA, 5 % are refused.
RECORDS = """
with number as (
  select i, hash(i * 31 + 1) as h, hash(i * 17 + 3) as g, hash(i * 7 + 9) as k
  from range($first::bigint, $last::bigint) as r(i)
),
side as (
  select
    *,
    '10.' || h % 4 || '.' || h // 16 % 200 || '.' || h // 65536 % 250 as client,
    20 + g % 180 || '.' || g // 256 % 250 || '.' || g // 65536 % 16 || '.' || g // 1048576 % 8 as remote,
    k % 2 = 0 as is_out,
    k % 50 <> 0 as is_ok
  from number
)
select
  5 as "version",
  '123456789012' as "account-id",
  'eni-0' || h % 2000 as "interface-id",
  case when is_ok then case when is_out then client else remote end end as srcaddr,
  case when is_ok then case when is_out then remote else client end end as dstaddr,
  case when is_ok then case when is_out then 1024 + h % 60000 else 443 end end as srcport,
  case when is_ok then case when is_out then 443 else 1024 + h % 60000 end end as dstport,
  case when is_ok then 6 end as protocol,
  case when is_ok then k % 1000 end as packets,
  case when is_ok then (k % 1000) * (g % 1500) end as bytes,
  1790000000 + i // 12 as "start",
  1790000058 + i // 12 as "end",
  case when is_ok then case when h % 20 = 0 then 'REJECT' else 'ACCEPT' end end as action,
  case when is_ok then 'OK' when k % 5000 = 0 then 'SKIPDATA' else 'NODATA' end as "log-status",
  'vpc-0' || h % 5 as "vpc-id",
  'subnet-0' || h % 50 as "subnet-id",
  'i-0' || h % 2000 as "instance-id",
  2 as "tcp-flags",
  'IPv4' as "type",
  case when is_ok then case when is_out then client else remote end end as "pkt-srcaddr",
  case when is_ok then case when is_out then remote else client end end as "pkt-dstaddr",
  'us-east-1' as region,
  'use1-az1' as "az-id",
  null as "pkt-src-aws-service",
  null as "pkt-dst-aws-service",
  case when is_out then 'egress' else 'ingress' end as "flow-direction",
  8 as "traffic-path"
from side
"""

BARE = """
import duckdb, glob, json, sys
logs, store, columns = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with duckdb.connect(store, config={"threads": 2, "memory_limit": "1748MB"}) as connection:
    connection.execute("set enable_progress_bar = false")
    connection.execute(
        "create table raw as select * from read_csv($files, delim=' ', header=true, nullstr='-', quote='', escape='',"
        " auto_detect=false, columns=$columns)",
        {"files": sorted(glob.glob(logs + "/*")), "columns": columns},
    )
"""

COLLECT = """
import sys
from datetime import UTC, datetime
from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
with Store.open(sys.argv[2]) as store:
    collect(store, plan_targets([sys.argv[1]]).targets, CollectOptions("bench", Window(), datetime.now(UTC)))
"""

EMPTY = "import duckdb"


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one child, user and system together."""

    cpu: float


def main() -> None:
    """Write the files once, measure each way, print the table."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="shadowscan-bench-") as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        write_logs(logs, records)
        start = best(EMPTY, Path(folder), [])
        bare = best(BARE, Path(folder), [_as_json(COLUMNS)])
        ours = best(COLLECT, Path(folder), [])
    print(f"{records} flow records in {FILES} gzip files, CPU seconds, best of {ROUNDS}")
    print(f"{'bare typed read_csv into a table':<36}{bare.cpu:>8.2f}{1:>8.2f}x")
    print(f"{'shadowscan collect':<36}{ours.cpu:>8.2f}{ours.cpu / bare.cpu:>8.2f}x")
    print(f"{'(python -c import duckdb)':<36}{start.cpu:>8.2f}")


def write_logs(folder: Path, records: int) -> None:
    """Write the records in name order of the files, the same bytes each time."""
    share = records // FILES
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for number in range(FILES):
            bounds = {"first": number * share, "last": (number + 1) * share}
            connection.execute(f"create or replace temp table record as {RECORDS}", bounds)
            connection.execute(
                f"copy record to '{folder}/{number:02}.log.gz' (format csv, delimiter ' ', header, quote '',"
                " escape '', nullstr '-', compression gzip)"
            )


def best(program: str, folder: Path, arguments: list[str]) -> Cost:
    """The cheapest of a few rounds, each with a fresh store."""
    costs = []
    for number in range(ROUNDS):
        store = folder / f"store-{abs(hash(program))}-{number}" / "s.duckdb"
        store.parent.mkdir()
        before = _children_cpu()
        command = [sys.executable, "-c", program, str(folder / "logs"), str(store), *arguments]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
        costs.append(_children_cpu() - before)
    return Cost(min(costs))


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _as_json(value: object) -> str:
    import json

    return json.dumps(value)


if __name__ == "__main__":
    main()
