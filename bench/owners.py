"""Owners of (address, hour) pairs against an inventory: `python -m bench.owners 1000000 100000` (pairs, assets), and
`python -m bench.owners truth` for how many owners are right (`bench/owners_truth.py`).

A company made in SQL from fixed formulas, the same rows every time: half of the assets are interfaces, the others what
these are attached to, four in five tagged. Every address asks in each of twenty hours; one in ten changes hands after
ten of them; one in ten is in no list and left to the address plan, whose ranges contradict most of the tags. What is
timed is all that stands between the records and the team of each pair: who holds which address when, which subject
each pair is, and whose that subject is.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import owners_truth
from bench.owners_truth import Company
from bench.traffic import START
from shadowscan.catalog import load_catalog
from shadowscan.config import Config
from shadowscan.engines.duckdb import Limits
from shadowscan.enrich import networks, seen, subjects, workload
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.build import decide
from shadowscan.owners import Owners
from shadowscan.policy import Policy
from shadowscan.store.connection import Store

HOURS = 20
TEAMS = 200
LIMITS = Limits(memory_mb=1024, threads=2)

_MACROS = """
    create or replace temp macro ip4(n) as '10.' || ((n >> 16) & 255) || '.' || ((n >> 8) & 255) || '.' || (n & 255);
    create or replace temp macro network(n) as 'vpc-' || lpad(cast(n % 8 as varchar), 2, '0');
    create or replace temp macro arn(n) as case n % 3
      when 0 then 'arn:aws:lambda:us-east-1:470100000011:function:f-' || n
      when 1 then 'arn:aws:ec2:us-east-1:470100000011:instance/i-' || n
      else 'arn:aws:ecs:us-east-1:470100000011:service/main/s-' || n
    end
"""
_ASSETS = """
    insert into asset by name
    with numbered as (select n, n >= $half as is_interface, n % $half as i, i - cast(i % 10 = 9 as int) as home
      from range($assets) as r(n))
    select
      2 as source_id, n + 1 as line, case when is_interface then 'eni-' || i else arn(i) end as asset_id,
      case when is_interface then 'eni' else list_extract(['function', 'instance', 'service'], i % 3 + 1) end as kind,
      case when is_interface then '' else 'w-' || i end as name, '470100000011' as account_id, network(home) as vpc_id,
      'us-east-1' as region,
      'subnet-' || i // 200 as subnet_id,
      case when not is_interface then '' else ip4(home) end as address,
      case when is_interface then arn(i) else 'unknown' end as parent_id,
      case when is_interface or i % 5 = 4 then '{}' else '{"team":"team-' || i % $teams || '"}' end as tags,
      case when i % 10 = 9 then $start + interval 10 hour else $start end as observed_at
    from numbered
"""
_PAIRS = """
    insert into dns_query by name
    select
      1 as source_id, n + 1 as line, $start + to_hours(cast(n % $hours as integer)) + interval 5 minute as queried_at,
      '470100000011' as account_id,
      network(n // $hours) as vpc_id, ip4(n // $hours) as client_ip, 'us-east-1' as region, 'api.openai.com' as qname
    from range($pairs) as r(n)
"""
_RESOLVED = """
    create or replace temp table owned_pair as
    with pair as (
      select
        account_id || '/' || vpc_id || '/' || client_ip as value, date_trunc('hour', queried_at) as hour,
        min(queried_at) as at
      from dns_query
      group by all
    )
    select p.value, p.hour, case when l.valid_until > p.at then l.subject_id else p.value end as subject_id
    from pair as p
    asof left join (select * from link_interval where kind = 'address') as l
      on l.value = p.value and l.valid_from <= p.at
"""
# The formulas again, the other way round: who held the address in that hour, and what its tag or range says.
_TEAMS = """
    with asked as (
      select p.*, cast(split_part(p.value, '.', 3) as int) * 256 + cast(split_part(p.value, '.', 4) as int) as i
      from owned_pair as p
    ),
    held as (
      select *, case when i % 10 = 8 and hour >= $start + interval 10 hour then i + 1 else i end as holder
      from asked
    )
    select
      count(*), count(*) filter (
        where s.team = 'team-' || case when i % 10 = 9 or holder % 5 = 4 then i // 256 else holder end % $teams
      ),
      count(distinct s.subject_id)
    from held as h
    left join subject as s on s.subject_id = h.subject_id
"""


def fill(store: Store, pairs: int, assets: int) -> None:
    """The company's inventory and questions."""
    for macro in filter(str.strip, _MACROS.split(";")):
        store.query(macro)
    store.query(_ASSETS, {"assets": assets, "half": assets // 2, "teams": TEAMS, "start": START})
    store.query(_PAIRS, {"pairs": pairs, "hours": HOURS, "start": START})
    store.query("insert into dirty_day select distinct cast(queried_at as date) from dns_query")


def declared(teams: int = TEAMS) -> Owners:
    """Every team declared, and an address plan of a few hundred ranges."""
    ranges = [{"cidr": f"10.0.{n}.0/24", "team": f"team-{n % teams}"} for n in range(200)]
    return Owners.model_validate({"teams": [{"name": f"team-{n}"} for n in range(teams)], "cidrs": ranges})


def steps(context: EnrichContext) -> dict[str, Callable[[], object]]:
    """What is timed, in order."""
    query = context.store.query
    return {
        "logs by day": lambda: seen.build(context),
        "networks": lambda: networks.build(context),
        "holders of addresses": lambda: subjects.build(context),
        "as disjoint spans": lambda: workload.build(context),
        "subject of each pair": lambda: query(_RESOLVED),
        "subjects listed": lambda: subjects.add_missing(context, "select subject_id from owned_pair"),
        "owner of each subject": lambda: decide(context, ()),
        "team of each pair": lambda: print(
            "pairs, right, subjects:", *query(_TEAMS, {"start": START, "teams": TEAMS}).rows[0]
        ),
    }


def measure(pairs: int, assets: int, folder: str) -> None:
    """Print CPU seconds of every step, their sum, and the peak resident set."""
    path = str(Path(folder) / "owners.duckdb")
    with Store.open(path, LIMITS) as store:
        fill(store, pairs, assets)
    with Store.open(path, LIMITS) as store:
        until = START + timedelta(days=30)
        context = EnrichContext(store, load_catalog(), Policy(), declared(), Config(), until)
        begun = before = time.process_time()
        for name, step in steps(context).items():
            step()
            now = time.process_time()
            print(f"{name:<24}{now - before:>8.2f} CPU s")
            before = now
        print(f"{'all':<24}{before - begun:>8.2f} CPU s")
    print(f"{'peak resident set':<24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>8.0f} MB")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["truth"]:
        company = Company(*map(int, arguments[1:2]))
        print("\n".join(owners_truth.table(company)))
        return
    pairs, assets = map(int, arguments) if arguments else (1_000_000, 100_000)
    with TemporaryDirectory() as folder:
        measure(pairs, assets, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
