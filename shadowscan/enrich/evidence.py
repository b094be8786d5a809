"""What a roll-up row rests on: a few best records to show, and every object behind it.

A reference stands for a view, subject and vendor; its rows carry the day, so that a day can be replaced alone.
"""

from shadowscan.enrich.context import EnrichContext

SAMPLES = 3

# The last answer of that name before the flow, of the client's own or its network's, whichever named it.
_ANSWERS = """
    create or replace temp table sighting_answer as
    select s.flow_id, source_of(a.record) as source_id, line_of(a.record) as line, a.answered_at
    from (select flow_id, pair_id, name_no, started_at from sighting where pair_id is not null) as s
    asof join vendor_answer as a
      on a.pair_id = s.pair_id and a.name_no = s.name_no and s.started_at >= a.answered_at
"""
_EGRESS_REFS = """
    create or replace temp table egress_evidence as
    select
      'egress/' || substr(md5(u.subject_id || '|' || u.vendor_id), 1, 16) as evidence_ref,
      u.day, u.source_id, u.line, u.started_at, u.client_ip, u.remote_ip, u.remote_port, u.direction, u.action, u.bytes,
      u.answer_source_id, u.answer_line, u.answered_at, u.qname, u.host, u.competing, u.named_by, u.is_counted,
      u.flow_id < 0 as is_connection
    from vendor_use as u
    where u.day in (select day from work_day)
"""
_EGRESS_FLOWS = """
    with ranked as (
      select
        e.*,
        row_number() over (
          partition by e.evidence_ref, e.day
          order by e.direction = 'ingress', e.bytes desc, e.started_at, e.source_id, e.line
        ) as place
      from egress_evidence as e
      where e.is_counted
    )
    insert into evidence_sample by name
    select
      r.evidence_ref, r.day, cast(r.place as integer) as ordinal,
      case when r.is_connection then 'connection' else 'flow' end as kind,
      case when r.action = 'reject' then 'rejected: ' else '' end
        || case when r.direction = 'ingress' then r.client_ip || ' received ' else r.client_ip || ' sent ' end
        || r.bytes || ' bytes ' || case when r.direction = 'ingress' then 'from ' else 'to ' end
        || r.remote_ip || ':' || r.remote_port as detail,
      r.source_id, coalesce(o.format, 'flow') as source, coalesce(o.object, '') as object, r.line,
      strftime(r.started_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.client_ip || ' > ' || r.remote_ip || ':'
        || r.remote_port as record,
      coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""
_EGRESS_NAMES = """
    with named as (
      select
        evidence_ref, day, qname, competing, host, named_by,
        min(answered_at) as answered_at,
        min_by(answer_source_id, (answered_at, answer_source_id, answer_line)) as source_id,
        min_by(answer_line, (answered_at, answer_source_id, answer_line)) as line, min(client_ip) as client_ip,
        min(remote_ip) as remote_ip
      from egress_evidence
      where is_counted
      group by evidence_ref, day, qname, competing, host, named_by
    ),
    ranked as (
      select
        n.*, case when n.qname in (n.host, '') then '' else ' (a name for ' || n.host || ')' end as chain,
        row_number() over (
          partition by n.evidence_ref, n.day order by n.answered_at, n.host, n.qname, n.competing, n.named_by
        ) as place
      from named as n
    )
    insert into evidence_sample by name
    select
      r.evidence_ref, r.day, cast(10 + r.place as integer) as ordinal,
      case
        when r.competing <> '' then 'competing_name'
        when r.named_by = 'published_range' then 'range'
        when r.named_by = 'sni' then 'server_name'
        else 'dns_answer'
      end as kind,
      case
        when r.competing <> '' then r.remote_ip || ' was answered for each of ' || r.competing
        when r.named_by = 'published_range' then r.remote_ip || ' lies in a range of its own, or is named by the log'
        when r.named_by = 'sni' then r.client_ip || ' named ' || r.host || ' in the connection itself'
        when r.named_by = 'dns_same_client'
          then r.qname || r.chain || ' was answered with ' || r.remote_ip || ' to ' || r.client_ip
        when r.named_by = 'dns_resolver'
          then r.qname || r.chain || ' was answered with ' || r.remote_ip || ' to a resolver of the network'
        else r.qname || r.chain || ' was answered with ' || r.remote_ip || ' in the same network'
      end as detail,
      coalesce(r.source_id, 0) as source_id,
      coalesce(o.format, 'catalogue') as source, coalesce(o.object, '') as object, coalesce(r.line, 0) as line,
      coalesce(strftime(r.answered_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.qname || ' ' || r.remote_ip, '') as record,
      coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""
_EGRESS_SOURCES = """
    insert into evidence_source by name
    select evidence_ref, day, source_id
    from egress_evidence
    union
    select evidence_ref, day, answer_source_id
    from egress_evidence
    where answer_source_id is not null
"""


def build(context: EnrichContext) -> None:
    """Make `sighting_answer` (flow_id, source_id, line, answered_at): the answer that names each sighting."""
    context.store.query(_ANSWERS)


def drop_days(context: EnrichContext, prefix: str) -> None:
    """Forget the open days' evidence of references that start with `prefix`."""
    for table in ("evidence_sample", "evidence_source"):
        context.store.query(
            f"delete from {table} where starts_with(evidence_ref, $prefix) and day in (select day from work_day)",  # noqa: S608
            {"prefix": prefix},
        )


def drop_all(context: EnrichContext, prefix: str) -> None:
    """Forget all evidence of references that start with `prefix`: for views made whole each time."""
    for table in ("evidence_sample", "evidence_source"):
        context.store.query(f"delete from {table} where starts_with(evidence_ref, $prefix)", {"prefix": prefix})  # noqa: S608


def replace_egress_evidence(context: EnrichContext) -> None:
    """Samples (best flows, the answers that named them, competing names) and all sources of the open days."""
    drop_days(context, "egress/")
    context.store.query(_EGRESS_REFS)
    context.store.query(_EGRESS_FLOWS, {"samples": SAMPLES})
    context.store.query(_EGRESS_NAMES, {"samples": SAMPLES})
    context.store.query(_EGRESS_SOURCES)
