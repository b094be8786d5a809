"""Who talks to the hosts that call LLM vendors, and how much those hosts send out at all: one pass each way.

Both ends may have recorded a conversation: of the two views the larger counts, never their sum. Load balancers of the
inventory are hosts too, since whoever calls them calls what stands behind.
"""

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.spans import within_days

# Resolvers, mail, administration and monitoring have fan-in of their own; a model is never served there.
NOT_SERVICES = [22, 25, 53, 111, 123, 161, 465, 514, 587, 853, 2049, 3389, 5985, 5986, 9100, 10250]

_HOSTS = """
    create or replace temp table talking_host as
    with host as (
      select distinct day, account_id, vpc_id, client_ip, ip_version, client_hi, client_lo
      from sighting
      where action = 'accept' and vendor_id not in ('unknown', 'gateway')
        and flow_id not in (select flow_id from covered_sighting)
      union
      select distinct s.day, a.account_id, a.vpc_id, a.address, 4, 0, ipv4_text(a.address)
      from asset as a
      join (select distinct day, account_id, vpc_id from sighting) as s
        on s.account_id = a.account_id and s.vpc_id = a.vpc_id
      where a.kind = 'load_balancer' and ipv4_text(a.address) is not null
    )
    select day, account_id, vpc_id, client_ip, ip_version, client_hi, client_lo, account_id as logged_account_id,
      vpc_id as logged_vpc_id
    from host
    union
    select s.day, s.account_id, s.vpc_id, s.client_ip, s.ip_version, s.client_hi, s.client_lo, h.account_id, h.vpc_id
    from host as s
    join home as h on h.home_account_id = s.account_id and h.home_vpc_id = s.vpc_id and h.client_ip = s.client_ip
"""
_IPV4 = """
    create or replace temp macro ipv4_text(a) as
      case when regexp_full_match(a, '[0-9]{1,3}(\\.[0-9]{1,3}){3}') then
        try_cast(split_part(a, '.', 1) as bigint) * 16777216 + try_cast(split_part(a, '.', 2) as bigint) * 65536
          + try_cast(split_part(a, '.', 3) as bigint) * 256 + try_cast(split_part(a, '.', 4) as bigint)
      end
"""
# `is_private` is asked of what was joined, not of every record: a condition would be pushed down before the join.
_HEARD = """
    create or replace temp table heard_talk as
    with heard as (
      select
        h.day, h.account_id, h.vpc_id, h.client_ip as host_ip, f.remote_port as port, f.client_ip as peer_ip,
        date_trunc('hour', f.started_at) as hour, true as is_peers_view, f.ip_version, f.client_hi as peer_hi,
        f.client_lo as peer_lo, f.direction = 'ingress' as is_told, f.bytes, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.ip_version = f.ip_version and h.client_hi = f.remote_hi and h.client_lo = f.remote_lo
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
      where f.action = 'accept' and f.remote_port > 0 and not is_served(f.client_port, f.remote_port) and {days}
      union all
      select
        h.day, h.account_id, h.vpc_id, h.client_ip, f.client_port, f.remote_ip, date_trunc('hour', f.started_at), false,
        f.ip_version, f.remote_hi, f.remote_lo, f.direction <> 'ingress', f.bytes, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.ip_version = f.ip_version and h.client_hi = f.client_hi and h.client_lo = f.client_lo
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
      where f.action = 'accept' and is_served(f.client_port, f.remote_port) and {days}
    )
    select
      day, account_id, vpc_id, host_ip, port, peer_ip, hour, is_peers_view,
      cast(coalesce(sum(bytes) filter (where not is_told), 0) as bigint) as bytes_in,
      cast(coalesce(sum(bytes) filter (where is_told), 0) as bigint) as bytes_out, count(*) as flow_count,
      min(source_id) as source_id, min_by(line, (source_id, line)) as line, min(started_at) as started_at
    from heard
    group by day, account_id, vpc_id, host_ip, port, peer_ip, hour, is_peers_view
    having is_private(any_value(ip_version), any_value(peer_hi), any_value(peer_lo))
"""
_TALKS = """
    create or replace temp table talk as
    select
      day, account_id, vpc_id, host_ip, port, peer_ip, hour, max(bytes_in) as bytes_in, max(bytes_out) as bytes_out,
      max(flow_count) as flow_count, min(source_id) as source_id, min_by(line, (source_id, line)) as line,
      min(started_at) as started_at
    from heard_talk
    where not list_contains($not_services, port)
    group by day, account_id, vpc_id, host_ip, port, peer_ip, hour
"""
_EXTERNAL = """
    create or replace temp table external_day as
    with remote as (
      select
        h.day, h.account_id, h.vpc_id, h.client_ip, f.ip_version, f.remote_hi, f.remote_lo,
        cast(sum(f.bytes) as bigint) as bytes
      from flow as f
      join talking_host as h
        on h.ip_version = f.ip_version and h.client_hi = f.client_hi and h.client_lo = f.client_lo
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id and h.day = cast(f.started_at as date)
      where f.action = 'accept' and {days}
      group by h.day, h.account_id, h.vpc_id, h.client_ip, f.ip_version, f.remote_hi, f.remote_lo
    )
    select day, account_id, vpc_id, client_ip, cast(sum(bytes) as bigint) as bytes, count(*) as remotes
    from remote
    where not is_private(ip_version, remote_hi, remote_lo)
    group by day, account_id, vpc_id, client_ip
"""


def build(context: EnrichContext) -> None:
    """Make `talk` (day, host, port, peer, hour, bytes) and `external_day` (day, host, bytes, remotes).

    Needs `sighting` and `covered_sighting`.
    """
    days = within_days(context, "work_day", "f.started_at")
    context.store.query(_IPV4)
    context.store.query(_HOSTS)
    context.store.query(_HEARD.format(days=days))
    context.store.query(_TALKS, {"not_services": NOT_SERVICES})
    context.store.query(_EXTERNAL.format(days=days))
