"""View `llm_egress`: traffic to LLM vendors by day, subject, vendor, service, host, via and action.

What names a flow, strongest first: the name read off its own connection (high), the DNS answer its own client was given
(high, medium where the address is shared), the answer its network was given (medium, low where shared), a range the
vendor publishes as its own, or the cloud service the log names (medium). Names that compete leave the vendor `unknown`
(low), both shown. Nothing else names a vendor, least of all a shared CDN.

A refused record is an attempt: it counts under action `reject`, its bytes nowhere. Traffic to an approved gateway is a
row with vendor_id `gateway`, service = the gateway's name, via `gateway`: which vendor lies behind that hop is not
known there, adoption is. Its own traffic to vendors is via `gateway` too.
"""

from shadowscan.enrich import evidence, gateway_route, naming, relay_rollup, sightings, talks, transit, workload
from shadowscan.enrich.context import EnrichContext

_USES = """
    create or replace temp table vendor_use as
    select
      s.flow_id, s.source_id, s.line, s.started_at, s.ended_at, s.day, s.account_id, s.vpc_id, s.client_ip, s.remote_ip,
      s.remote_port, s.direction, s.action, s.bytes, r.flow_id is not null as is_counted,
      coalesce(r.is_transit, false) as is_transit, v.vendor_id, v.vendor_name, v.service, v.surface, v.region,
      v.region_group, v.region_evidence, v.jurisdiction, case when s.fact_kind = 'name' then v.host else s.remote_ip end
        as host,
      s.named_by, s.fact_kind,
      case
        when 'low' in (v.confidence, s.sureness) then 'low'
        when 'medium' in (v.confidence, s.sureness) then 'medium'
        else 'high'
      end as confidence,
      s.rivals as competing, s.fact_key as qname,
      coalesce(p.subject_id, e.subject_id, i.subject_id, s.account_id || '/' || s.vpc_id || '/' || s.client_ip)
        as subject_id,
      case when v.gateway <> 'none' then v.gateway else coalesce(c.gateway, 'none') end as gateway,
      coalesce(source_of(s.named_record), a.source_id) as answer_source_id,
      coalesce(line_of(s.named_record), a.line) as answer_line,
      a.answered_at
    from sighting as s
    join named_fact as v on v.kind = s.fact_kind and v.fact_key = s.fact_key
    left join sighting_role as r on r.flow_id = s.flow_id
    left join sighting_answer as a on a.flow_id = s.flow_id
    left join link_interval as p
      on p.kind = 'address' and p.value = s.account_id || '/' || s.vpc_id || '/' || s.client_ip
     and s.started_at >= p.valid_from and s.started_at < p.valid_until
    left join link_interval as e
      on e.kind = 'eni' and e.value = s.interface_id and s.is_direct
     and s.started_at >= e.valid_from and s.started_at < e.valid_until
    left join link_interval as i
      on i.kind = 'instance' and i.value = s.instance_id and s.is_direct
     and s.started_at >= i.valid_from and s.started_at < i.valid_until
    left join gateway_client as c
      on c.account_id = s.account_id and c.vpc_id = s.vpc_id and c.client_ip = s.client_ip
"""
_DROP_DAYS = "delete from llm_egress where day in (select day from work_day)"
_ROLL_UP = """
    insert into llm_egress by name
    with routed as (
      select u.*, coalesce(g.gateway, u.gateway) as route
      from vendor_use as u
      left join gateway_subject as g on g.subject_id = u.subject_id
      where u.is_counted
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
      where f.day in (select day from work_day)
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
    left join subject_name as s on s.subject_id = r.subject_id
"""


def build(context: EnrichContext) -> None:
    """Replace the open days of `llm_egress` and of its evidence; leaves `vendor_use` for the steps that sample it."""
    for step in (naming, sightings, talks, gateway_route, transit, workload, evidence):
        step.build(context)
    for statement in (_USES, _DROP_DAYS, _ROLL_UP):
        context.store.query(statement)
    evidence.replace_egress_evidence(context)
    relay_rollup.build(context)
