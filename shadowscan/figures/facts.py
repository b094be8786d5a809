"""The rows that figures are made of, read from a store or its snapshot for one span of days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shadowscan.figures.adoption import Use
from shadowscan.figures.budget import Month
from shadowscan.figures.candidates import Clue
from shadowscan.figures.clues import Evidence, TeamDay, account_clues
from shadowscan.figures.period import Span, add_months
from shadowscan.figures.spend_line import OF_ITS_MONTH, SpendLine, attribution_of
from shadowscan.policy_entries import Spend
from shadowscan.store.connection import Store

# Months, not days, since a large bill has millions of days; refunds apart, so that no sum hides one.
_LINES = f"""
    select
      greatest(cast(date_trunc('month', d.day) as date), $start) as day, d.vendor_id, d.vendor_account_id, d.kind,
      sum(d.amount) as amount, d.currency, d.via, coalesce(s.team, 'unknown') as team,
      coalesce(s.owner_status, 'unowned') as owner_status, coalesce(s.owner_confidence_band, 'none') as band,
      coalesce(s.status, 'unapproved') as status, d.meter, d.unit, d.category, sum(d.quantity) as quantity,
      d.source_kind, coalesce(s.account_kind, 'project') as account_kind, coalesce(s.payer, 'unknown') as payer,
      bool_or(d.provisional) as provisional
    from spend_day as d
    {OF_ITS_MONTH}
    where d.day >= $start and d.day < $end
    group by
      greatest(cast(date_trunc('month', d.day) as date), $start), d.vendor_id, d.service, d.vendor_account_id, d.kind,
      d.currency, d.via, s.team, s.owner_status, s.owner_confidence_band, s.status, d.meter, d.unit, d.category,
      d.source_kind, s.account_kind, s.payer, d.amount < 0
    order by all
"""  # noqa: S608 - fragments of ours
_ORPHAN_DAYS = """
    select vendor_id, vendor_account_id, day, sum(amount) as amount
    from spend_day
    where day >= $start
      and day < $end
      and kind = 'api'
      and currency = $currency
      and (vendor_id, vendor_account_id) in (
        select unnest($vendors::varchar[]), unnest($accounts::varchar[])
      )
    group by vendor_id, vendor_account_id, day
    order by all
"""
_BOUNDS = """
    select min(month), max(month)
    from llm_spend
"""
_TRAFFIC_BOUNDS = """
    select min(day), max(day)
    from llm_egress
"""
# Traffic to the gateway is `gateway`; the gateway's own way on to a vendor is nobody's choice and left out.
_USES = """
    select
      strftime(day, '%G-W%V') as week, subject_id, min(team) as team,
      case when vendor_id = 'gateway' then 'gateway' else via end as route, 0 as calls, 0 as tokens
    from llm_egress
    where day >= $start
      and day < $end
      and action = 'accept'
      and surface in ('api', 'web', 'upload')
      and (vendor_id = 'gateway' or via <> 'gateway')
      and vendor_id <> 'unknown'
    group by week, subject_id, route
    order by all
"""
_CALLS = """
    select
      strftime(day, '%G-W%V') as week, subject_id, min(team) as team, via as route, cast(sum(calls) as bigint) as calls,
      cast(sum(input_tokens + output_tokens) as bigint) as tokens
    from llm_call
    where day >= $start and day < $end
    group by week, subject_id, route
    order by all
"""
_TRAFFIC = """
    select vendor_id, account_id, team, day, cast(sum(bytes_out + bytes_in) as bigint) as size
    from llm_egress
    where action = 'accept'
      and team <> 'unknown'
      and via <> 'gateway'
      and vendor_id in (select unnest($vendors::varchar[]))
    group by vendor_id, account_id, team, day
    order by all
"""
_HINTS = """
    select vendor_id, vendor_account_id, kind, value, team
    from spend_hint
    where team <> 'unknown'
    order by all
"""
_CODE = """
    select vendor_id, team, 'code' as kind, min(repo) as repo
    from llm_code
    where team <> 'unknown' and in_head and via <> 'gateway'
    group by vendor_id, team
    union all
    select vendor_id, team, 'key', min(repo)
    from llm_key
    where team <> 'unknown'
    group by vendor_id, team
    order by all
"""
_RECONCILIATION = """
    select source_kind, currency, sum(total), sum(counted), sum(superseded), sum(difference)
    from spend_reconciliation
    where month >= $start and month < $end
    group by source_kind, currency
    order by source_kind, currency
"""
_SEEN = """
    select vendor_id, vendor_account_id, min(first_seen_at), max(last_seen_at)
    from llm_spend
    group by vendor_id, vendor_account_id
