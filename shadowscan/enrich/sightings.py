"""One connection counts once, however many interfaces and sensors saw it.

The best observation point is kept: proxy, firewall, Zeek or Suricata, flow log; at each, the interface that owns the
addresses before one in transit or at the other end. A sensor that counts no bytes comes last: it names, it does not
measure. Two points see one connection where client, server and ports agree and their times overlap by the minute; where
one of them has no client port or no server address, where client, vendor and minute do. What the better point covers is
kept as evidence alone: its object, never its bytes.
"""

from shadowscan.enrich.context import EnrichContext

_FACTS = """
    create or replace temp table named_fact as
    select 'name' as kind, qname as fact_key, host, vendor_id, vendor_name, service, surface, region, region_group,
      region_evidence, jurisdiction, confidence, gateway
    from vendor_name
    union all
    select distinct 'range', range_key, 'unknown', vendor_id, vendor_name, service, surface, region, region_group,
      region_evidence, jurisdiction, 'medium', gateway
    from vendor_range
    union all
    select 'contested', '', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'R0',
      'unknown', 'low', 'none'
"""
# At one sensor the flow comes before what was read off it (flow_id below zero): a request's body is part of its bytes.
_SIGHTINGS = """
    create or replace temp table sighting as
    select
      f.*, v.vendor_id,
      4 * case
        when f.is_uncounted then 9
        when f.sensor = 'proxy' then 0
        when f.sensor = 'mesh' then 1
        when f.sensor = 'firewall' then 2
        when f.sensor in ('zeek', 'suricata') then 3
        when f.sensor = 'transit_gateway' then 5
        else 4
      end + case when f.is_turned then 2 else 0 end
        + case when f.is_direct and f.flow_id >= 0 then 0 else 1 end as distance
    from named_flow as f
    join named_fact as v on v.kind = f.fact_kind and v.fact_key = f.fact_key
"""
# Behind a middle hop the recording interface's network need not be the client's own.
_HOP_HOMES = """
    create or replace temp table hop_home as
    with seen as (
      select distinct account_id, vpc_id, client_ip
      from sighting
      where hop_ip <> ''
    )
    select
      s.account_id, s.vpc_id, s.client_ip, min(r.account_id) as home_account_id, min(r.vpc_id) as home_vpc_id
    from seen as s
    join resident as r on r.client_ip = s.client_ip
    where (s.account_id, s.vpc_id, s.client_ip) not in (select (account_id, vpc_id, client_ip) from resident)
    group by s.account_id, s.vpc_id, s.client_ip
    having count(distinct r.account_id || '/' || r.vpc_id) = 1
"""
_MOVE_HOPS = """
    update sighting
    set account_id = h.home_account_id, vpc_id = h.home_vpc_id
    from hop_home as h
    where sighting.hop_ip <> '' and h.account_id = sighting.account_id and h.vpc_id = sighting.vpc_id
      and h.client_ip = sighting.client_ip
"""
# A sensor that knows no network saw the connection of the one network whose own log has it.
_TWINS = """
    create or replace temp table twin as
    select client_ip, client_port, remote_ip, remote_port, min(account_id) as account_id, min(vpc_id) as vpc_id
    from sighting
    where client_port > 0 and remote_ip <> 'unknown' and vpc_id <> 'unknown'
    group by client_ip, client_port, remote_ip, remote_port
    having count(distinct account_id || '/' || vpc_id) = 1
"""
_ADOPT = """
    update sighting
    set account_id = t.account_id, vpc_id = t.vpc_id
    from twin as t
    where sighting.vpc_id = 'unknown'
      and (sighting.sensor <> 'flow_log' or sighting.account_id in ('unknown', t.account_id))
      and t.client_ip = sighting.client_ip and t.client_port = sighting.client_port
      and t.remote_ip = sighting.remote_ip and t.remote_port = sighting.remote_port
"""
_DOUBLED = """
    create or replace temp table doubled as
    select account_id, vpc_id, client_ip, client_port, remote_ip, remote_port, direction
    from sighting
    where client_port > 0 and remote_ip <> 'unknown'
    group by account_id, vpc_id, client_ip, client_port, remote_ip, remote_port, direction
    having count(distinct (distance, interface_id)) > 1
"""
_COVERED = """
    create or replace temp table covered_sighting as
    with seen as (
      select
        s.flow_id, s.account_id, s.vpc_id, s.client_ip, s.client_port, s.remote_ip, s.remote_port, s.direction,
        s.distance, s.interface_id, date_trunc('minute', s.started_at) as first_minute,
        least(s.ended_at, s.started_at + interval 1 day) as ended_at
      from sighting as s
      semi join doubled as d
        on d.account_id = s.account_id and d.vpc_id = s.vpc_id and d.client_ip = s.client_ip
       and d.client_port = s.client_port and d.remote_ip = s.remote_ip and d.remote_port = s.remote_port
       and d.direction = s.direction
    ),
    lesser as (
      select *, unnest(generate_series(first_minute, ended_at, interval 1 minute)) as minute
      from seen
    ),
    better as (
      select
        *,
        unnest(generate_series(first_minute - interval 1 minute, ended_at + interval 1 minute, interval 1 minute))
          as minute
      from seen
    )
    select distinct l.flow_id
    from lesser as l
    join better as b
      on b.account_id = l.account_id and b.vpc_id = l.vpc_id and b.client_ip = l.client_ip
     and b.client_port = l.client_port and b.remote_ip = l.remote_ip and b.remote_port = l.remote_port
     and b.direction = l.direction and b.minute = l.minute
     and (b.distance < l.distance or (b.distance = l.distance and b.interface_id < l.interface_id))
"""
_LOOSE = """
    create or replace temp table loose_client as
    select account_id, vpc_id, client_ip, vendor_id, direction
    from sighting
    group by account_id, vpc_id, client_ip, vendor_id, direction
    having count(distinct sensor) > 1 and bool_or(client_port = 0 or remote_ip = 'unknown')
"""
_LOOSELY_COVERED = """
    insert into covered_sighting
    with seen as (
      select
        s.flow_id, s.account_id, s.vpc_id, s.client_ip, s.vendor_id, s.direction, s.sensor, s.distance, s.remote_ip,
        s.client_port = 0 or s.remote_ip = 'unknown' as is_loose, date_trunc('minute', s.started_at) as first_minute,
        least(s.ended_at, s.started_at + interval 1 day) as ended_at
      from sighting as s
      semi join loose_client as l
        on l.account_id = s.account_id and l.vpc_id = s.vpc_id and l.client_ip = s.client_ip
       and l.vendor_id = s.vendor_id and l.direction = s.direction
    ),
    better as (
      select distinct
        account_id, vpc_id, client_ip, vendor_id, direction, sensor, distance, remote_ip, is_loose,
        unnest(generate_series(first_minute - interval 1 minute, ended_at + interval 1 minute, interval 1 minute))
          as minute
      from seen
    ),
    lesser as (
      select *, unnest(generate_series(first_minute, ended_at, interval 1 minute)) as minute
      from seen
    )
    select distinct l.flow_id
    from lesser as l
    join better as b
      on b.account_id = l.account_id and b.vpc_id = l.vpc_id and b.client_ip = l.client_ip
     and b.vendor_id = l.vendor_id and b.direction = l.direction and b.minute = l.minute
     and b.sensor <> l.sensor and b.distance < l.distance and (b.is_loose or l.is_loose)
     and (b.remote_ip = l.remote_ip or 'unknown' in (b.remote_ip, l.remote_ip))
"""


def build(context: EnrichContext) -> None:
    """Make `named_fact`, `sighting` (`named_flow` with vendor_id and `distance`) and `covered_sighting` (flow_id)."""
    query = context.store.query
    for statement in (_FACTS, _SIGHTINGS, _HOP_HOMES, _MOVE_HOPS, _TWINS, _ADOPT):
        query(statement)
    for statement in (_DOUBLED, _COVERED, _LOOSE, _LOOSELY_COVERED):
        query(statement)
