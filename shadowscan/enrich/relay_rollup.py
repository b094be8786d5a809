"""Roll-ups `relay_peer`, `relay_hour` and `relay_day`: fan-in, rhythm and outside traffic of hosts that call vendors.

Behind a load balancer the balancer's own clients stand for it; its bytes stay where they were measured.
"""

from shadowscan.enrich.context import EnrichContext

_HOSTS = """
    create or replace temp table relay_host as
    with used as (
      select day, account_id, vpc_id, client_ip, subject_id, count(*) as records
      from vendor_use
      where is_counted and action = 'accept' and vendor_id not in ('unknown', 'gateway')
        and surface in ('api', 'upload', 'unknown')
      group by day, account_id, vpc_id, client_ip, subject_id
    )
    select day, account_id, vpc_id, client_ip, max_by(subject_id, (records, subject_id)) as subject_id
    from used
    group by day, account_id, vpc_id, client_ip
"""
_DROP = "delete from {table} where day in (select day from work_day)"
_PEERS = """
    insert into relay_peer by name
    with balancer as (
      select distinct vpc_id, address
      from asset
      where kind = 'load_balancer' and address <> ''
    ),
    direct as (
      select h.subject_id, t.*, b.address is not null as is_balanced
      from talk as t
      join relay_host as h
        on h.day = t.day and h.account_id = t.account_id and h.vpc_id = t.vpc_id and h.client_ip = t.host_ip
      left join balancer as b on b.address = t.peer_ip and b.vpc_id in (t.vpc_id, 'unknown')
    ),
    met as (
      select subject_id, day, account_id, vpc_id, port, peer_ip, flow_count, bytes_in, bytes_out, source_id, line,
        started_at
      from direct
      where not is_balanced
      union all
      select d.subject_id, d.day, d.account_id, d.vpc_id, d.port, t.peer_ip, t.flow_count, t.bytes_in, t.bytes_out,
        t.source_id, t.line, t.started_at
      from (select distinct subject_id, day, account_id, vpc_id, port, peer_ip from direct where is_balanced) as d
      join talk as t
        on t.day = d.day and t.account_id = d.account_id and t.vpc_id = d.vpc_id and t.host_ip = d.peer_ip
    )
    select
      day, subject_id, min(account_id) as account_id, min(vpc_id) as vpc_id, cast(port as integer) as port,
      peer_ip as peer, cast(sum(flow_count) as bigint) as flow_count, cast(sum(bytes_in) as bigint) as bytes_in,
      cast(sum(bytes_out) as bigint) as bytes_out, min(source_id) as source_id,
      min_by(line, (source_id, line)) as line, min(started_at) as started_at
    from met
    where day in (select day from work_day)
    group by day, subject_id, port, peer_ip
"""
_HOURS = """
    insert into relay_hour by name
    with measured as (
      select t.day, t.hour, h.subject_id, cast(t.port as integer) as port, t.bytes_in as asked, t.bytes_out as told
      from talk as t
      join relay_host as h
        on h.day = t.day and h.account_id = t.account_id and h.vpc_id = t.vpc_id and h.client_ip = t.host_ip
      union all
      select
        u.day, date_trunc('hour', u.started_at), u.subject_id, 0,
        case when u.direction = 'ingress' then 0 else u.bytes end,
        case when u.direction = 'ingress' then u.bytes else 0 end
      from vendor_use as u
      where u.is_counted and u.action = 'accept' and u.vendor_id not in ('unknown', 'gateway')
        and u.surface in ('api', 'upload', 'unknown')
    )
    select
      day, hour, subject_id, port, cast(sum(asked) as bigint) as asked_bytes, cast(sum(told) as bigint) as told_bytes
    from measured
    where day in (select day from work_day)
    group by day, hour, subject_id, port
"""
_OUTSIDE = """
    insert into relay_day by name
    select
      e.day, h.subject_id, cast(sum(e.bytes) as bigint) as external_bytes, max(e.remotes) as external_remotes
    from external_day as e
    join relay_host as h
      on h.day = e.day and h.account_id = e.account_id and h.vpc_id = e.vpc_id and h.client_ip = e.client_ip
    where e.day in (select day from work_day)
    group by e.day, h.subject_id
"""


def build(context: EnrichContext) -> None:
    """Replace the open days of the three. Needs `vendor_use`, `talk` and `external_day`."""
    context.store.query(_HOSTS)
    for table, statement in (("relay_peer", _PEERS), ("relay_hour", _HOURS), ("relay_day", _OUTSIDE)):
        context.store.query(_DROP.format(table=table))
        context.store.query(statement)
