"""What would give most of the unowned an owner: few fixes, each with its share, largest first.

Spend, bytes and findings are asked apart. A fix is a tag on a subnet or an account's entry where all that is known of
it is one team's or nobody's, else the subject's own tag or entry; shared traffic is nobody's to tag. Chosen greedily:
each time the one target that covers most of what is left.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import Any

from shadowscan.store.connection import Store

Row = dict[str, Any]
Option = tuple[str, str, str]  # kind, target, the team that evidence hints at
MAXIMUM_TARGETS = 20
_UNOWNED = """
    with amounts as (
      select subject_id, 'bytes' as measure, '' as unit, cast(sum(bytes_out + bytes_in) as decimal(38, 2)) as amount
      from llm_egress
      group by subject_id
      union all
      select 'account:' || vendor_id || '/' || vendor_account_id, 'spend', currency, cast(sum(amount) as decimal(38, 2))
      from llm_spend
      group by all
      union all
      select
        coalesce(
          case when document ->> '$.subject.kind' = 'key' then document ->> '$.locations[0].repo' end,
          document ->> '$.subject.id'
        ), 'findings', '', count(*)
      from finding
      where state <> 'resolved' and document ->> '$.type' = 'finding'
      group by all
    ),
    held as (
      select subject_id, value
      from subject_link
      where kind = 'address'
      union
      select subject_id, subject_id
      from subject
    ),
    placed as (
      select h.subject_id, w.subnet_id
      from held as h
      join workload_day as w on w.account_id || '/' || w.vpc_id || '/' || w.client_ip = h.value
      where w.subnet_id <> 'unknown'
      union
      select h.subject_id, a.subnet_id
      from held as h
      join asset as a on a.account_id || '/' || a.vpc_id || '/' || a.address = h.value
      where a.subnet_id <> 'unknown'
      union
      select subject_id, regexp_extract(subject_id, ':subnet/(.+)$', 1)
      from subject
      where contains(subject_id, ':subnet/')
    ),
    place as (
      select subject_id, min(subnet_id) as subnet_id
      from placed
      group by subject_id
    ),
    known as (
      select s.account_id, p.subnet_id, case when s.owner_confidence >= 0.5 then s.team else 'unknown' end as team
      from subject as s
      left join place as p on p.subject_id = s.subject_id
      where s.kind = 'workload'
    ),
    account as (
      select account_id, count(distinct nullif(team, 'unknown')) as teams, min(nullif(team, 'unknown')) as team
      from known
      where account_id <> 'unknown'
      group by account_id
    ),
    subnet as (
      select subnet_id, count(distinct nullif(team, 'unknown')) as teams, min(nullif(team, 'unknown')) as team
      from known
      where subnet_id is not null
      group by subnet_id
    )
    select
      s.subject_id, s.kind, s.owner_status, case when s.team = 'unknown' then '' else s.team end as guess, m.measure,
      m.unit, m.amount, case when a.teams = 1 then s.account_id else '' end as account_id,
      coalesce(a.team, '') as account_team, case when n.teams <= 1 then p.subnet_id else '' end as subnet_id,
      coalesce(n.team, '') as subnet_team
    from amounts as m
    join subject as s on s.subject_id = m.subject_id
    left join place as p on p.subject_id = s.subject_id
    left join account as a on s.kind = 'workload' and a.account_id = s.account_id
    left join subnet as n on n.subnet_id = p.subnet_id
    where m.amount > 0 and (s.team = 'unknown' or s.owner_confidence < 0.5)
    order by m.measure desc, m.unit, m.amount desc, s.subject_id
