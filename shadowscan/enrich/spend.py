"""View `llm_spend` and what reports stand on beside it: one authority for each vendor account and month.

The same dollar may stand in a cloud bill, a vendor's export, on a card and in a gateway's log. The highest authority
counts: invoice, cloud bill, vendor's own cost export, card, gateway estimate; a finer source of the same dollars gives
the shares, and the difference is a residual row. The rest is kept in `spend_reconciliation`, never added.
"""

from decimal import Decimal

from shadowscan.enrich.charge_vendor import classify_charges
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.evidence import drop_all
from shadowscan.enrich.spend_hint import replace_hints

_CREDENTIALS = """
    create or replace temp table gateway_credential as
    select unnest($values::varchar[]) as value, unnest($vendors::varchar[]) as vendor_id
"""
# Within an account and month the highest authority counts, and of equal ones the source with the most detail.
_AUTHORITY = """
    create or replace temp table spend_authority as
    select vendor_id, account_id, month, source_kind, authority
    from (
      select
        vendor_id, account_id, month, source_kind, authority,
        row_number() over (
          partition by vendor_id, account_id, month
          order by authority desc, count(*) desc, source_kind
        ) as place
      from llm_charge
      where settled_by = 'none'
      group by vendor_id, account_id, month, source_kind, authority
    )
    where place = 1
"""
# A card that pays a bill: same vendor, kind and currency, amount within 1 %, within five days of the bill's period end.
_CARD_PAYMENTS = """
    create or replace temp table card_payment as
    with bills as (
      select
        vendor_id, billing_account_id, month, kind, currency, max(period_end_at) as ended_at,
        min(source_kind) as source_kind, sum(amount) as amount
      from llm_charge
      where authority >= 3 and settled_by = 'none'
      group by vendor_id, billing_account_id, month, kind, currency
    )
    select
      c.source_id, c.line, min(b.source_kind || ' ' || b.billing_account_id) as superseded_by,
      min_by(b.amount, abs(c.amount - b.amount)) as bill_amount
    from llm_charge as c
    join bills as b
      on b.vendor_id = c.vendor_id
     and b.kind = c.kind
     and b.currency = c.currency
     and abs(c.amount - b.amount) <= abs(b.amount) * cast(0.01 as decimal(3, 2))
     and abs(date_diff('day', c.period_start_at, b.ended_at)) <= 5
    where c.authority = 2 and c.amount > 0
    group by c.source_id, c.line
"""
_JUDGED = """
    create or replace temp table judged_charge as
    with billed_month as (
      select vendor_id, month, min(source_kind) as source_kind
      from llm_charge
      where authority >= 3
      group by vendor_id, month
    )
    select
      c.*,
      case
        when c.cost_basis = 'card' then 'opaque'
        when exists (
          select 1
          from gateway_credential as g
          where g.vendor_id = c.vendor_id
            and g.value in (c.credential_id, c.account_id, c.principal_id, c.principal_role, c.resource_id)
        ) then 'gateway'
        else 'direct'
      end as via,
      case
        when c.settled_by <> 'none' then c.settled_by
        when a.source_kind <> c.source_kind or a.authority <> c.authority then a.source_kind || ' ' || c.account_id
        when p.superseded_by is not null then p.superseded_by
        when c.authority = 1 and m.source_kind is not null then m.source_kind || ' ' || c.vendor_id
        else 'none'
      end as superseded_by
    from llm_charge as c
    left join spend_authority as a on a.vendor_id = c.vendor_id and a.account_id = c.account_id and a.month = c.month
    left join card_payment as p on p.source_id = c.source_id and p.line = c.line
    left join billed_month as m on m.vendor_id = c.vendor_id and m.month = c.month
"""
_RECONCILIATION = """
    insert into spend_reconciliation by name
    with counted as (
      select vendor_id, account_id, month, currency, sum(amount) as amount
      from judged_charge
      where superseded_by = 'none'
      group by vendor_id, account_id, month, currency
    )
    select
      j.month, j.vendor_id, j.account_id as vendor_account_id, j.source_kind, j.currency, sum(j.amount) as total,
      coalesce(sum(j.amount) filter (where j.superseded_by = 'none'), 0) as counted,
      coalesce(sum(j.amount) filter (where j.superseded_by <> 'none'), 0) as superseded,
      coalesce(max(j.superseded_by) filter (where j.superseded_by <> 'none'), 'none') as superseded_by,
      case
        when bool_and(j.superseded_by <> 'none') and any_value(c.amount) is not null
          then sum(j.amount) - any_value(c.amount)
        else 0
      end as difference
    from judged_charge as j
    left join counted as c
      on c.vendor_id = j.vendor_id
     and c.account_id = j.account_id
     and c.month = j.month
     and c.currency = j.currency
    group by j.month, j.vendor_id, j.account_id, j.source_kind, j.currency
"""
_DAYS = """
    insert into spend_day by name
    select
      day, vendor_id, service, account_id as vendor_account_id, kind, source_kind, currency, via, usage_type as meter,
      unit, charge_category as category, sum(quantity) as quantity, sum(amount) as amount,
      bool_or(provisional) as provisional
    from judged_charge
    where superseded_by = 'none'
    group by day, vendor_id, service, account_id, kind, source_kind, currency, via, usage_type, unit, charge_category
"""
_SPEND = """
    insert into llm_spend by name
    with months as (
      select
        month, vendor_id, service, account_id, kind, source_kind, currency, via,
        max(nullif(vendor_account_name, 'unknown')) as account_name, min(account_kind) as account_kind,
        min(payer) as payer, sum(amount) as amount, min(period_start_at) as first_seen_at,
        max(period_end_at) as last_seen_at,
        date_trunc('quarter', month - to_months($shift)) + to_months($shift) as quarter
      from judged_charge
      where superseded_by = 'none'
      group by month, vendor_id, service, account_id, kind, source_kind, currency, via
    ),
    quarters as (
      select vendor_id, currency, quarter, sum(amount) as amount
      from months
      where kind = 'api'
      group by vendor_id, currency, quarter
    ),
    span as (
      select
        min(month) as first_month,
        max(date_trunc('quarter', month + interval 1 month - to_months($shift)) + to_months($shift))
          filter (where month + interval 1 month <= $as_of) as complete_until
      from months
    )
    select
      m.month, m.vendor_id, coalesce(v.name, m.vendor_id) as vendor_name, m.service,
      m.account_id as vendor_account_id, coalesce(m.account_name, m.account_id) as vendor_account_name,
      m.account_kind, m.kind, m.source_kind, m.payer, m.amount, m.currency, m.via,
      coalesce(p.amount, 0) as previous_quarter_amount, coalesce(q.amount, 0) as quarter_amount,
      case
        when p.amount > 0 and s.first_month <= m.quarter - interval 3 month
          then cast(p.amount * cast($factor as decimal(18, 4)) as decimal(38, 12))
        else 0
      end as growth_threshold_amount,
      m.vendor_id in (select vendor_id from llm_egress where action = 'accept') as has_traffic,
      exists (
        select 1
        from traffic_span as t
        where t.first_at < m.month + interval 1 month and t.last_at >= m.month
      ) as traffic_covered,
      coalesce(m.quarter + interval 3 month = s.complete_until, false) as is_last_complete_quarter,
      m.first_seen_at, m.last_seen_at,
      'spend/' || substr(md5(m.vendor_id || '|' || m.account_id), 1, 16) as evidence_ref
    from months as m
    cross join span as s
    left join spend_vendor as v on v.vendor_id = m.vendor_id
    left join quarters as q on q.vendor_id = m.vendor_id and q.currency = m.currency and q.quarter = m.quarter
    left join quarters as p
      on p.vendor_id = m.vendor_id
     and p.currency = m.currency
     and p.quarter = m.quarter - interval 3 month
"""
_VENDORS = """
    create or replace temp table spend_vendor as
    select unnest($ids::varchar[]) as vendor_id, unnest($names::varchar[]) as name
"""
_TRAFFIC_SPAN = """
    create or replace temp table traffic_span as
    select first_at, last_at
    from source_object
    where first_at is not null and regexp_matches(rows, '"(flow|dns_query|tls_connection)"')
    union all
    select min(first_seen_at), max(last_seen_at)
    from llm_egress
    having count(*) > 0
"""
_SAMPLES = """
    insert into evidence_sample by name
    with ranked as (
      select
        *,
        'spend/' || substr(md5(vendor_id || '|' || account_id), 1, 16) as evidence_ref,
        row_number() over (partition by vendor_id, account_id order by amount desc, source_id, line) as place
      from judged_charge
      where superseded_by = 'none'
    )
    select
      r.evidence_ref, cast(null as date) as day, cast(r.place as integer) as ordinal, 'charge' as kind,
      cast(r.amount as decimal(38, 2)) || ' ' || r.currency || ' on ' || r.day || ' for '
        || coalesce(nullif(r.description, ''), r.service_name) as detail,
      r.source_id, coalesce(o.format, r.source_kind) as source, coalesce(o.object, '') as object, r.line,
      r.account_id || ' ' || r.usage_type as record, coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= 3
"""
_SOURCES = """
    insert into evidence_source by name
    select distinct
      'spend/' || substr(md5(vendor_id || '|' || account_id), 1, 16) as evidence_ref,
      cast(null as date) as day, source_id
    from judged_charge
    where superseded_by = 'none'
"""
# An account no evidence speaks of is still a subject: of nobody.
_NEW_SUBJECTS = """
    insert into subject by name
    select
      'account:' || vendor_id || '/' || vendor_account_id as subject_id, 'account' as kind,
      min(vendor_account_name) as label, vendor_account_id as account_id
    from llm_spend
    where 'account:' || vendor_id || '/' || vendor_account_id not in (select subject_id from subject)
    group by vendor_id, vendor_account_id
"""


