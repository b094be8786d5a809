"""View `llm_egress`: traffic to LLM vendors by day, subject, vendor, service, host, via and action.

What names a flow, strongest first: the DNS answer its own client was given (high), the answer any client of its network
was given (medium), a range the vendor publishes as its own, or the cloud service the log names (medium). Names that
compete leave the vendor `unknown` (low), both shown. Nothing else names a vendor, least of all a shared CDN.

Traffic to an approved gateway is a row with vendor_id `gateway`, service = the gateway's name, via `gateway`: which
vendor lies behind that hop is not known there, adoption is. Its own traffic to vendors is via `gateway` too.
"""

from shadowscan.enrich import dns, evidence, gateway_route, selection, transit, workload
from shadowscan.enrich.context import EnrichContext

_FACTS = """
    create or replace temp table named_fact as
    select 'name' as kind, qname as fact_key, vendor_id, vendor_name, service, surface, region, region_group,
      region_evidence, jurisdiction, confidence, gateway
    from vendor_name
    union all
    select distinct 'range', range_key, vendor_id, vendor_name, service, surface, region, region_group,
      region_evidence, jurisdiction, 'medium', gateway
    from vendor_range
    union all
    select 'contested', '', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'R0', 'unknown', 'low',
      'none'
"""
_NAMED = """
    create or replace temp table named_flow as
    with keyed as (
      select
        f.*, o.is_transit, a.named_by, a.confidence as answer_confidence, a.qname, a.competing, a.answer_source_id,
        a.answer_line, a.answered_at,
        case
          when a.leads_to <> 'other' and not a.is_contested then 'name'
          when r.range_key is not null or s.range_key is not null then 'range'
          when a.is_contested then 'contested'
        end as fact_kind,
        coalesce(r.range_key, s.range_key) as range_key
      from vendor_flow as f
      join observed_flow as o on o.flow_id = f.flow_id
      left join flow_answer as a on a.flow_id = f.flow_id
      left join ranged_remote as r
        on r.ip_version = f.ip_version and r.remote_hi = f.remote_hi and r.remote_lo = f.remote_lo
       and r.vpc_id = f.vpc_id
      left join vendor_range as s on s.ip_version = 0 and s.range_key = f.remote_service
    )
    select
      k.flow_id, k.source_id, k.line, k.started_at, k.ended_at, k.day, k.account_id, k.vpc_id, k.client_ip,
      k.remote_ip, k.remote_port, k.direction, k.action, k.bytes, k.is_transit,
      v.vendor_id, v.vendor_name, v.service, v.surface, v.region, v.region_group, v.region_evidence, v.jurisdiction,
      case when k.fact_kind = 'name' then k.qname else k.remote_ip end as host,
      case when k.fact_kind = 'range' then 'published_range' else k.named_by end as named_by,
      case
        when 'low' in (v.confidence, k.answer_confidence) and k.fact_kind <> 'range' then 'low'
        when v.confidence = 'medium' or k.answer_confidence = 'medium' or k.fact_kind = 'range' then 'medium'
        else v.confidence
      end as confidence,
      case when k.fact_kind = 'contested' then k.competing else '' end as competing,
      case when k.fact_kind <> 'range' then k.answer_source_id end as answer_source_id,
      case when k.fact_kind <> 'range' then k.answer_line end as answer_line,
      case when k.fact_kind <> 'range' then k.answered_at end as answered_at,
      case when k.fact_kind <> 'range' then k.qname end as qname,
      coalesce(p.subject_id, e.subject_id, i.subject_id, k.account_id || '/' || k.vpc_id || '/' || k.client_ip)
        as subject_id,
      case when v.gateway <> 'none' then v.gateway else coalesce(c.gateway, 'none') end as gateway
    from keyed as k
    join named_fact as v
      on v.kind = k.fact_kind
     and v.fact_key = case k.fact_kind when 'name' then k.qname when 'range' then k.range_key else '' end
    left join link_interval as p
      on p.kind = 'address' and p.value = k.account_id || '/' || k.vpc_id || '/' || k.client_ip
     and k.started_at >= p.valid_from and k.started_at < p.valid_until
    left join link_interval as e
      on e.kind = 'eni' and e.value = k.interface_id and k.is_direct
     and k.started_at >= e.valid_from and k.started_at < e.valid_until
    left join link_interval as i
      on i.kind = 'instance' and i.value = k.instance_id and k.is_direct
     and k.started_at >= i.valid_from and k.started_at < i.valid_until
    left join gateway_client as c
      on c.account_id = k.account_id and c.vpc_id = k.vpc_id and c.client_ip = k.client_ip
"""
_DROP_DAYS = "delete from llm_egress where day in (select day from work_day)"
_ROLL_UP = """
    insert into llm_egress by name
    with routed as (
      select f.*, coalesce(g.gateway, f.gateway) as route
      from named_flow as f
      left join gateway_subject as g on g.subject_id = f.subject_id
    ),
    rolled as (
      select
        f.day, f.subject_id, f.vendor_id, f.service, f.host, f.action, f.route as gateway,
        bool_or(f.is_transit) as is_transit,
        min(f.account_id) as account_id, min(f.vpc_id) as vpc_id, min(f.vendor_name) as vendor_name,
        min(f.surface) as surface,
        min_by(f.named_by, case f.confidence when 'high' then 0 when 'medium' then 1 else 2 end || f.named_by)
          as named_by,
        min_by(f.confidence, case f.confidence when 'high' then 0 when 'medium' then 1 else 2 end) as confidence,
        coalesce(string_agg(distinct nullif(f.competing, ''), ',' order by nullif(f.competing, '')), '') as competing,
        min(f.region) as region, min(f.region_group) as region_group, min(f.region_evidence) as region_evidence,
        min(f.jurisdiction) as jurisdiction,
        cast(sum(case when f.direction = 'ingress' then 0 else f.bytes end) as bigint) as bytes_out,
        cast(sum(case when f.direction = 'ingress' then f.bytes else 0 end) as bigint) as bytes_in,
        count(*) as flow_count, min(f.started_at) as first_seen_at, max(f.ended_at) as last_seen_at
      from routed as f
      group by f.day, f.subject_id, f.vendor_id, f.service, f.host, f.action, f.route
    )
    select
      r.day, r.subject_id,
      case when r.is_transit then 'machine' else coalesce(s.kind, 'workload') end as subject_kind,
      coalesce(nullif(s.label, ''), r.subject_id) as subject_label,
      r.account_id, r.vpc_id, r.vendor_id, r.vendor_name, r.service, r.host, r.surface,
      case when r.gateway <> 'none' then 'gateway' else 'direct' end as via,
      r.gateway,
      r.vendor_id in (select vendor_id from expected_vendor) as gateway_expected,
      r.action, r.named_by, r.confidence, r.competing, r.region, r.region_group, r.region_evidence, r.jurisdiction,
      r.bytes_out, r.bytes_in, r.flow_count, r.first_seen_at, r.last_seen_at,
      r.first_seen_at as vendor_first_seen_at, r.first_seen_at as history_start_at,
      'egress/' || substr(md5(r.subject_id || '|' || r.vendor_id), 1, 16) as evidence_ref
    from rolled as r
    left join subject as s on s.subject_id = r.subject_id
"""


def build(context: EnrichContext) -> None:
    """Replace the open days of `llm_egress` and of its evidence; leaves `named_flow` for the steps that sample it."""
    selection.build(context)
    dns.build(context)
    transit.build(context)
    workload.build(context)
    gateway_route.build(context)
    for statement in (_FACTS, _NAMED, _DROP_DAYS, _ROLL_UP):
        context.store.query(statement)
    evidence.replace_egress_evidence(context)
