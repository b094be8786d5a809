"""CPU of collecting, against DuckDB reading the same bytes bare into a table, and against flowlogs-reader.

Every way runs in a process of its own, one after the other, so the ratios hold on any machine; the seconds do not.
`text`, `parquet` and `json` are one format alone; `mix` is flows with 5 % DNS under `--memory 1GB`.
Run: `python -m bench.collect [CASE …] [RECORDS …]`, records as 1000000 or 10m; all cases unless some are named.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.logs import write_flow_parquet, write_flow_text, write_questions

DEFAULT_RECORDS = 500_000
ROUNDS = 2
SLOW_READER_RECORDS = 1_000_000  # above this flowlogs-reader is timed on a part, and the rest is reckoned
MANY_RECORDS = 10_000_000  # above this one round must do
DNS_SHARE = 20

FLOW_TYPES = {
    "version": "INTEGER",
    "account-id": "VARCHAR",
    "interface-id": "VARCHAR",
    "srcaddr": "VARCHAR",
    "dstaddr": "VARCHAR",
    "srcport": "INTEGER",
    "dstport": "INTEGER",
    "protocol": "BIGINT",
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
QUESTION_TYPES = {
    "version": "VARCHAR",
    "account_id": "VARCHAR",
    "region": "VARCHAR",
    "vpc_id": "VARCHAR",
    "query_timestamp": "TIMESTAMP",
    "query_name": "VARCHAR",
    "query_type": "VARCHAR",
    "query_class": "VARCHAR",
    "rcode": "VARCHAR",
    "answers": 'STRUCT(Rdata VARCHAR, "Type" VARCHAR, Class VARCHAR)[]',
    "srcaddr": "VARCHAR",
    "srcport": "INTEGER",
    "transport": "VARCHAR",
    "srcids": 'STRUCT("instance" VARCHAR, resolver_endpoint VARCHAR, resolver_network_interface VARCHAR)',
    "firewall_rule_action": "VARCHAR",
    "firewall_rule_group_id": "VARCHAR",
    "firewall_domain_list_id": "VARCHAR",
}

BARE = """
import duckdb, glob, json, sys
logs, store, memory, flows, questions = sys.argv[1:]
limit = {"threads": 2, "memory_limit": memory, "temp_directory": store + ".tmp"}
readers = {
    "log.gz": (
        "read_csv($files, delim=' ', header=true, nullstr='-', quote='', escape='', auto_detect=false,"
        " columns=$columns)",
        flows,
    ),
    "json.gz": ("read_json($files, format='newline_delimited', columns=$columns)", questions),
    "parquet": ("read_parquet($files)", ""),
}
with duckdb.connect(store, config=limit) as connection:
    connection.execute("set enable_progress_bar = false")
    for number, (suffix, (reader, columns)) in enumerate(readers.items()):
        values = {"files": sorted(glob.glob(f"{logs}/**/*.{suffix}", recursive=True))}
        if values["files"]:
            values |= {"columns": json.loads(columns)} if columns else {}
            connection.execute(f"create table raw{number} as select * from {reader}", values)
"""

COLLECT = """
import sys
from datetime import UTC, datetime
from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.engines.duckdb import Limits, parse_memory
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
logs, store, memory = sys.argv[1:4]
with Store.open(store, Limits(memory_mb=parse_memory(memory))) as opened:
    collect(opened, plan_targets([logs]).targets, CollectOptions("bench", Window(), datetime.now(UTC)))
"""

# What its own S3 reader does with a file, without the download: parse every record, keep none.
FLOWLOGS_READER = """
import csv, glob, gzip, sys, warnings
from flowlogs_reader import FlowRecord
warnings.simplefilter("ignore")
for path in sorted(glob.glob(sys.argv[1] + "/**/*.log.gz", recursive=True)):
    with gzip.open(path, "rt") as file:
        reader = csv.DictReader(file, delimiter=" ")
        reader.fieldnames = [name.replace("-", "_") for name in reader.fieldnames]
        for event in reader:
            try:
                FlowRecord(event)
            except ValueError:
                pass
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One child: CPU seconds (user and system), wall seconds, peak resident megabytes."""

    cpu: float
    wall: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table: what is written for so many records, and the memory it is read under."""

    name: str
    write: Callable[[Path, int], None]
    memory: str