"""
# A month is complete where a bill reaches its end, or where a later month has bills.
_HISTORY = """
    select
      month, sum(amount) as amount,
      max(last_seen_at) >= month + interval 1 month or month < max(month) over () as is_complete
    from llm_spend
    where kind = 'api' and currency = $currency and ($team = '' or team = $team)
    group by month
    order by month
"""
Account = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of one report. Lines are of the report's currency; `foreign` are the others, never added to them."""

    span: Span
    currency: str
    current: tuple[SpendLine, ...]
    previous: tuple[SpendLine, ...]
    foreign: tuple[SpendLine, ...]
    uses: tuple[Use, ...]
    calls: tuple[Use, ...]
    clues: dict[Account, list[Clue]]
    seen: dict[Account, tuple[Any, Any]]
    reconciliation: tuple[tuple[Any, ...], ...]
    history: tuple[Month, ...]
    growth_alert: Decimal


def read_facts(store: Store, span: Span, spend: Spend, team: str | None = None) -> Facts:
    """The rows of the span and of the one before; of one team where it is given."""
    current, previous = (
        [line for line in _lines(store, part) if team in (None, line.team)] for part in (span, span.previous)
    )
    currency, bounds = spend.currency, {"start": span.start, "end": span.end}
    uses, calls = (
        tuple(use for use in (Use(*row) for row in store.query(sql, bounds).rows) if team in (None, use.team))
        for sql in (_USES, _CALLS)
    )
    return Facts(
        span=span,
        currency=currency,
        current=tuple(line for line in current if line.currency == currency),
        previous=tuple(line for line in previous if line.currency == currency),
        foreign=tuple(line for line in current if line.currency != currency),
        uses=uses,
        calls=calls,
        clues=_clues(store, span, currency, current),
        seen={(row[0], row[1]): (row[2], row[3]) for row in store.query(_SEEN).rows},
        reconciliation=tuple(store.query(_RECONCILIATION, bounds).rows),
        history=tuple(Month(*row) for row in store.query(_HISTORY, {"currency": currency, "team": team or ""}).rows),
        growth_alert=spend.growth_alert,
    )


def month_bounds(store: Store) -> tuple[date, date] | None:
    """First and last month with a bill, else with traffic; None in a store with neither."""
    for sql in (_BOUNDS, _TRAFFIC_BOUNDS):
        first, last = store.query(sql).rows[0]
        if first is not None:
            return add_months(first, 0), add_months(last, 0)
    return None


def _lines(store: Store, span: Span) -> list[SpendLine]:
    return [SpendLine(*row) for row in store.query(_LINES, {"start": span.start, "end": span.end}).rows]


def _clues(store: Store, span: Span, currency: str, lines: Sequence[SpendLine]) -> dict[Account, list[Clue]]:
    """Clues for every account of these lines that is not attributed."""
    orphans: dict[Account, list[SpendLine]] = {}
    for line in lines:
        if line.kind == "api" and attribution_of(line) != "attributed":
            orphans.setdefault(line.account, []).append(line)
    if not orphans:
        return {}
    # A seat says nothing of whose calls an API account pays for.
    owned = {
        (line.vendor_id, line.team): line.account_id
        for line in lines
        if line.kind == "api" and attribution_of(line) == "attributed"
    }
    evidence = Evidence(
        traffic=[TeamDay(*row) for row in store.query(_TRAFFIC, {"vendors": sorted({one for one, _ in orphans})}).rows],
        hints=store.query(_HINTS).rows,
        code=store.query(_CODE).rows,
        billed=[(*pair, account) for pair, account in sorted(owned.items())],
    )
    daily = _daily(store, span, currency, orphans)
    return {account: account_clues(daily.get(account, own), evidence) for account, own in sorted(orphans.items())}


def _daily(
    store: Store, span: Span, currency: str, orphans: dict[Account, list[SpendLine]]
) -> dict[Account, list[SpendLine]]:
    """The lines of these accounts by day, in one currency: what a rhythm is read from."""
    vendors, accounts = zip(*sorted(orphans), strict=True)
    values = {"start": span.start, "end": span.end, "currency": currency}
    rows = store.query(_ORPHAN_DAYS, {**values, "vendors": list(vendors), "accounts": list(accounts)}).rows
    days: dict[Account, list[SpendLine]] = {}
    for vendor_id, account_id, day, amount in rows:
        account = (vendor_id, account_id)
        days.setdefault(account, []).append(replace(orphans[account][0], day=day, amount=amount))
    return days
