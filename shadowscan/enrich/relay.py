"""View `llm_gateway`, network part: a host that many internal clients call and that itself calls LLM vendors.

Fan-in is counted on one listening port, from either side's records. Roles that have fan-in and fan-out to everything
(NAT, load balancer, resolver) are left out by inventory and port, forward proxies by the vendors' share of their
external bytes. The approved gateway shows the same shape and is marked so. Fewer than three clients stay a lead.
"""

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.ranges import private_macro

MINIMUM_CLIENTS = 3
MINIMUM_VENDOR_SHARE_PERCENT = 50
RESOLVER_PORTS = [53, 853]

_UPSTREAM = """
    create or replace temp table relay_upstream as
    select
      e.subject_id, min(e.subject_kind) as subject_kind, min(e.subject_label) as subject_label,
      string_agg(distinct e.vendor_id, ',' order by e.vendor_id) as vendors,
      count(distinct e.vendor_id) as vendor_count,
      max(e.gateway) filter (where e.via = 'gateway') as gateway,
      cast(sum(e.bytes_out) as bigint) as bytes_out, cast(sum(e.bytes_in) as bigint) as bytes_in,
      cast(sum(e.flow_count) as bigint) as flow_count, min(e.first_seen_at) as first_seen_at,
      max(e.last_seen_at) as last_seen_at, min(e.evidence_ref) as egress_ref
    from llm_egress as e
    where e.action = 'accept' and e.surface in ('api', 'upload', 'unknown') and e.subject_kind <> 'machine'
      and e.vendor_id not in ('unknown', 'gateway')
    group by e.subject_id
"""
_HOST = """
    create or replace temp table relay_host as
    with named as (
      select distinct
        u.subject_id, e.account_id, e.vpc_id, split_part(u.subject_id, '/', 3) as address,
        timestamp '0001-01-01' as valid_from, timestamp '9999-01-01' as valid_until
      from relay_upstream as u
      join llm_egress as e on e.subject_id = u.subject_id
      where starts_with(u.subject_id, e.account_id || '/' || e.vpc_id || '/')
      union all
      select
        u.subject_id, split_part(l.value, '/', 1), split_part(l.value, '/', 2), split_part(l.value, '/', 3),
        coalesce(l.valid_from, timestamp '0001-01-01'), coalesce(l.valid_until, timestamp '9999-01-01')
      from relay_upstream as u
      join subject_link as l on l.subject_id = u.subject_id and l.kind = 'address' and l.value <> u.subject_id
    )
    select n.subject_id, n.account_id, n.vpc_id, n.address, n.valid_from, n.valid_until
    from named as n
    where not exists (
      select 1
      from asset as a
      where a.kind in ('nat_gateway', 'load_balancer') and a.address = n.address and a.vpc_id in (n.vpc_id, 'unknown')
    )
"""
_FAN_IN = """
    create or replace temp table relay_inbound as
    with inbound as (
      select h.subject_id, f.remote_port as port, f.client_ip as peer, f.source_id, f.line, f.started_at, f.bytes
      from flow as f
      join relay_host as h
        on h.address = f.remote_ip and h.vpc_id = f.vpc_id and h.account_id = f.account_id
       and f.started_at >= h.valid_from and f.started_at < h.valid_until
      where f.action = 'accept' and (f.client_port = 0 or f.remote_port < f.client_port)
        and is_private(f.ip_version, f.client_hi, f.client_lo)
      union all
      select h.subject_id, f.client_port as port, f.remote_ip as peer, f.source_id, f.line, f.started_at, f.bytes
      from flow as f
      join relay_host as h
        on h.address = f.client_ip and h.vpc_id = f.vpc_id and h.account_id = f.account_id
       and f.started_at >= h.valid_from and f.started_at < h.valid_until
      where f.action = 'accept' and f.client_port > 0 and f.client_port < f.remote_port
        and is_private(f.ip_version, f.remote_hi, f.remote_lo)
    )
    select i.subject_id, i.port, i.peer, i.source_id, i.line, i.started_at, i.bytes
    from inbound as i
    where not list_contains($resolver_ports, i.port)
"""
_SHARE = """
    create or replace temp table relay_external as
    select h.subject_id, cast(sum(f.bytes) as bigint) as external_bytes
    from flow as f
    join relay_host as h
      on h.address = f.client_ip and h.vpc_id = f.vpc_id and h.account_id = f.account_id
       and f.started_at >= h.valid_from and f.started_at < h.valid_until
    where f.action = 'accept' and not is_private(f.ip_version, f.remote_hi, f.remote_lo)
    group by h.subject_id
"""
_INSERT = """
    insert into llm_gateway by name
    with ports as (
      select subject_id, port, count(distinct peer) as client_count, count(*) as records,
        row_number() over (partition by subject_id order by count(distinct peer) desc, port) as place
      from relay_inbound
      group by subject_id, port
    )
    select
      u.subject_id, u.subject_kind, u.subject_label,
      h.account_id, h.vpc_id, 'network_relay' as class, 'network' as basis,
      coalesce(u.gateway, 'none') <> 'none' as is_approved,
      u.vendors, u.vendor_count, p.client_count, cast(p.port as integer) as port,
      'medium' as confidence, p.client_count >= $clients as above_threshold,
      u.bytes_out, u.bytes_in, u.first_seen_at, u.last_seen_at,
      cast(u.flow_count + p.records as bigint) as event_count,
      'relay/' || substr(md5(u.subject_id), 1, 16) as evidence_ref
    from relay_upstream as u
    join ports as p on p.subject_id = u.subject_id and p.place = 1
    join (
      select subject_id, min(account_id) as account_id, min(vpc_id) as vpc_id
      from relay_host
      group by subject_id
    ) as h on h.subject_id = u.subject_id
    left join relay_external as x on x.subject_id = u.subject_id
    where p.client_count >= 2
      and cast(u.bytes_out + u.bytes_in as hugeint) * 100 >= coalesce(x.external_bytes, 0) * $share
"""
_SAMPLES = """
    insert into evidence_sample by name
    with ranked as (
      select *, row_number() over (partition by subject_id order by bytes desc, started_at, source_id, line) as place
      from relay_inbound
    )
    select
      g.evidence_ref, cast(r.place as integer) as ordinal, 'flow' as kind,
      r.peer || ' called port ' || r.port || ' of this host, which called ' || g.vendors as detail, r.source_id,
      coalesce(o.format, 'flow') as source, coalesce(o.object, '') as object, r.line,
      strftime(r.started_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.peer || ' > ' || r.port as record,
      coalesce(o.digest, '') as digest
    from ranked as r
    join llm_gateway as g on g.subject_id = r.subject_id and g.class = 'network_relay'
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""
_SOURCES = """
    insert into evidence_source by name
    select g.evidence_ref, r.source_id
    from relay_inbound as r
    join llm_gateway as g on g.subject_id = r.subject_id and g.class = 'network_relay'
    union
    select g.evidence_ref, s.source_id
    from llm_gateway as g
    join relay_upstream as u on u.subject_id = g.subject_id
    join evidence_source as s on s.evidence_ref = u.egress_ref
    where g.class = 'network_relay'
"""


def build(context: EnrichContext) -> None:
    """Replace the network relays of `llm_gateway`; the rows made from code are left alone."""
    query = context.store.query
    query(private_macro())
    query("delete from llm_gateway where class = 'network_relay'")
    evidence.drop_all(context, "relay/")
    query(_UPSTREAM)
    query(_HOST)
    query(_FAN_IN, {"resolver_ports": RESOLVER_PORTS})
    query(_SHARE)
    query(_INSERT, {"clients": MINIMUM_CLIENTS, "share": MINIMUM_VENDOR_SHARE_PERCENT})
    query(_SAMPLES, {"samples": evidence.SAMPLES})
    query(_SOURCES)
