"""Who talks to the hosts that call LLM vendors, and how much those hosts send out at all: one pass each way.

Both ends may have recorded a conversation: of the two views the larger counts, never their sum.
"""

from shadowscan.enrich.context import EnrichContext

# Resolvers, mail hosts and administration have fan-in of their own; a model is never served there.
NOT_SERVICES = [22, 25, 53, 123, 465, 587, 853, 3389, 5985, 5986]

_HOSTS = """
    create or replace temp table talking_host as
    with host as (
      select distinct day, account_id, vpc_id, client_ip, ip_version, client_hi, client_lo
      from sighting
      where action = 'accept' and vendor_id not in ('unknown', 'gateway')
        and flow_id not in (select flow_id from covered_sighting)
    )
    select day, account_id, vpc_id, client_ip, ip_version, client_hi, client_lo, account_id as logged_account_id,
      vpc_id as logged_vpc_id
    from host
    union
    select s.day, s.account_id, s.vpc_id, s.client_ip, s.ip_version, s.client_hi, s.client_lo, h.account_id, h.vpc_id
    from host as s
    join home as h on h.home_account_id = s.account_id and h.home_vpc_id = s.vpc_id and h.client_ip = s.client_ip
"""
_TALKS = """
    create or replace temp table talk as
    with heard as (
      select
        h.day, h.account_id, h.vpc_id, h.client_ip as host_ip, f.remote_port as port, f.client_ip as peer_ip,
        date_trunc('hour', f.started_at) as hour, 'peer' as seen_by,
        case when f.direction = 'ingress' then 0 else f.bytes end as bytes_in,
        case when f.direction = 'ingress' then f.bytes else 0 end as bytes_out, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.ip_version = f.ip_version and h.client_hi = f.remote_hi and h.client_lo = f.remote_lo
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
      where f.action = 'accept' and is_private(f.ip_version, f.client_hi, f.client_lo)
        and not is_served(f.client_port, f.remote_port) and f.remote_port > 0
        and f.started_at >= (select start_at from work_span) and f.started_at < (select end_at from work_span)
      union all
      select
        h.day, h.account_id, h.vpc_id, h.client_ip, f.client_port, f.remote_ip, date_trunc('hour', f.started_at),
        'host', case when f.direction = 'ingress' then f.bytes else 0 end,
        case when f.direction = 'ingress' then 0 else f.bytes end, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.ip_version = f.ip_version and h.client_hi = f.client_hi and h.client_lo = f.client_lo
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
      where f.action = 'accept' and is_private(f.ip_version, f.remote_hi, f.remote_lo)
        and is_served(f.client_port, f.remote_port)
        and f.started_at >= (select start_at from work_span) and f.started_at < (select end_at from work_span)
    ),
    viewed as (
      select
        day, account_id, vpc_id, host_ip, port, peer_ip, hour, seen_by, cast(sum(bytes_in) as bigint) as bytes_in,
        cast(sum(bytes_out) as bigint) as bytes_out, count(*) as flow_count, min(source_id) as source_id,
        min_by(line, (source_id, line)) as line, min(started_at) as started_at
      from heard
      where not list_contains($not_services, port)
      group by day, account_id, vpc_id, host_ip, port, peer_ip, hour, seen_by
    )
    select
      day, account_id, vpc_id, host_ip, port, peer_ip, hour, max(bytes_in) as bytes_in, max(bytes_out) as bytes_out,
      max(flow_count) as flow_count, min(source_id) as source_id, min_by(line, (source_id, line)) as line,
      min(started_at) as started_at
    from viewed
    group by day, account_id, vpc_id, host_ip, port, peer_ip, hour
"""
_EXTERNAL = """
    create or replace temp table external_day as
    select
      h.day, h.account_id, h.vpc_id, h.client_ip, cast(sum(f.bytes) as bigint) as bytes,
      approx_count_distinct((f.remote_hi, f.remote_lo)) as remotes
    from flow as f
    join talking_host as h
      on h.ip_version = f.ip_version and h.client_hi = f.client_hi and h.client_lo = f.client_lo
     and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
    where f.action = 'accept' and not is_private(f.ip_version, f.remote_hi, f.remote_lo)
      and f.started_at >= (select start_at from work_span) and f.started_at < (select end_at from work_span)
    group by h.day, h.account_id, h.vpc_id, h.client_ip
"""


def build(context: EnrichContext) -> None:
    """Make `talk` (day, host, port, peer, hour, bytes) and `external_day` (day, host, bytes, remotes).

    Needs `sighting` and `covered_sighting`.
    """
    context.store.query(_HOSTS)
    context.store.query(_TALKS, {"not_services": NOT_SERVICES})
    context.store.query(_EXTERNAL)
