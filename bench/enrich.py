"""CPU, wall time and peak memory of enrichment and all egress rules: `python -m bench.enrich 1 10 50` (millions).

Every size runs in a process of its own under `--memory 1GB`, on a store filled before by another process. Beside it, on
the same rows and under the same limit, what nobody can do without: one grouping pass over all flows, and the bare join
of flows with a vendor's DNS answers by client, address and time. Ratios hold on any machine; seconds do not.
"""

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench import traffic
from shadowscan.catalog import load_catalog
from shadowscan.config import Config
from shadowscan.engines.duckdb import Limits
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.coverage import coverage
from shadowscan.enrich.run import enrich
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.ruleset.inputs import RuleInputs
from shadowscan.ruleset.load import load_pack
from shadowscan.ruleset.run import run_rules
from shadowscan.ruleset.select import select_rules
from shadowscan.store.connection import Store

MILLION = 1_000_000
MEMORY = Limits(memory_mb=1024, threads=2)

SCAN = """
    select count(*)
    from (
      select cast(started_at as date), account_id, vpc_id, client_ip, interface_id, min(started_at), sum(bytes)
      from flow
      group by 1, 2, 3, 4, 5
    )
"""
JOIN = """
    with vendor_answer as (
      select account_id, vpc_id, client_ip, ip_lo, qname, answered_at
      from dns_answer
      where (account_id, vpc_id, client_ip, ip_lo) in (
        select (account_id, vpc_id, client_ip, ip_lo)
        from dns_answer
        where list_contains($hosts, qname)
      )
    ),
    valid as (
      select
        *,
        least(
          coalesce(
            lead(answered_at) over (partition by account_id, vpc_id, client_ip, ip_lo order by answered_at, qname),
            timestamp '9999-01-01'
          ),
          answered_at + interval 6 hour
        ) as valid_until
      from vendor_answer
    )
    select count(*), sum(f.bytes)
    from flow as f
    join (select * from valid where list_contains($hosts, qname)) as v
      on v.ip_lo = f.remote_lo and v.client_ip = f.client_ip and v.vpc_id = f.vpc_id and v.account_id = f.account_id
     and f.started_at >= v.answered_at and f.started_at < v.valid_until
"""


def fill(store: Store) -> None:
    rows = int(Path(store.path).stem) * MILLION
    traffic.fill(store, rows)


def bare_scan(store: Store) -> None:
    store.query(SCAN)


def bare_join(store: Store) -> None:
    store.query(JOIN, {"hosts": traffic.HOSTS})


def first_run(store: Store) -> None:
    """Everything from base tables to findings of the egress rules, as the first scan does it."""
    context = EnrichContext(store, load_catalog(), Policy(), Owners(), Config(), traffic.START + timedelta(days=30))
    enrich(context)
    pack = load_pack([])
    run = run_rules(store, pack, select_rules(pack, ["egress.*"], []), RuleInputs.of(context.policy, context.owners))
    assert {type(report.outcome).__name__ for report in run.reports} <= {"Evaluated", "NotEvaluable"}
    coverage(context)


def next_day(store: Store) -> None:
    """One day of ten has changed."""
    store.query("insert or ignore into dirty_day values ($day)", {"day": (traffic.START + timedelta(days=4)).date()})
    first_run(store)


STAGES: dict[str, Callable[[Store], None]] = {
    "fill": fill,
    "bare scan": bare_scan,
    "bare join": bare_join,
    "first run": first_run,
    "one day": next_day,
    "unchanged": first_run,
}


def stage(name: str, path: str) -> dict[str, float]:
    """Run one stage in this process: CPU and wall seconds, peak memory in MB."""
    with Store.open(path, Limits(3000, 2) if name == "fill" else MEMORY) as store:
        cpu, wall = time.process_time(), time.perf_counter()
        STAGES[name](store)
        spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**spent, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure(size: int, folder: str) -> dict[str, dict[str, float]]:
    """Every stage of one size, each in a process of its own."""
    path = str(Path(folder) / f"{size}.duckdb")
    found = {}
    for name in STAGES:
        command = [sys.executable, "-m", "bench.enrich", "--stage", name, path]
        found[name] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    Path(path).unlink()
    return found


def show(sizes: list[int], measured: list[dict[str, dict[str, float]]]) -> None:
    print(f"{'million flows':<14}" + "".join(f"{size:>28}" for size in sizes) + f"{'growth':>10}")
    print(f"{'':<14}" + f"{'CPU s   wall s  peak MB':>28}" * len(sizes) + f"{'exponent':>10}")
    for name in list(STAGES)[1:]:
        cells = "".join(
            f"{run[name]['cpu']:>12.2f}{run[name]['wall']:>8.2f}{run[name]['rss']:>8.0f}" for run in measured
        )
        print(f"{name:<14}{cells}{exponent(sizes, [run[name]['cpu'] for run in measured]):>10}")
    for name in ("bare scan", "bare join"):
        ratios = "".join(f"{run['first run']['cpu'] / run[name]['cpu']:>27.1f}x" for run in measured)
        print(f"{'/ ' + name:<14}{ratios}")


def exponent(sizes: list[int], spent: list[float]) -> str:
    """The power of the size that CPU grows with, from the smallest to the largest."""
    if len(sizes) < 2 or spent[0] < 0.05:
        return "n/a"
    return f"{math.log(spent[-1] / spent[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--stage"]:
        print(json.dumps(stage(arguments[1], arguments[2])))
        return
    sizes = [int(argument) for argument in arguments] or [1, 4]
    with tempfile.TemporaryDirectory() as folder:
        show(sizes, [measure(size, folder) for size in sizes])


if __name__ == "__main__":
    main(sys.argv[1:])
