"""The few flow records that can concern an LLM vendor or an approved gateway, out of tens of millions.

One pass over the open days: a record stays when its remote address was ever answered for a vendor's name, lies in a
block of a dedicated range, or is named by the log itself. Everything after works on what is left.
"""

from shadowscan.enrich.context import EnrichContext

_ADDRESSES = """
    create or replace temp table vendor_address as
    select distinct a.ip_version, a.ip_hi, a.ip_lo
    from dns_answer as a
    join vendor_name as n on n.qname = a.qname
    where a.answered_at >= (select start_at from work_span) - $window
      and a.answered_at < (select end_at from work_span)
"""
# One plain semi-join each: an `or` over them makes DuckDB mark every row four times, ten times the cost.
_ROWS = """
    create or replace temp table vendor_row as
    with span as (
      select rowid as flow_id, ip_version, remote_hi, remote_lo, remote_block, remote_service
      from flow
      where started_at >= (select start_at from work_span)
        and started_at < (select end_at from work_span)
    )
    select f.flow_id
    from span as f
    semi join vendor_address as a
      on a.ip_version = f.ip_version and a.ip_hi = f.remote_hi and a.ip_lo = f.remote_lo
    union
    select f.flow_id
    from span as f
    semi join vendor_block as b on b.ip_version = f.ip_version and b.block = f.remote_block
    union
    select f.flow_id
    from (select flow_id, remote_hi from span where ip_version = 6) as f
    join (select first_hi, last_hi from vendor_range where ip_version = 6) as r
      on f.remote_hi between r.first_hi and r.last_hi
    union
    select f.flow_id
    from span as f
    semi join (select range_key from vendor_range where ip_version = 0) as s on s.range_key = f.remote_service
"""
_FLOWS = """
    create or replace temp table vendor_flow as
    select
      f.rowid as flow_id, f.source_id, f.line, f.started_at, f.ended_at, cast(f.started_at as date) as day, f.sensor,
      f.account_id, f.vpc_id, f.interface_id, f.instance_id, f.client_ip, f.client_hi, f.client_lo, f.client_port,
      f.remote_ip, f.remote_hi, f.remote_lo, f.remote_port, f.ip_version, f.remote_block, f.direction, f.action,
      f.bytes, f.remote_service,
      f.client_ip = f.interface_client_ip and f.remote_ip = f.interface_remote_ip as is_direct
    from flow as f
    semi join vendor_row as v on v.flow_id = f.rowid
    where cast(f.started_at as date) in (select day from work_day)
"""
_RANGED = """
    create or replace temp table ranged_remote as
    with remotes as (
      select distinct ip_version, remote_hi, remote_lo, vpc_id
      from vendor_flow
    )
    select m.ip_version, m.remote_hi, m.remote_lo, m.vpc_id, min(r.range_key) as range_key
    from remotes as m
    join vendor_range as r
      on r.ip_version = m.ip_version
     and m.remote_hi between r.first_hi and r.last_hi
     and (m.remote_hi > r.first_hi or m.remote_lo >= r.first_lo)
     and (m.remote_hi < r.last_hi or m.remote_lo <= r.last_lo)
     and (r.vpc_id = 'unknown' or r.vpc_id = m.vpc_id)
    group by m.ip_version, m.remote_hi, m.remote_lo, m.vpc_id
"""


def build(context: EnrichContext) -> None:
    """Make `vendor_address`, `vendor_flow` (flow columns, `day`, `is_direct`) and `ranged_remote` for the open days."""
    context.store.query(_ADDRESSES, {"window": context.config.settings.dns_window})
    context.store.query(_ROWS)
    context.store.query(_FLOWS)
    context.store.query(_RANGED)
