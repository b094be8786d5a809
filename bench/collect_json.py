"""CPU of collecting JSON logs of Google Cloud and Azure, against DuckDB's bare typed `read_json` of the same fields.

Bare is what a person would write by hand: one statement, the fields that the format reads with their types, into one
table. It checks nothing and gives no numbers of addresses, no lines and no client. `rows` says how much more is stored:
a DNS entry becomes a question and its answers, a tuple of Azure two directions.
Each runs in a process of its own, so the ratio holds on any machine; the seconds do not.
Run: `python -m bench.collect_json [RECORDS]`.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.collect import COLLECT, cheapest
from shadowscan.collect.formats import _azure_firewall_sql, gcp_dns, gcp_vpc_flow
from shadowscan.collect.formats._gcp_log_entry import RESOURCE, Shape, shape_type

START = 1_785_542_400
SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Apps/providers/Microsoft.Network"

BARE = """
import duckdb, sys
with duckdb.connect(sys.argv[2], config={"threads": 2, "memory_limit": "1748MB"}) as connection:
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(sys.argv[3], {"path": sys.argv[1] + "/log.json"})
"""

COUNT = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(sum(connection.execute(f"select count(*) from {table}").fetchone()[0]
              for table in ("flow", "dns_query", "dns_answer", "tls_connection")))
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of log: its lines, and the bare statement that reads them."""

    name: str
    lines: Callable[[int], Iterator[str]]
    bare: str


