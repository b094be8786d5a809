"""Who talks to the hosts that call LLM vendors, and how much those hosts send out at all: one pass each way.

Both ends may have recorded a conversation: of the two views the larger counts, never their sum. Load balancers of the
inventory are hosts too, since whoever calls them calls what stands behind.
"""

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.spans import within_days

# Resolvers, mail, administration and monitoring have fan-in of their own; a model is never served there.
NOT_SERVICES = [22, 25, 53, 111, 123, 161, 465, 514, 587, 853, 2049, 3389, 5985, 5986, 9100, 10250]

_HOSTS = """
    create or replace temp table talking_day as
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
"""
# As the logs spell their networks; the days come back once the records are grouped.
_SPELT = """
    create or replace temp table talking_host as
    with host as (
      select distinct account_id, vpc_id, client_ip, ip_version, client_hi, client_lo
      from talking_day
    )
    select account_id, vpc_id, client_ip, ip_version, client_hi, client_lo, account_id as logged_account_id,
      vpc_id as logged_vpc_id
    from host
    union
    select s.account_id, s.vpc_id, s.client_ip, s.ip_version, s.client_hi, s.client_lo, h.account_id, h.vpc_id
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
# `is_private` is asked of what was joined, not of every record: as a condition it would be pushed below the join.
_HEARD = """
    create or replace temp table heard_talk as
    with heard as (
      select
        h.account_id, h.vpc_id, h.client_ip as host_ip, f.remote_port as port, f.client_ip as peer_ip,
        true as is_peers_view, f.ip_version, f.client_hi as peer_hi, f.client_lo as peer_lo,
        f.direction = 'ingress' as is_told, f.bytes, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.client_lo = f.remote_lo and h.client_hi = f.remote_hi and h.ip_version = f.ip_version
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id
      where f.action = 'accept' and f.remote_port > 0 and not is_served(f.client_port, f.remote_port) and {days}
      union all
      select
        h.account_id, h.vpc_id, h.client_ip, f.client_port, f.remote_ip, false, f.ip_version, f.remote_hi,
        f.remote_lo, f.direction <> 'ingress', f.bytes, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.client_lo = f.client_lo and h.client_hi = f.client_hi and h.ip_version = f.ip_version
       and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id
      where f.action = 'accept' and is_served(f.client_port, f.remote_port) and {days}
    )
    select
      date_trunc('hour', started_at) as hour, account_id, vpc_id, host_ip, port, peer_ip, is_peers_view,
      cast(coalesce(sum(bytes) filter (where not is_told), 0) as bigint) as bytes_in,
      cast(coalesce(sum(bytes) filter (where is_told), 0) as bigint) as bytes_out, count(*) as flow_count,
      min(source_id) as source_id, min_by(line, (source_id, line)) as line, min(started_at) as started_at
    from heard
    group by 1, 2, 3, 4, 5, 6, 7
    having is_private(any_value(ip_version), any_value(peer_hi), any_value(peer_lo))
"""
_TALKS = """
    create or replace temp table talk as
    select
      d.day, t.account_id, t.vpc_id, t.host_ip, t.port, t.peer_ip, t.hour, max(t.bytes_in) as bytes_in,
      max(t.bytes_out) as bytes_out, max(t.flow_count) as flow_count, min(t.source_id) as source_id,
      min_by(t.line, (t.source_id, t.line)) as line, min(t.started_at) as started_at
    from heard_talk as t
    join talking_day as d
      on d.day = cast(t.hour as date) and d.account_id = t.account_id and d.vpc_id = t.vpc_id
     and d.client_ip = t.host_ip
    where not list_contains($not_services, t.port)
    group by d.day, t.account_id, t.vpc_id, t.host_ip, t.port, t.peer_ip, t.hour
"""
_EXTERNAL = """
    create or replace temp table external_day as
    select
      cast(f.started_at as date) as day, h.account_id, h.vpc_id, h.client_ip,
      cast(coalesce(sum(f.bytes) filter (where not is_private(f.ip_version, f.remote_hi, f.remote_lo)), 0) as bigint)
        as bytes,
      approx_count_distinct(f.remote_lo) filter (where not is_private(f.ip_version, f.remote_hi, f.remote_lo))
        as remotes
    from flow as f
    join talking_host as h
      on h.client_lo = f.client_lo and h.client_hi = f.client_hi and h.ip_version = f.ip_version
     and h.logged_vpc_id = f.vpc_id and h.logged_account_id = f.account_id
    where f.action = 'accept' and {days}
    group by 1, 2, 3, 4
"""


def build(context: EnrichContext) -> None:
    """Make `talk` (day, host, port, peer, hour, bytes) and `external_day` (day, host, bytes, remotes).

    Needs `sighting` and `covered_sighting`.
    """
    days = within_days(context, "work_day", "f.started_at")
    context.store.query(_IPV4)
    context.store.query(_HOSTS)
    context.store.query(_SPELT)
    context.store.query(_HEARD.format(days=days))
    context.store.query(_TALKS, {"not_services": NOT_SERVICES})
    context.store.query(_EXTERNAL.format(days=days))
