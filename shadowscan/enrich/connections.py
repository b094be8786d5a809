"""What a sensor read off a connection itself: the TLS server name, the proxy's or the HTTP host.

It is the strongest evidence there is. A flow is the same connection where both come from one sensor under one
connection id, or where addresses and ports of both sides agree and the name was read within the DNS window before, the
last name winning. An innocent name read there takes away what DNS would have said.
"""

from shadowscan.enrich.context import EnrichContext

_ROWS = """
    create or replace temp table read_name as
    select
      t.source_id, t.line, t.started_at, t.sensor, t.account_id, t.vpc_id, t.client_ip, t.client_port, t.ip_version,
      t.remote_hi, t.remote_lo, t.remote_port, t.connection_id, t.host, t.remote_ip <> 'unknown' as has_remote,
      n.qname is not null as is_vendor
    from tls_connection as t
    left join vendor_name as n on n.qname = t.host
    where t.started_at >= (select start_at from work_span) - $window
      and t.started_at < (select end_at from work_span)
      and (t.client_port > 0 or t.connection_id <> 'unknown')
"""
# A clock may be a minute behind the other sensor's.
_CLAIMS = """
    create or replace temp table connection_claim as
    select
      *, started_at - interval 60 second as valid_from,
      least(
        started_at + $window,
        coalesce(
          lead(started_at) over (
            partition by client_ip, client_port, ip_version, remote_hi, remote_lo, remote_port, account_id, vpc_id
            order by started_at, host, source_id, line
          ) - interval 60 second,
          timestamp '9999-01-01'
        )
      ) as valid_until
    from read_name
    where client_port > 0 and has_remote
"""
_NAMED = """
    create or replace temp table named_connection as
    select
      sensor, connection_id, min(host) as host, min(place_of(source_id, line)) as record
    from read_name
    where connection_id <> 'unknown' and is_vendor
    group by sensor, connection_id
"""
# Sensors often do not know the network; two known ones must agree.
HIT = """
    insert into hit
    select f.flow_id, f.is_turned, 0, null, null, c.host, 'sni', 'high', null, null, place_of(c.source_id, c.line)
    from {flows} as f
    join connection_claim as c
      on c.client_ip = f.client_ip and c.client_port = f.client_port and c.remote_port = f.remote_port
     and c.ip_version = f.ip_version and c.remote_hi = f.remote_hi and c.remote_lo = f.remote_lo
     and f.started_at >= c.valid_from and f.started_at < c.valid_until
     and (c.account_id = f.account_id or 'unknown' in (c.account_id, f.account_id))
     and (c.vpc_id = f.vpc_id or 'unknown' in (c.vpc_id, f.vpc_id))
    where c.is_vendor
    union all
    select f.flow_id, f.is_turned, 0, null, null, n.host, 'sni', 'high', null, null, n.record
    from {flows} as f
    join named_connection as n on n.connection_id = f.connection_id and n.sensor = f.sensor
"""
_INNOCENT = """
    create or replace temp table innocent_flow as
    select distinct f.flow_id
    from named_flow as f
    join connection_claim as c
      on c.client_ip = f.client_ip and c.client_port = f.client_port and c.remote_port = f.remote_port
     and c.ip_version = f.ip_version and c.remote_hi = f.remote_hi and c.remote_lo = f.remote_lo
     and f.started_at >= c.valid_from and f.started_at < c.valid_until
     and (c.account_id = f.logged_account_id or 'unknown' in (c.account_id, f.logged_account_id))
     and (c.vpc_id = f.logged_vpc_id or 'unknown' in (c.vpc_id, f.logged_vpc_id))
    where not c.is_vendor and f.named_by in ('dns_same_client', 'dns_resolver', 'dns_same_network')
"""
_CLEAR = "delete from named_flow where flow_id in (select flow_id from innocent_flow)"
# A row of its own for every connection read: the only record where no flow log saw it, and the best where a proxy
# counted its bytes. `flow_id` below zero keeps these apart from flow records.
_OWN = """
    insert into named_flow by name
    with own as (
      select
        t.source_id, t.line, t.started_at, t.ended_at, t.sensor, t.instance_id, t.client_ip, t.client_port, t.remote_ip,
        t.remote_port, t.ip_version, t.client_hi, t.client_lo, t.remote_hi, t.remote_lo, t.protocol, t.action,
        t.account_id as logged_account_id, t.vpc_id as logged_vpc_id,
        coalesce(h.home_account_id, t.account_id) as account_id, coalesce(h.home_vpc_id, t.vpc_id) as vpc_id,
        n.qname, t.bytes_out, t.bytes_in, -2 * t.rowid - 2 as number,
        case t.named_by when 'certificate' then 'medium' else 'high' end as sureness
      from tls_connection as t
      join vendor_name as n on n.qname = t.host
      left join home as h on h.account_id = t.account_id and h.vpc_id = t.vpc_id and h.client_ip = t.client_ip
      where t.started_at >= (select start_at from work_span)
        and t.started_at < (select end_at from work_span)
        and cast(t.started_at as date) in (select day from work_day)
    ),
    directed as (
      select *, 'egress' as direction, case action when 'reject' then 0 else bytes_out end as bytes, number as flow_id
      from own
      union all
      select *, 'ingress', bytes_in, number + 1
      from own
      where bytes_in > 0 and action <> 'reject'
    )
    select
      * exclude (qname, bytes_out, bytes_in, number), cast(started_at as date) as day, 'unknown' as interface_id,
      true as is_direct, false as is_turned, '' as hop_ip, 'name' as fact_kind, qname as fact_key, 'sni' as named_by,
      '' as rivals, place_of(source_id, line) as named_record, bytes_out = 0 and bytes_in = 0 as is_uncounted
    from directed
"""


def build(context: EnrichContext) -> None:
    """Make `connection_claim` and `named_connection` out of what sensors read, for the open days."""
    window = context.config.settings.dns_window
    context.store.query(_ROWS, {"window": window})
    context.store.query(_CLAIMS, {"window": window})
    context.store.query(_NAMED)


def settle(context: EnrichContext) -> None:
    """Drop from `named_flow` what an innocent name speaks against, and add the connections themselves."""
    for statement in (_INNOCENT, _CLEAR, _OWN):
        context.store.query(statement)
