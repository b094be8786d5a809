"""View `llm_lookup`: DNS questions for LLM vendors' names by day, subject, vendor, service and host.

A question is contact, not a call: it says that somebody may have talked to a vendor, never that data left.
"""

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext

_QUESTIONS = """
    create or replace temp table vendor_question as
    with asked as (
      select
        q.source_id, q.line, cast(q.queried_at as date) as day, q.queried_at, q.qname, q.qtype, q.action, q.client_ip,
        q.instance_id, coalesce(h.home_account_id, q.account_id) as account_id,
        coalesce(h.home_vpc_id, q.vpc_id) as vpc_id
      from dns_query as q
      semi join vendor_name as n on n.qname = q.qname
      left join home as h on h.account_id = q.account_id and h.vpc_id = q.vpc_id and h.client_ip = q.client_ip
      where q.queried_at >= (select start_at from work_span)
        and q.queried_at < (select end_at from work_span)
        and cast(q.queried_at as date) in (select day from work_day)
    )
    select
      q.source_id, q.line, q.day, q.queried_at, q.account_id, q.vpc_id, q.client_ip, q.qname, q.qtype, q.action,
      coalesce(
        p.subject_id, i.subject_id,
        q.account_id || '/' || q.vpc_id || '/'
          || case when q.client_ip = 'unknown' and q.instance_id <> 'unknown' then q.instance_id else q.client_ip end
      ) as subject_id,
      n.host, n.vendor_id, n.vendor_name, n.service, n.surface,
      case when n.gateway <> 'none' then n.gateway else coalesce(c.gateway, 'none') end as gateway
    from asked as q
    join vendor_name as n on n.qname = q.qname
    left join link_interval as p
      on p.kind = 'address' and p.value = q.account_id || '/' || q.vpc_id || '/' || q.client_ip
     and q.queried_at >= p.valid_from and q.queried_at < p.valid_until
    left join link_interval as i
      on i.kind = 'instance' and i.value = q.instance_id
     and q.queried_at >= i.valid_from and q.queried_at < i.valid_until
    left join gateway_client as c
      on c.account_id = q.account_id and c.vpc_id = q.vpc_id and c.client_ip = q.client_ip
"""
_DROP_DAYS = "delete from llm_lookup where day in (select day from work_day)"
_ROLL_UP = """
    insert into llm_lookup by name
    with routed as (
      select q.*, coalesce(g.gateway, q.gateway) as route
      from vendor_question as q
      left join gateway_subject as g on g.subject_id = q.subject_id
    ),
    rolled as (
      select
        q.day, q.subject_id, q.vendor_id, q.service, q.host, min(q.vendor_name) as vendor_name,
        min(q.surface) as surface, max(nullif(q.route, 'none')) as gateway,
        min(q.account_id) as account_id, min(q.vpc_id) as vpc_id,
        count(*) as query_count, count(*) filter (where q.action = 'block') as blocked_count,
        min(q.queried_at) as first_seen_at, max(q.queried_at) as last_seen_at
      from routed as q
      group by q.day, q.subject_id, q.vendor_id, q.service, q.host
    )
    select
      r.day, r.subject_id, coalesce(s.kind, 'workload') as subject_kind,
      coalesce(nullif(s.label, ''), r.subject_id) as subject_label, r.account_id, r.vpc_id, r.vendor_id, r.vendor_name,
      r.service, r.host, r.surface,
      case when r.gateway is null then 'direct' else 'gateway' end as via,
      coalesce(r.gateway, 'none') as gateway,
      r.vendor_id in (select vendor_id from expected_vendor) as gateway_expected,
      r.query_count, r.blocked_count, r.first_seen_at, r.last_seen_at,
      'lookup/' || substr(md5(r.subject_id || '|' || r.vendor_id), 1, 16) as evidence_ref
    from rolled as r
    left join subject_name as s on s.subject_id = r.subject_id
"""
_SAMPLES = """
    with ranked as (
      select
        q.*, 'lookup/' || substr(md5(q.subject_id || '|' || q.vendor_id), 1, 16) as evidence_ref,
        row_number() over (
          partition by q.subject_id, q.vendor_id, q.day
          order by q.queried_at, q.qname, q.source_id, q.line
        ) as place
      from vendor_question as q
    )
    insert into evidence_sample by name
    select
      r.evidence_ref, r.day, cast(r.place as integer) as ordinal, 'dns_query' as kind,
      r.client_ip || ' asked for ' || r.qname as detail, r.source_id,
      coalesce(o.format, 'dns_query') as source, coalesce(o.object, '') as object, r.line,
      strftime(r.queried_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.client_ip || ' ' || r.qname || ' ' || r.qtype as record,
      coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""
_SOURCES = """
    insert into evidence_source by name
    select distinct
      'lookup/' || substr(md5(subject_id || '|' || vendor_id), 1, 16) as evidence_ref, day, source_id
    from vendor_question
"""


def build(context: EnrichContext) -> None:
    """Replace the open days of `llm_lookup` and of its evidence. Runs after `egress`, whose temp tables it uses."""
    context.store.query(_QUESTIONS)
    context.store.query(_DROP_DAYS)
    context.store.query(_ROLL_UP)
    evidence.drop_days(context, "lookup/")
    context.store.query(_SAMPLES, {"samples": evidence.SAMPLES})
    context.store.query(_SOURCES)
