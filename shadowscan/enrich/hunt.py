"""View `llm_hunt`: remotes that no vendor claims and that look like a model endpoint. Leads, never findings.

A remote is looked at when its name speaks of AI or its port is a model server's; it becomes a row when at least two
independent groups of signals agree: `ai_name`, `model_port`, `streaming_shape` (long, slow, small packets down after a
small upload), `first_seen` (not in the first week of history, seen since). Names of the catalogue and approved
gateways are left out. `.ai` alone says little, which is why one group is never enough.
"""

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext

MODEL_PORTS = [11434, 8000, 4000, 1234, 30000, 8787, 9997, 12434]  # defaults of local model servers and gateways
TOKENS = r"(^|[.-])(ai|llm|llms|gpt|chatgpt|copilot|infer|inference|llama|mistral|router)([.-]|$)"
MINIMUM_GROUPS = 2
STREAM_SECONDS = 5
STREAM_PACKET_BYTES = 600

_NAMES = """
    create or replace temp table hunted_name as
    select a.account_id, a.vpc_id, a.ip_version, a.ip_hi, a.ip_lo, min(a.qname) as qname
    from dns_answer as a
    where regexp_matches(a.qname, $tokens)
      and not exists (select 1 from vendor_name as n where n.qname = a.qname)
    group by a.account_id, a.vpc_id, a.ip_version, a.ip_hi, a.ip_lo
"""
_FLOWS = """
    create or replace temp table hunted_flow as
    with looked_at as (
      select
        f.source_id, f.line, f.started_at, f.ended_at, f.account_id, f.vpc_id, f.client_ip, f.remote_ip, f.remote_port,
        f.ip_version, f.remote_hi, f.remote_lo, f.direction, f.bytes, f.packets
      from flow as f
      where f.action = 'accept'
        and (f.client_port = 0 or f.client_port > f.remote_port)
        and (
          (f.ip_version, f.remote_hi, f.remote_lo) in (select (ip_version, ip_hi, ip_lo) from hunted_name)
          or list_contains($ports, f.remote_port)
        )
    )
    select
      l.account_id || '/' || l.vpc_id || '/' || l.client_ip as address_key, l.account_id, l.vpc_id, l.client_ip,
      l.remote_ip, l.remote_port, l.source_id, l.line, l.started_at, l.ended_at, l.direction, l.bytes, l.packets,
      n.qname
    from looked_at as l
    left join hunted_name as n
      on n.account_id = l.account_id and n.vpc_id = l.vpc_id
     and n.ip_version = l.ip_version and n.ip_hi = l.remote_hi and n.ip_lo = l.remote_lo
    where not exists (
        select 1
        from vendor_range as r
        where r.ip_version = l.ip_version and r.first_hi = l.remote_hi
          and l.remote_lo between r.first_lo and r.last_lo
      )
      and not exists (
        select 1
        from dns_answer as a
        join vendor_name as v on v.qname = a.qname
        where a.ip_version = l.ip_version and a.ip_hi = l.remote_hi and a.ip_lo = l.remote_lo
          and a.vpc_id = l.vpc_id
      )
"""
# Materialised before it is scored: in one statement DuckDB 2.0.1 answers the scoring conditions wrongly.
_REMOTES = """
    create or replace temp table hunted_remote as
    select
      coalesce(p.subject_id, f.address_key) as subject_id, min(f.account_id) as account_id, min(f.vpc_id) as vpc_id,
      coalesce(f.qname, f.remote_ip || ':' || f.remote_port) as remote,
      max(case when f.qname is null then 0 else 1 end) as ai_name,
      max(case when list_contains($ports, f.remote_port) then 1 else 0 end) as model_port,
      cast(coalesce(sum(f.bytes) filter (where f.direction = 'egress'), 0) as bigint) as bytes_out,
      cast(coalesce(sum(f.bytes) filter (where f.direction = 'ingress'), 0) as bigint) as bytes_in,
      cast(coalesce(sum(f.packets) filter (where f.direction = 'ingress'), 0) as bigint) as packets_in,
      max(date_diff('second', f.started_at, f.ended_at)) as longest_seconds,
      count(*) as flow_count, min(f.started_at) as first_seen_at, max(f.ended_at) as last_seen_at,
      min(f.source_id) as source_id, min_by(f.line, f.source_id) as line
    from hunted_flow as f
    left join subject_link as p
      on p.kind = 'address' and p.value = f.address_key and p.subject_id <> p.value
     and f.started_at >= coalesce(p.valid_from, f.started_at)
     and (p.valid_until is null or f.started_at < p.valid_until)
    group by coalesce(p.subject_id, f.address_key), coalesce(f.qname, f.remote_ip || ':' || f.remote_port)
"""
_GROUPS = """
    create or replace temp table hunted as
    with scored as (
      select
        r.*,
        case
          when longest_seconds >= $seconds and packets_in > 0 and bytes_in > bytes_out
            and bytes_in < packets_in * $packet then 1
          else 0
        end as streaming_shape,
        case
          when first_seen_at >= (select min(started_at) from flow) + interval 7 day then 1
          else 0
        end as first_seen
      from hunted_remote as r
    )
    select s.*, ai_name + model_port + streaming_shape + first_seen as signal_groups
    from scored as s
"""
_INSERT = """
    insert into llm_hunt by name
    select
      h.subject_id, coalesce(s.kind, 'workload') as subject_kind,
      coalesce(nullif(s.label, ''), h.subject_id) as subject_label, h.account_id, h.vpc_id, h.remote,
      cast(h.signal_groups as integer) as signal_groups,
      concat_ws(
        ',',
        case when h.ai_name = 1 then 'ai_name' end,
        case when h.first_seen = 1 then 'first_seen' end,
        case when h.model_port = 1 then 'model_port' end,
        case when h.streaming_shape = 1 then 'streaming_shape' end
      ) as signals,
      h.bytes_out, h.bytes_in, h.flow_count, h.first_seen_at, h.last_seen_at,
      'hunt/' || substr(md5(h.subject_id || '|' || h.remote), 1, 16) as evidence_ref
    from hunted as h
    left join subject as s on s.subject_id = h.subject_id
    where h.signal_groups >= $groups
"""
_SAMPLES = """
    insert into evidence_sample by name
    select
      v.evidence_ref, 1 as ordinal, 'flow' as kind,
      'talks to ' || v.remote || ': ' || v.signals as detail, h.source_id,
      coalesce(o.format, 'flow') as source, coalesce(o.object, '') as object, h.line,
      strftime(v.first_seen_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || v.remote as record, coalesce(o.digest, '') as digest
    from llm_hunt as v
    join hunted as h on h.subject_id = v.subject_id and h.remote = v.remote
    left join source_object as o on o.source_id = h.source_id
"""
_SOURCES = """
    insert into evidence_source by name
    select distinct v.evidence_ref, f.source_id
    from llm_hunt as v
    join hunted_flow as f on coalesce(f.qname, f.remote_ip || ':' || f.remote_port) = v.remote
    left join subject_link as p on p.kind = 'address' and p.value = f.address_key
    where coalesce(p.subject_id, f.address_key) = v.subject_id
"""


def build(context: EnrichContext) -> None:
    """Replace `llm_hunt` and its evidence. Needs `vendor_name` and `vendor_range`."""
    query = context.store.query
    query("delete from llm_hunt")
    evidence.drop_all(context, "hunt/")
    query(_NAMES, {"tokens": TOKENS})
    query(_FLOWS, {"ports": MODEL_PORTS})
    query(_REMOTES, {"ports": MODEL_PORTS})
    query(_GROUPS, {"seconds": STREAM_SECONDS, "packet": STREAM_PACKET_BYTES})
    query(_INSERT, {"groups": MINIMUM_GROUPS})
    query(_SAMPLES)
    query(_SOURCES)