def main() -> None:
    """Write each log once, measure both ways, print the table."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    print(f"{records} records each, plain JSON, CPU seconds")
    print(f"{'log':<28}{'MB':>6}{'bare':>8}{'collect':>9}{'ratio':>8}{'rows':>11}")
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="shadowscan-bench-") as folder:
            print(_measure(case, Path(folder), records))


def _measure(case: Case, folder: Path, records: int) -> str:
    log = folder / "logs" / "log.json"
    log.parent.mkdir()
    with log.open("w") as out:
        out.writelines(case.lines(records))
    bare = cheapest(BARE, folder, case.bare)[0].cpu
    cost, store = cheapest(COLLECT, folder, "2GB")
    ours = cost.cpu
    rows = subprocess.run([sys.executable, "-c", COUNT, str(store)], check=True, capture_output=True, text=True).stdout
    size = log.stat().st_size / 1e6
    return f"{case.name:<28}{size:>6.0f}{bare:>8.2f}{ours:>9.2f}{ours / bare:>7.2f}x{int(rows):>11}"


def _time(number: int) -> str:
    seconds = number // 12
    return f"2026-08-{1 + seconds // 86400:02}T{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _draw() -> random.Random:
    return random.Random(7)  # noqa: S311 - the same bytes each time


def _remote(draw: random.Random) -> str:
    return f"{draw.randrange(20, 200)}.{draw.randrange(250)}.{draw.randrange(16)}.{draw.randrange(8)}"


def _entry(number: int, log: str, payload: object) -> str:
    moment = f"{_time(number)}.845445834Z"
    labels = {"location": "europe-west1-b", "project_id": "acme-net", "source_type": "gce-vm"}
    entry = {
        "insertId": f"ut{number:x}lbrf",
        "jsonPayload": payload,
        "logName": f"projects/acme-net/logs/{log}",
        "receiveTimestamp": moment,
        "resource": {"labels": labels, "type": "gce_subnetwork"},
        "timestamp": moment,
    }
    return json.dumps(entry, separators=(",", ":")) + "\n"


def gcp_flows(records: int) -> Iterator[str]:
    """VPC flows of 2,000 VMs with the internet, half of them each way."""
    draw = _draw()
    for number in range(records):
        client, remote, port = (
            f"10.1.{draw.randrange(8)}.{draw.randrange(250)}",
            _remote(draw),
            draw.randrange(1024, 65000),
        )
        side, other = ("src", "dest") if number % 2 else ("dest", "src")
        ends = {f"{side}_ip": client, f"{side}_port": port, f"{other}_ip": remote, f"{other}_port": 443, "protocol": 6}
        vm = {"project_id": "acme-etl", "region": "europe-west1", "vm_name": f"etl-{draw.randrange(2000)}"}
        payload = {
            "bytes_sent": str(draw.randrange(40, 90000)),
            "connection": ends,
            f"{other}_location": {"asn": 64500, "continent": "America", "country": "usa"},
            "end_time": f"{_time(number)}.301953198Z",
            "packets_sent": str(draw.randrange(1, 90)),
            "reporter": side.upper(),
            "rtt_msec": "36",
            f"{side}_instance": vm | {"zone": "europe-west1-b"},
            f"{side}_vpc": {"project_id": "acme-net", "subnetwork_name": "apps", "vpc_name": "prod"},
            "start_time": f"{_time(number)}.186193305Z",
        }
        yield _entry(number, "compute.googleapis.com%2Fvpc_flows", payload)


def gcp_questions(records: int) -> Iterator[str]:
    """DNS entries of 2,000 VMs for 4,000 names, two answers each on average."""
    draw = _draw()
    pool = [[_remote(draw) for _ in range(6)] for _ in range(4000)]
    for number in range(records):
        host, vm = draw.randrange(4000), draw.randrange(2000)
        name = f"host{host}.example.com."
        answers = draw.sample(pool[host], draw.randrange(1, 4))
        payload = {
            "authAnswer": True,
            "protocol": "UDP",
            "queryName": name,
            "queryType": "A",
            "rdata": "\n".join(f"{name}\t{draw.randrange(300)}\tIN\ta\t{address}" for address in answers),
            "responseCode": "NOERROR",
            "serverLatency": 14,
            "sourceIP": f"10.1.{vm // 250}.{vm % 250}",
            "sourceNetwork": "prod",
            "vmInstanceName": f"694119234537.etl-{vm}",
            "vmProjectId": "acme-etl",
            "vmZoneName": "europe-west1-b",
        }
        yield _entry(number, "dns.googleapis.com%2Fdns_queries", payload)


def azure_firewall(records: int) -> Iterator[str]:
    """Application rules for 4,000 names and network rules, half and half."""
    draw = _draw()
    for number in range(records):
        common = {"Action": "Allow", "Policy": "policy-01", "Rule": "allow-web", "RuleCollection": "allow-web"}
        client = {
            "SourceIp": f"10.1.{draw.randrange(8)}.{draw.randrange(250)}",
            "SourcePort": draw.randrange(1024, 65000),
        }
        name = {
            "Protocol": "HTTPS",
            "Fqdn": f"host{draw.randrange(4000)}.example.com",
            "TargetUrl": "",
            "DestinationIp": "",
        }
        address = {"Protocol": "TCP", "DestinationIp": _remote(draw)}
        record = {
            "time": f"{_time(number)}.849437Z",
            "resourceId": f"{SUBSCRIPTION}/azureFirewalls/HUB".upper(),
            "category": "AZFWApplicationRule" if number % 2 else "AZFWNetworkRule",
            "properties": common | client | {"DestinationPort": 443} | (name if number % 2 else address),
        }
        yield json.dumps(record, separators=(",", ":")) + "\n"


def azure_flows(records: int) -> Iterator[str]:
    """One document of an hour: conversations that begin and end in it, a record a minute; `records` counts tuples."""
    draw = _draw()
    minutes: list[list[str]] = [[] for _ in range(60)]
    for _ in range(records // 2):
        starts = draw.randrange(3_400_000)
        ends = starts + min(int(draw.expovariate(1 / 20000)), 180_000)
        client = f"10.2.{draw.randrange(4)}.{draw.randrange(250)}"
        key = f"{client},{_remote(draw)},{draw.randrange(1024, 65000)},443,6,O"
        counters = ",".join(str(draw.randrange(40, 9000)) for _ in range(4))
        minutes[starts // 60_000].append(f"{START * 1000 + starts},{key},B,NX,0,0,0,0")
        minutes[ends // 60_000].append(f"{START * 1000 + ends},{key},E,NX,{counters}")
    for number, tuples in enumerate(minutes):
        record = {
            "time": "2026-08-01T00:00:52.5Z",
            "macAddress": "00224871C205",
            "category": "FlowLogFlowEvent",
            "flowLogResourceID": f"{SUBSCRIPTION}/networkWatchers/NetworkWatcher_westeurope/flowLogs/prod",
            "targetResourceID": f"{SUBSCRIPTION}/virtualNetworks/Prod",
            "flowRecords": {"flows": [{"aclID": "a", "flowGroups": [{"rule": "r", "flowTuples": sorted(tuples)}]}]},
        }
        yield ("," if number else '{"records":[') + json.dumps(record, separators=(",", ":"))
    yield "]}"


def _gcp_bare(payload: Shape) -> str:
    return f"""
        create table bare as select * from read_json($path, format = 'newline_delimited', columns = {{
          logName: 'varchar', insertId: 'varchar', timestamp: 'varchar', resource: '{shape_type(RESOURCE)}',
          jsonPayload: '{shape_type(payload)}'}})
    """  # noqa: S608 - of our own shapes


_FIREWALL = ", ".join(f'"{name}" {kind}' for name, kind in _azure_firewall_sql.FIELDS.items())
_TUPLE = ", ".join(f"part[{at}] as p{at}" for at in range(1, 14))
CASES = (
    Case("gcp_vpc_flow", gcp_flows, _gcp_bare(gcp_vpc_flow.PAYLOAD)),
    Case("gcp_dns", gcp_questions, _gcp_bare(gcp_dns.PAYLOAD)),
    Case(
        "azure_firewall",
        azure_firewall,
        f"""
        create table bare as select * from read_json($path, format = 'newline_delimited', columns = {{
          time: 'timestamptz', resourceId: 'varchar', category: 'varchar', properties: 'struct({_FIREWALL})'}})
        """,  # noqa: S608
    ),
    Case(
        "azure_vnet_flow (document)",
        azure_flows,
        f"""
        create table bare as
        with record as (
          select unnest(records) as r
          from read_json($path, maximum_object_size = 400000000, columns = {{
            records: 'struct(macAddress varchar, targetResourceID varchar,
              flowRecords struct(flows struct(flowGroups struct(flowTuples varchar[])[])[]))[]'}})
        ),
        flow as (
          select r.macAddress as mac, r.targetResourceID as target, unnest(r.flowRecords.flows) as f
          from record
        ),
        grouped as (select mac, target, unnest(f.flowGroups) as g from flow),
        divided as (select mac, target, string_split(unnest(g.flowTuples), ',') as part from grouped)
        select mac, target, {_TUPLE} from divided
        """,  # noqa: S608
    ),
)

if __name__ == "__main__":
    main()
