"""View `llm_call`: model calls by day, caller, vendor, model and region, each call counted once.

One call may be seen at the gateway, in the vendor's export and in CloudTrail. What a gateway's own credential sent is
the gateway's upstream: where the gateway's log is there, that log counts and names the callers. Of several formats that
show one account and region on one day, the one that saw most calls counts; the rest is evidence.
"""

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext

# A session of a role is the role: sessions are short-lived, roles have owners.
_CALLER = """
    create or replace temp macro caller_of(principal, account_id) as
      coalesce(
        nullif(
          regexp_replace(
            principal, '^arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*$', 'arn:\\1:iam::\\2:role/\\3'
          ),
          'unknown'
        ),
        account_id
      )
"""
_REFERENCE = """
    create or replace temp macro call_ref(subject_id, vendor_id) as
      'call/' || substr(md5(subject_id || '|' || vendor_id), 1, 16)
"""
# Days whose rows retention took away keep what they have.
_DAYS = """
    create or replace temp table call_day as
    select day
    from work_day
    where day in (select day from dirty_day)
      or day in (select cast(called_at as date) from model_call)
"""
_USE = """
    create or replace temp table call_use as
    with rolled as (
      select
        cast(m.called_at as date) as day, m.principal, m.account_id, m.credential, m.vendor_id, m.model, m.region,
        m.processing_region, m.via, m.source_id, min(m.line) as line, sum(m.calls) as calls,
        sum(m.input_tokens) as input_tokens, sum(m.output_tokens) as output_tokens, min(m.called_at) as first_seen_at,
        max(m.called_at) as last_seen_at
      from model_call as m
      where cast(m.called_at as date) in (select day from call_day)
      group by
        cast(m.called_at as date), m.principal, m.account_id, m.credential, m.vendor_id, m.model, m.region,
        m.processing_region, m.via, m.source_id
    ),
    told as (
      select *, caller_of(principal, account_id) as subject_id
      from rolled
    )
    select
      r.*, coalesce(o.format, 'unknown') as format,
      list_has_any(
        $upstream,
        [r.vendor_id || '|' || r.subject_id, r.vendor_id || '|' || r.credential, r.vendor_id || '|' || r.account_id]
      ) as is_upstream
    from told as r
    left join source_object as o on o.source_id = r.source_id
"""
_COUNTED = """
    create or replace temp table call_counted as
    with told as (
      select
        *, via = 'gateway' or is_upstream as is_gateway,
        bool_or(via = 'gateway' and not is_upstream) over (partition by day, vendor_id) as is_logged_at_gateway
      from call_use
    ),
    kept as (
      select * exclude (is_logged_at_gateway)
      from told
      where not (is_upstream and is_logged_at_gateway)
    ),
    seen as (
      select day, vendor_id, account_id, region, is_gateway, format, sum(calls) as calls,
        sum(input_tokens + output_tokens) as tokens
      from kept
      group by day, vendor_id, account_id, region, is_gateway, format
    ),
    best as (
      select day, vendor_id, account_id, region, is_gateway, arg_max(format, (calls, tokens, format)) as format
      from seen
      group by day, vendor_id, account_id, region, is_gateway
    )
    select k.*
    from kept as k
    join best as b
      on b.day = k.day and b.vendor_id = k.vendor_id and b.account_id = k.account_id and b.region = k.region
     and b.is_gateway = k.is_gateway and b.format = k.format
"""
_ROLL_UP = """
    insert into llm_call by name
    with named as (
      select unnest(cast($ids as varchar[])) as vendor_id, unnest(cast($names as varchar[])) as vendor_name
    )
    select
      c.day, c.subject_id, 'principal' as subject_kind, regexp_replace(c.subject_id, '^.*[:/]', '') as subject_label,
      c.vendor_id, coalesce(min(n.vendor_name), c.vendor_id) as vendor_name, 'api' as service, c.model,
      case when c.is_gateway then 'gateway' else c.via end as via, c.processing_region,
      cast(sum(c.calls) as bigint) as calls, cast(sum(c.input_tokens) as bigint) as input_tokens,
      cast(sum(c.output_tokens) as bigint) as output_tokens, min(c.first_seen_at) as first_seen_at,
      max(c.last_seen_at) as last_seen_at, call_ref(c.subject_id, c.vendor_id) as evidence_ref
    from call_counted as c
    left join named as n on n.vendor_id = c.vendor_id
    group by
      c.day, c.subject_id, c.vendor_id, c.model, case when c.is_gateway then 'gateway' else c.via end,
      c.processing_region
"""
_SOURCES = """
    insert into evidence_source by name
    select distinct call_ref(subject_id, vendor_id) as evidence_ref, day, source_id
    from call_use
"""
_SAMPLES = """
    insert into evidence_sample by name
    with ranked as (
      select
        *, call_ref(subject_id, vendor_id) as evidence_ref,
        row_number() over (
          partition by subject_id, vendor_id, day
          order by processing_region = 'unknown', calls desc, model, source_id, line, via, region
        ) as place
      from call_use
    )
    select
      r.evidence_ref, r.day, cast(r.place as integer) as ordinal, 'call' as kind,
      r.subject_id || ' called ' || r.model || ' ' || r.calls || ' times in ' || r.region
        || case when r.processing_region = 'unknown' then '' else ', processed in ' || r.processing_region end
        as detail,
      r.source_id, r.format as source, coalesce(o.object, '') as object, r.line,
      strftime(r.first_seen_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.model as record, coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""


def make_macros(context: EnrichContext) -> None:
    """Make `caller_of(principal, account_id)`, the subject of a call, and `call_ref(subject_id, vendor_id)`."""
    context.store.query(_CALLER)
    context.store.query(_REFERENCE)


def build(context: EnrichContext) -> None:
    """Replace `llm_call` and its evidence for the open days. Needs `work_day`; owners are filled in later."""
    make_macros(context)
    vendors = sorted(context.catalog.vendors)
    names = {"ids": vendors, "names": [context.catalog.vendors[one].name for one in vendors]}
    context.store.query(_DAYS)
    context.store.query("delete from llm_call where day in (select day from call_day)")
    evidence.drop_days(context, "call/")
    context.store.query(_USE, {"upstream": _upstream(context)})
    context.store.query(_COUNTED)
    context.store.query(_ROLL_UP, names)
    context.store.query(_SOURCES)
    context.store.query(_SAMPLES, {"samples": evidence.SAMPLES})


def _upstream(context: EnrichContext) -> list[str]:
    """`vendor|credential` of every gateway: calls with them are the gateway's own."""
    policy = context.policy
    return sorted(
        f"{vendor_id}|{credential}"
        for gateway in policy.gateways
        for vendor_id in policy.gateway_vendors(gateway)
        for credential in gateway.credentials
    )
