"""View `llm_gateway`, network part: a host that many internal clients call and that itself calls LLM vendors.

Fan-in is counted on one listening port, from either side's records. Roles that have fan-in and fan-out to everything
(NAT, load balancer, resolver, mail host, jump host) are left out by inventory and port, forward proxies by the vendors'
share of their external bytes and by how many places they talk to. Where enough hours were seen, the bytes its clients
exchange with it and those it exchanges with vendors have to rise and fall together; rules compare that number. The
approved gateway shows the same shape and is marked so. Fewer than three clients stay a lead.
"""

from shadowscan.enrich import evidence
from shadowscan.enrich.context import EnrichContext

MINIMUM_CLIENTS = 3
MINIMUM_VENDOR_SHARE_PERCENT = 50
MANY_REMOTES = 100  # a host with so many places outside is a proxy, unless nearly all it sends goes to vendors
PURE_VENDOR_SHARE_PERCENT = 90
MINIMUM_HOURS = 6  # below that a correlation is chance

# A subnet is no host: what its short-lived addresses do together has the shape of everything.
_UPSTREAM = """
    create or replace temp table relay_upstream as
    select
      e.subject_id, min(e.subject_kind) as subject_kind, min(e.subject_label) as subject_label,
      min(e.account_id) as account_id, min(e.vpc_id) as vpc_id,
      string_agg(distinct e.vendor_id, ',' order by e.vendor_id) as vendors,
      count(distinct e.vendor_id) as vendor_count,
      max(e.gateway) filter (where e.via = 'gateway') as gateway,
      cast(sum(e.bytes_out) as bigint) as bytes_out, cast(sum(e.bytes_in) as bigint) as bytes_in,
      cast(sum(e.flow_count) as bigint) as flow_count, min(e.first_seen_at) as first_seen_at,
      max(e.last_seen_at) as last_seen_at, min(e.evidence_ref) as egress_ref
    from llm_egress as e
    where e.action = 'accept' and e.surface in ('api', 'upload', 'unknown') and e.subject_kind <> 'machine'
      and e.vendor_id not in ('unknown', 'gateway')
      and e.subject_id not in (select subject_id from subject_link where source = 'subnet')
    group by e.subject_id
"""
_PORTS = """
    create or replace temp table relay_port as
    select subject_id, port, count(distinct peer) as client_count, cast(sum(flow_count) as bigint) as records
    from relay_peer
    where subject_id in (select subject_id from relay_upstream)
    group by subject_id, port
    having count(distinct peer) > 1
"""
# Every hour from the host's first to its last counts: a silent hour is a zero on both sides, so that overlap in time is
# part of it. Zeros add nothing to the sums; only their number is needed. Logarithms, because one large upload would
# outweigh every other hour.
_COUPLING = """
    create or replace temp table relay_coupling as
    with vendor_hour as (
      select subject_id, hour, ln(1 + asked_bytes) as asked, ln(1 + told_bytes) as told
      from relay_hour
      where port = 0
    ),
    port_hour as (
      select h.subject_id, h.port, h.hour, ln(1 + h.asked_bytes) as asked, ln(1 + h.told_bytes) as told
      from relay_hour as h
      semi join relay_port as p on p.subject_id = h.subject_id and p.port = h.port
    ),
    watched as (
      select subject_id, date_diff('hour', min(hour), max(hour)) + 1 as hours
      from relay_hour
      group by subject_id
    ),
    met as (
      select p.subject_id, p.port, sum(p.asked * v.asked) as asked, sum(p.told * v.told) as told
      from port_hour as p
      join vendor_hour as v on v.subject_id = p.subject_id and v.hour = p.hour
      group by p.subject_id, p.port
    ),
    client_side as (
      select subject_id, port, sum(asked) as asked, sum(told) as told, sum(asked * asked) as asked2,
        sum(told * told) as told2
      from port_hour
      group by subject_id, port
    ),
    vendor_side as (
      select subject_id, sum(asked) as asked, sum(told) as told, sum(asked * asked) as asked2, sum(told * told) as told2
      from vendor_hour
      group by subject_id
    )
    select
      c.subject_id, c.port, w.hours,
      correlation(w.hours, c.asked, v.asked, c.asked2, v.asked2, coalesce(m.asked, 0)) as asked,
      correlation(w.hours, c.told, v.told, c.told2, v.told2, coalesce(m.told, 0)) as told
    from client_side as c
    join vendor_side as v on v.subject_id = c.subject_id
    join watched as w on w.subject_id = c.subject_id
    left join met as m on m.subject_id = c.subject_id and m.port = c.port
"""
# Pearson's, from sums; a side that never changes has none, within rounding.
_CORRELATION = """
    create or replace temp macro correlation(n, x, y, xx, yy, xy) as
      case
        when n * xx - x * x > 1e-6 * n * xx and n * yy - y * y > 1e-6 * n * yy
          then (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y))
      end
"""
_INSERT = """
    insert into llm_gateway by name
    with measured as (
      select
        p.subject_id, p.port, p.client_count, p.records,
        -- `greatest` leaves nulls out
        coalesce(cast(round(100 * greatest(c.asked, c.told)) as integer), 0) as coupling_percent,
        case when greatest(c.asked, c.told) is null then 0 else c.hours end as coupling_hours
      from relay_port as p
      left join relay_coupling as c on c.subject_id = p.subject_id and c.port = p.port
    ),
    best as (
      select
        *,
        row_number() over (
          partition by subject_id
          order by
            client_count >= $clients desc,
            case when coupling_hours >= $hours then coupling_percent else 0 end desc, client_count desc, port
        ) as place
      from measured
    ),
    outside as (
      select subject_id, sum(external_bytes) as external_bytes, max(external_remotes) as remotes
      from relay_day
      group by subject_id
    ),
    shared as (
      select
        u.subject_id, u.subject_kind, u.subject_label, u.account_id, u.vpc_id, u.vendors, u.vendor_count, u.gateway,
        u.bytes_out, u.bytes_in, u.flow_count, u.first_seen_at, u.last_seen_at, b.port, b.client_count, b.records,
        b.coupling_percent, b.coupling_hours, coalesce(o.remotes, 0) as remotes,
        cast(
          least(100, 100 * (u.bytes_out + u.bytes_in) // greatest(1, coalesce(o.external_bytes, 0))) as integer
        ) as share
      from relay_upstream as u
      join best as b on b.subject_id = u.subject_id and b.place = 1
      left join outside as o on o.subject_id = u.subject_id
    )
    select
      subject_id, subject_kind, subject_label, account_id, vpc_id, 'network_relay' as class, 'network' as basis,
      coalesce(gateway, 'none') <> 'none' as is_approved, vendors, vendor_count, client_count,
      cast(port as integer) as port, share as vendor_share_percent, coupling_percent,
      cast(coupling_hours as integer) as coupling_hours, 'medium' as confidence,
      client_count >= $clients as above_threshold, bytes_out, bytes_in, first_seen_at, last_seen_at,
      cast(flow_count + records as bigint) as event_count,
      'relay/' || substr(md5(subject_id), 1, 16) as evidence_ref
    from shared
    where share >= $share and (remotes < $remotes or share >= $pure)
      and not exists (
        select 1
        from asset as a
        where a.kind in ('nat_gateway', 'load_balancer') and a.vpc_id in (shared.vpc_id, 'unknown')
          and shared.account_id || '/' || shared.vpc_id || '/' || a.address = shared.subject_id
      )
"""
_SAMPLES = """
    insert into evidence_sample by name
    with ranked as (
      select
        p.*, g.vendors, g.evidence_ref,
        row_number() over (
          partition by g.subject_id order by p.bytes_in desc, p.started_at, p.peer, p.source_id, p.line
        ) as place
      from relay_peer as p
      join llm_gateway as g on g.subject_id = p.subject_id and g.port = p.port and g.class = 'network_relay'
    )
    select
      r.evidence_ref, cast(r.place as integer) as ordinal, 'flow' as kind,
      r.peer || ' called port ' || r.port || ' of this host, which called ' || r.vendors as detail, r.source_id,
      coalesce(o.format, 'flow') as source, coalesce(o.object, '') as object, r.line,
      strftime(r.started_at, '%Y-%m-%dT%H:%M:%SZ') || ' ' || r.peer || ' > ' || r.port as record,
      coalesce(o.digest, '') as digest
    from ranked as r
    left join source_object as o on o.source_id = r.source_id
    where r.place <= $samples
"""
_SOURCES = """
    insert into evidence_source by name
    select g.evidence_ref, p.source_id
    from relay_peer as p
    join llm_gateway as g on g.subject_id = p.subject_id and g.port = p.port and g.class = 'network_relay'
    union
    select g.evidence_ref, s.source_id
    from llm_gateway as g
    join relay_upstream as u on u.subject_id = g.subject_id
    join evidence_source as s on s.evidence_ref = u.egress_ref
    where g.class = 'network_relay'
"""


def build(context: EnrichContext) -> None:
    """Replace the network relays of `llm_gateway`, from the roll-ups; the rows made from code are left alone."""
    query = context.store.query
    query("delete from llm_gateway where class = 'network_relay'")
    evidence.drop_all(context, "relay/")
    for statement in (_CORRELATION, _UPSTREAM, _PORTS, _COUPLING):
        query(statement)
    numbers = {
        "clients": MINIMUM_CLIENTS,
        "hours": MINIMUM_HOURS,
        "share": MINIMUM_VENDOR_SHARE_PERCENT,
        "remotes": MANY_REMOTES,
        "pure": PURE_VENDOR_SHARE_PERCENT,
    }
    query(_INSERT, numbers)
    query(_SAMPLES, {"samples": evidence.SAMPLES})
    query(_SOURCES)