def main() -> None:
    """Measure every case at every size and print the table."""
    sizes = [_records(word) for word in sys.argv[1:] if word[0].isdigit()] or [DEFAULT_RECORDS]
    named = [case for case in CASES if case.name in sys.argv[1:]] or CASES
    print(f"CPU seconds, best of {ROUNDS}; peak resident memory of ours in MB")
    print(
        f"{'records':>12} {'case':<10}{'bare':>9}{'ours':>9}{'ratio':>8}{'wall':>8}{'peak':>8}{'flowlogs-reader':>18}"
    )
    for records in sizes:
        for case in named:
            _measure_case(case, records)


def _measure_case(case: Case, records: int) -> None:
    with tempfile.TemporaryDirectory(prefix="shadowscan-bench-") as folder:
        logs = Path(folder) / "logs"
        case.write(logs, records)
        limit = f"{_engine_mb(case.memory)}MB"
        bare, ours = [], []
        for number in range(ROUNDS if records <= MANY_RECORDS else 1):
            bare.append(
                _run(BARE, folder, f"bare{number}", logs, limit, json.dumps(FLOW_TYPES), json.dumps(QUESTION_TYPES))
            )
            ours.append(_run(COLLECT, folder, f"ours{number}", logs, case.memory))
        cheapest, base = min(ours, key=lambda cost: cost.cpu), min(cost.cpu for cost in bare)
        against = f"{_slow_reader(Path(folder), records) / cheapest.cpu:>17.1f}x" if case.name == "text" else ""
        print(
            f"{records:>12,} {case.name:<10}{base:>9.2f}{cheapest.cpu:>9.2f}{cheapest.cpu / base:>7.2f}x"
            f"{cheapest.wall:>8.1f}{max(cost.peak_mb for cost in ours):>8.0f}{against}",
            flush=True,
        )


def cheapest(program: str, folder: Path, *arguments: str) -> tuple[Cost, Path]:
    """The run that cost least, of some on the logs in `folder/logs`, and the store that the last of them left."""
    costs = []
    for number in range(ROUNDS):
        name = f"{abs(hash(program))}-{number}"
        costs.append(_run(program, str(folder), name, folder / "logs", *arguments, is_kept=number == ROUNDS - 1))
    return min(costs, key=lambda cost: cost.cpu), folder / name / "s.duckdb"


def _slow_reader(folder: Path, records: int) -> float:
    """CPU seconds of flowlogs-reader for that many records."""
    part = min(records, SLOW_READER_RECORDS)
    write_flow_text(folder / "part", part)
    return _run(FLOWLOGS_READER, str(folder), "reader", folder / "part").cpu * records / part


def _run(program: str, folder: str, name: str, logs: Path, *arguments: str, is_kept: bool = False) -> Cost:
    """One way in a fresh process with a fresh store, which is gone afterwards unless it is to be kept."""
    store = Path(folder) / name / "s.duckdb"
    store.parent.mkdir()
    command = [sys.executable, "-c", program, str(logs), str(store), *arguments]
    began = time.monotonic()
    child = os.posix_spawn(sys.executable, command, {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - began
    assert os.waitstatus_to_exitcode(status) == 0, name
    for path in () if is_kept else store.parent.rglob("*"):
        if path.is_file():
            path.unlink()
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _write_mix(folder: Path, records: int) -> None:
    write_flow_text(folder / "flows", records)
    write_questions(folder / "dns", records // DNS_SHARE)


CASES = (
    Case("text", write_flow_text, "2GB"),
    Case("parquet", write_flow_parquet, "2GB"),
    Case("json", lambda folder, records: write_questions(folder, records // 2), "2GB"),
    Case("mix", _write_mix, "1GB"),
)


def _engine_mb(memory: str) -> int:
    """What the engine gets of it in our own process."""
    from shadowscan.engines.duckdb import Limits, parse_memory

    return Limits(memory_mb=parse_memory(memory)).engine_mb


def _records(word: str) -> int:
    return int(float(word.lower().removesuffix("m")) * 1_000_000) if word.lower().endswith("m") else int(word)


if __name__ == "__main__":
    main()
