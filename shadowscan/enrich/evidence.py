"""What a roll-up row rests on: a few best records to show, and every object behind it.

A reference stands for a view, subject and vendor; its rows carry the day, so that a day can be replaced alone.
"""

from shadowscan.enrich.context import EnrichContext

SAMPLES = 3

_EGRESS_REFS = """
    create or replace temp table egress_evidence as
    select
      'egress/' || substr(md5(f.subject_id || '|' || f.vendor_id), 1, 16) as evidence_ref,
      f.day, f.source_id, f.line, f.started_at, f.client_ip, f.remote_ip, f.remote_port, f.direction, f.action, f.bytes,
      f.answer_source_id, f.answer_line, f.answered_at, f.qname, f.competing, f.named_by, f.host
    from named_flow as f
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
    )
    insert into evidence_sample by name
    select
      r.evidence_ref, r.day, cast(r.place as integer) as ordinal, 'flow' as kind,
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
        min(answered_at) as answered_at, min_by(answer_source_id, answered_at) as source_id,
        min_by(answer_line, answered_at) as line, min(client_ip) as client_ip, min(remote_ip) as remote_ip
      from egress_evidence
      group by evidence_ref, day, qname, competing, host, named_by
    ),
    ranked as (
      select n.*, row_number() over (partition by n.evidence_ref, n.day order by n.answered_at, n.host) as place
      from named as n
    )
    insert into evidence_sample by name
    select
      r.evidence_ref, r.day, cast(10 + r.place as integer) as ordinal,
      case
        when r.competing <> '' then 'competing_name'
        when r.named_by = 'published_range' then 'range'
        else 'dns_answer'
      end as kind,
      case
        when r.competing <> '' then r.remote_ip || ' was answered within a minute for ' || r.competing
        when r.named_by = 'published_range' then r.remote_ip || ' lies in a range of its own, or is named by the log'
        when r.named_by = 'dns_same_client'
          then r.qname || ' was answered with ' || r.remote_ip || ' to ' || r.client_ip
        else r.qname || ' was answered with ' || r.remote_ip || ' in the same network'
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