"""
_SAYS = {
    "subnet": "add tag `team` to {subject} {noun}",
    "resource": "add tag `team` to {subject} {noun}",
    "account": "add {subject} {noun} to `accounts` of owners.yaml",
    "vendor account": "add {subject} {noun} to `vendor_accounts` of owners.yaml",
    "repository": "add {subject} {noun} to `repos` of owners.yaml, or a CODEOWNERS file to each",
    "address": "add {subject} {noun} to `resources` of owners.yaml",
    "shared egress": "collect logs from behind {subject} {noun}: what passes there is several teams'",
}


@dataclass
class _Fix:
    """Targets of one kind, in the order chosen, and what they cover."""

    targets: list[str] = field(default_factory=list)
    teams: set[str] = field(default_factory=set)
    subjects: int = 0
    amount: Decimal = Decimal(0)


def gap_fixes(store: Store) -> list[Row]:
    """Fixes for each measure, those that cover most first.

    Keys: measure (spend, bytes, findings), unit (currency, else empty), fix (a sentence), targets (up to 20, most
    first), target_count, guess (the one team that evidence hints at, or empty), subjects, amount, share (percent of
    all that is unowned, one decimal).
    """
    asked: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in store.query(_UNOWNED).dicts():
        asked[row["measure"], row["unit"]].append(row)
    return [fix for (measure, unit), rows in asked.items() for fix in _fixes(measure, unit, rows)]


def _fixes(measure: str, unit: str, rows: list[Row]) -> list[Row]:
    total = sum(row["amount"] for row in rows)
    found: dict[str, _Fix] = defaultdict(_Fix)
    for (kind, target, guess), covered in _greedy(rows):
        fix = found[kind]
        fix.targets.append(target)
        fix.teams |= {guess} - {""}
        fix.subjects += len(covered)
        fix.amount += sum(row["amount"] for row in covered)
    largest = sorted(found.items(), key=lambda item: (-item[1].amount, item[0]))
    return [_document(measure, unit, kind, fix, total) for kind, fix in largest]


def _greedy(rows: list[Row]) -> Iterator[tuple[Option, list[Row]]]:
    """Each target with the subjects it covers, until nothing is left; of two as large, the first by name.

    What a target covers only shrinks, so an old amount is looked at again when it comes to the top and never before.
    """
    options = {row["subject_id"]: list(_options(row)) for row in rows}
    covers: dict[Option, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        for option in options[row["subject_id"]]:
            covers[option][row["subject_id"]] = row
    heap = [(-_amount(covered), option) for option, covered in covers.items()]
    heapify(heap)
    while heap:
        amount, option = heappop(heap)
        now = -_amount(covers[option])
        if now != amount:
            if now:
                heappush(heap, (now, option))
            continue
        yield option, list(covers[option].values())
        _cover(covers, options, list(covers[option]))


def _amount(covered: Mapping[str, Row]) -> Decimal:
    return sum((row["amount"] for row in covered.values()), Decimal(0))


def _cover(covers: Mapping[Option, dict[str, Row]], options: Mapping[str, list[Option]], subjects: list[str]) -> None:
    for subject in subjects:
        for option in options[subject]:
            covers[option].pop(subject, None)


def _options(row: Row) -> Iterator[Option]:
    """(kind, target, guess) of everything that would give this subject an owner."""
    if row["owner_status"] == "shared":
        yield "shared egress", row["subject_id"], ""
        return
    if row["account_id"]:
        yield "account", row["account_id"], row["account_team"]
    if row["subnet_id"]:
        yield "subnet", row["subnet_id"], row["subnet_team"]
    if not (row["account_id"] or row["subnet_id"]):
        yield _own_kind(row), row["subject_id"].removeprefix("account:"), row["guess"]


def _own_kind(row: Row) -> str:
    kinds = {"repo": "repository", "account": "vendor account"}
    return kinds.get(row["kind"], "resource" if row["subject_id"].startswith("arn:") else "address")


def _document(measure: str, unit: str, kind: str, fix: _Fix, total: Decimal) -> Row:
    many = len(fix.targets) > 1
    noun = {"repository": "repositories", "address": "addresses"}.get(kind, f"{kind}s") if many else kind
    noun = kind if kind == "shared egress" else noun
    return {
        "measure": measure,
        "unit": unit,
        "fix": _SAYS[kind].format(subject=f"these {len(fix.targets)}" if many else "this", noun=noun),
        "targets": fix.targets[:MAXIMUM_TARGETS],
        "target_count": len(fix.targets),
        "guess": next(iter(fix.teams)) if len(fix.teams) == 1 else "",
        "subjects": fix.subjects,
        "amount": fix.amount if measure == "spend" else int(fix.amount),
        "share": round(float(100 * fix.amount / total), 1),
    }
