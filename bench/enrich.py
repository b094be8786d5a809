"""CPU seconds of each enrichment step over generated flows, and their growth: `bench/enrich.py 1000000 4000000`.

One flow in fifty goes to a vendor, 2,000 clients in two VPCs over ten days, one answer for every four vendor flows,
20,000 unrelated remotes. Everything is made in SQL from a fixed formula: the same rows every time.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time

from shadowscan.catalog import load_catalog
from shadowscan.config import Config
from shadowscan.engines.duckdb import Limits
from shadowscan.enrich import daily, hunt, networks, relay, traffic_account, vendors
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.coverage import coverage
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import Store

START = datetime(2026, 10, 1)  # noqa: DTZ001 - the store holds naive UTC
VENDOR_ADDRESSES = 64
FLOWS = """
    insert into flow by name
    with drawn as (
      select i, hash(i) as h, i % 50 = 0 as is_vendor
      from range($rows) as r(i)
    ),
    placed as (
      select
        i, is_vendor, cast(h % 2000 as bigint) as client,
        case
          when is_vendor then 3405803776 + cast((h >> 16) % $vendor_addresses as bigint)
          else 1000000000 + cast((h >> 16) % 20000 as bigint) * 131
        end as remote,
        $start + to_seconds(cast(i % 864000 as bigint)) as started_at
      from drawn
    )
    select
      1 as source_id, i as line, started_at, started_at + interval 60 second as ended_at, '1' as account_id,
      'vpc-' || (client % 2) as vpc_id, 'eni-' || client as interface_id,
      '10.0.' || (client // 250) || '.' || (client % 250) as client_ip, 50000 as client_port,
      (remote >> 24) || '.' || ((remote >> 16) % 256) || '.' || ((remote >> 8) % 256) || '.' || (remote % 256)
        as remote_ip,
      443 as remote_port, client_ip as interface_client_ip, remote_ip as interface_remote_ip,
      167772160 + (client // 250) * 256 + client % 250 as client_lo, remote as remote_lo, remote >> 8 as remote_block,
      case when i % 100 < 50 then 'egress' else 'ingress' end as direction, 1200 as bytes, 8 as packets, 6 as protocol
    from placed
"""
ANSWERS = """
    insert into dns_answer by name
    select
      2 as source_id, f.line, f.started_at - interval 30 second as answered_at, f.account_id, f.vpc_id, f.client_ip,
      case f.remote_lo % 3 when 0 then 'api.openai.com' when 1 then 'api.mistral.ai' else 'cdn.example.net' end
        as qname,
      f.remote_ip as ip, 4 as ip_version, f.remote_lo as ip_lo
    from flow as f
    where f.line % 200 = 0
"""
QUERIES = """
    insert into dns_query by name
    select source_id, line, answered_at as queried_at, account_id, vpc_id, client_ip, qname
    from dns_answer
"""
STEPS: tuple[tuple[str, Callable[[EnrichContext], object]], ...] = (
    ("networks", networks.build),
    ("vendors", vendors.build),
    ("all days", daily.build),
    ("no day", daily.build),
    ("one day", lambda context: mark_and_build(context)),  # noqa: PLW0108 - defined below
    ("relay", relay.build),
    ("traffic_account", traffic_account.build),
    ("hunt", hunt.build),
    ("coverage", coverage),
)


def mark_and_build(context: EnrichContext) -> None:
    context.store.query("insert into dirty_day values ($day)", {"day": (START + timedelta(days=4)).date()})
    daily.build(context)


def measure(rows: int, folder: str) -> dict[str, float]:
    """CPU seconds by step for a store of `rows` flows."""
    with Store.open(str(Path(folder) / f"{rows}.duckdb"), Limits(memory_mb=1500, threads=2)) as store:
        store.query(FLOWS, {"rows": rows, "start": START, "vendor_addresses": VENDOR_ADDRESSES})
        store.query(ANSWERS)
        store.query(QUERIES)
        context = EnrichContext(store, load_catalog(), Policy(), Owners(), Config(), START + timedelta(days=30))
        spent = {}
        for name, step in STEPS:
            before = process_time()
            step(context)
            spent[name] = process_time() - before
        named = store.query("select count(*), cast(sum(flow_count) as bigint) from llm_egress").rows[0]
        print(f"{rows} flows: {named[0]} rows of llm_egress out of {named[1]} vendor flows")
        return spent


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(rows, folder) for rows in sizes]
    print(f"{'step':16}" + "".join(f"{rows:>12}" for rows in sizes) + f"{'growth':>10}")
    for name, _ in STEPS:
        spent = [run[name] for run in measured]
        growth = f"{spent[-1] / spent[0]:.1f}x" if spent[0] > 0.005 else "n/a"
        print(f"{name:16}" + "".join(f"{seconds:>12.2f}" for seconds in spent) + f"{growth:>10}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000_000, 4_000_000])
