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
    select *, row_number() over () as host_no
    from (
      select distinct day, account_id, vpc_id, client_ip, ip_version, client_hi, client_lo
      from sighting
      where action = 'accept' and vendor_id not in ('unknown', 'gateway')
        and flow_id not in (select flow_id from covered_sighting)
      union
      select distinct s.day, a.account_id, a.vpc_id, a.address, cast(4 as tinyint), 0, ipv4_text(a.address)
      from asset as a
      join (select distinct day, account_id, vpc_id from sighting) as s
        on s.account_id = a.account_id and s.vpc_id = a.vpc_id
      where a.kind = 'load_balancer' and ipv4_text(a.address) is not null
    )
"""
# As the logs spell their networks.
_SPELT = """
    create or replace temp table talking_host as
    select host_no, day, ip_version, client_hi, client_lo, account_id, vpc_id
    from talking_day
    union
    select s.host_no, s.day, s.ip_version, s.client_hi, s.client_lo, h.account_id, h.vpc_id
    from talking_day as s
    join home as h on h.home_account_id = s.account_id and h.home_vpc_id = s.vpc_id and h.client_ip = s.client_ip
"""
# Everything is grouped by numbers. `is_private` is asked of groups: as a condition on records it would be pushed below
# the join. The record that stands for a group is its object and line in one number.
_HEARD = """
    create or replace temp table heard_talk as
    with heard as (
      select
        h.host_no, f.remote_port as port, f.client_ip as peer_ip, true as is_peers_view, f.ip_version,
        f.client_hi as peer_hi, f.client_lo as peer_lo, f.direction = 'ingress' as is_told, f.bytes, f.source_id,
        f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.client_lo = f.remote_lo and h.day = cast(f.started_at as date) and h.vpc_id = f.vpc_id
       and same(h.account_id, f.account_id) and same(h.client_hi, f.remote_hi) and same(h.ip_version, f.ip_version)
      where met(h.host_no, f.action = 'accept' and f.remote_port > 0 and not is_served(f.client_port, f.remote_port))
        and {days}
      union all
      select
        h.host_no, f.client_port, f.remote_ip, false, f.ip_version, f.remote_hi, f.remote_lo,
        f.direction <> 'ingress', f.bytes, f.source_id, f.line, f.started_at
      from flow as f
      join talking_host as h
        on h.client_lo = f.client_lo and h.day = cast(f.started_at as date) and h.vpc_id = f.vpc_id
       and same(h.account_id, f.account_id) and same(h.client_hi, f.client_hi) and same(h.ip_version, f.ip_version)
      where is_served(f.client_port, f.remote_port) and met(h.host_no, f.action = 'accept') and {days}
    )
    select
      date_trunc('hour', started_at) as hour, host_no, port, peer_hi, peer_lo, is_peers_view,
      any_value(peer_ip) as peer_ip, coalesce(sum(bytes) filter (where not is_told), 0) as bytes_in,
      coalesce(sum(bytes) filter (where is_told), 0) as bytes_out, count(*) as flow_count,
      min(place_of(source_id, line)) as record, min(started_at) as started_at
    from heard
    where port not in (select unnest($not_services))
    group by 1, 2, 3, 4, 5, 6
    having is_private(any_value(ip_version), peer_hi, peer_lo)
"""
_TALKS = """
    create or replace temp table talk as
    with best as (
      select
        hour, host_no, port, peer_ip, max(bytes_in) as bytes_in, max(bytes_out) as bytes_out,
        max(flow_count) as flow_count, min(record) as record, min(started_at) as started_at
      from heard_talk
      group by hour, host_no, port, peer_ip
    )
    select
      d.day, d.account_id, d.vpc_id, d.client_ip as host_ip, t.host_no, t.port, t.peer_ip, t.hour,
      cast(t.bytes_in as bigint) as bytes_in, cast(t.bytes_out as bigint) as bytes_out, t.flow_count,
      source_of(t.record) as source_id, line_of(t.record) as line, t.started_at
    from best as t
    join talking_day as d on d.host_no = t.host_no
"""
# Hosts that two or more talk to on one port; nobody else can be a relay that day.
_CALLED = """
    create or replace temp table called_host as
    select h.*
    from talking_host as h
    where h.host_no in (
      select host_no
      from talk
      group by host_no, port
      having count(distinct peer_ip) > 1
    )
"""
_EXTERNAL = """
    create or replace temp table external_day as
    with sent as (
      select
        h.host_no,
        sum(case when is_private(f.ip_version, f.remote_hi, f.remote_lo) then 0 else f.bytes end) as bytes,
        approx_count_distinct(
          case when not is_private(f.ip_version, f.remote_hi, f.remote_lo) then f.remote_lo end
        ) as remotes
      from flow as f
      join called_host as h
        on h.client_lo = f.client_lo and h.day = cast(f.started_at as date) and h.vpc_id = f.vpc_id
       and same(h.account_id, f.account_id) and same(h.client_hi, f.client_hi) and same(h.ip_version, f.ip_version)
      where met(h.host_no, f.action = 'accept') and {days}
      group by h.host_no
    )
    select d.day, d.account_id, d.vpc_id, d.client_ip, cast(s.bytes as bigint) as bytes, s.remotes
    from sent as s
    join talking_day as d on d.host_no = s.host_no
"""


def build(context: EnrichContext) -> None:
    """Make `talk` (day, host, port, peer, hour, bytes) and `external_day` (day, host, bytes, remotes).

    Needs `sighting` and `covered_sighting`.
    """
    days = within_days(context, "work_day", "flow", "started_at")
    context.store.query(_HOSTS)
    context.store.query(_SPELT)
    context.store.query(_HEARD.format(days=days), {"not_services": NOT_SERVICES})
    context.store.query(_TALKS)
    context.store.query(_CALLED)
    context.store.query(_EXTERNAL.format(days=days))
