"""View `llm_traffic_account`: traffic to each vendor by subject, and whether any bill explains it.

`billing_covered` is false where no charge of any vendor overlaps the time of the traffic: then nothing can be said of
missing spend. `is_free` means that only surfaces were used that cost nothing (documentation, status pages, sign-in).
"""

from shadowscan.enrich.context import EnrichContext

_INSERT = """
    insert into llm_traffic_account by name
    with billed as (
      select vendor_id
      from llm_spend
      group by vendor_id
    )
    select
      e.vendor_id, min(e.vendor_name) as vendor_name, e.service,
      e.vendor_id in (select vendor_id from billed) as has_spend,
      exists (
        select 1
        from charge as c
        where c.period_start_at <= max(e.last_seen_at) and c.period_end_at > min(e.first_seen_at)
      ) as billing_covered,
      bool_and(e.surface not in ('api', 'web', 'upload')) as is_free,
      e.subject_id, min(e.subject_kind) as subject_kind, min(e.subject_label) as subject_label,
      min(e.account_id) as account_id, min(e.vpc_id) as vpc_id, min(e.team) as team,
      min(e.owner_status) as owner_status, max_by(e.status, e.day) as status,
      max_by(e.status_reason, e.day) as status_reason, max_by(e.status_confidence, e.day) as status_confidence,
      cast(sum(e.bytes_out) as bigint) as bytes_out, cast(sum(e.bytes_in) as bigint) as bytes_in,
      cast(sum(e.flow_count) as bigint) as flow_count, min(e.first_seen_at) as first_seen_at,
      max(e.last_seen_at) as last_seen_at, min(e.evidence_ref) as evidence_ref
    from llm_egress as e
    where e.action = 'accept' and e.vendor_id not in ('unknown', 'gateway')
    group by e.vendor_id, e.service, e.subject_id
"""


def build(context: EnrichContext) -> None:
    """Replace `llm_traffic_account`. Needs `llm_spend`, and team and status on `llm_egress`."""
    context.store.query("delete from llm_traffic_account")
    context.store.query(_INSERT)