def build(context: EnrichContext) -> None:
    """Replace `llm_spend`, `spend_day`, `spend_reconciliation` and `spend_hint`, with their evidence."""
    query = context.store.query
    classify_charges(context)
    for table in ("llm_spend", "spend_day", "spend_reconciliation"):
        query(f"delete from {table}")  # noqa: S608 - three names of ours
    _judge(context)
    query(_RECONCILIATION)
    query(_DAYS)
    _roll_up(context)
    replace_hints(context)
    drop_all(context, "spend/")
    query(_SAMPLES)
    query(_SOURCES)
    query(_NEW_SUBJECTS)


def _judge(context: EnrichContext) -> None:
    policy, query = context.policy, context.store.query
    pairs = [
        (credential, vendor_id)
        for gateway in policy.gateways
        for credential in gateway.credentials
        for vendor_id in policy.gateway_vendors(gateway)
    ]
    query(_CREDENTIALS, {"values": [value for value, _ in pairs], "vendors": [vendor for _, vendor in pairs]})
    query(_AUTHORITY)
    query(_CARD_PAYMENTS)
    query(_JUDGED)


def _roll_up(context: EnrichContext) -> None:
    query, vendors = context.store.query, context.catalog.vendors
    query(_VENDORS, {"ids": list(vendors), "names": [vendor.name for vendor in vendors.values()]})
    query(_TRAFFIC_SPAN)
    factor = str(Decimal(1) + context.policy.spend.growth_alert)
    shift = (int(context.policy.spend.fiscal_year_start[:2]) - 1) % 3  # months the fiscal quarter lags the calendar's
    query(_SPEND, {"shift": shift, "as_of": context.as_of, "factor": factor})
