"""Traffic of machines that pass on what others sent: NAT, load balancers, proxies. It is counted where it began.

A machine in transit is known from the inventory, from records whose packets went on to somewhere else than to it, and
from what it repeats: hosts that send to it on the vendor's own port are seen sending the vendor the same bytes within
two minutes, or a proxy's log has them sending the vendor about as much. An approved gateway is none. On a day when no
workload behind it was seen with the same remote, a machine is a shared egress of kind `machine`.
"""

from shadowscan.enrich.context import EnrichContext

REPEATED_PERCENT = 50  # of its records to the vendor have a twin behind it
PROXIED_LEAST_PERCENT = 50  # of its bytes to the vendor, those behind it sent by the proxy's log between these shares
PROXIED_MOST_PERCENT = 150

_MACHINES = """
    create or replace temp table transit_machine as
    select account_id, vpc_id, address
    from asset
    where kind in ('nat_gateway', 'load_balancer') and address <> ''
    union
    select logged_account_id, logged_vpc_id, hop_ip
    from sighting
    where hop_ip <> ''
"""
_COUNTED = """
    create or replace temp table counted_use as
    select
      s.flow_id, s.day, s.account_id, s.vpc_id, s.client_ip, s.vendor_id, s.remote_ip, s.remote_port, s.direction,
      s.started_at, s.bytes, s.sensor
    from sighting as s
    where s.action = 'accept' and s.bytes > 0 and s.flow_id not in (select flow_id from covered_sighting)
"""
_ECHOES = """
    create or replace temp table echo as
    with peer as (
      select distinct t.day, t.account_id, t.vpc_id, t.host_ip, t.peer_ip, t.port
      from talk as t
      anti join gateway_client as g
        on g.account_id = t.account_id and g.vpc_id = t.vpc_id and g.client_ip = t.host_ip
    ),
    own as (
      select day, account_id, vpc_id, client_ip, vendor_id, count(*) as records, sum(bytes) as bytes,
        coalesce(sum(bytes) filter (where direction = 'ingress'), 0) as told
      from counted_use
      group by day, account_id, vpc_id, client_ip, vendor_id
    ),
    repeated as (
      select
        o.day, o.account_id, o.vpc_id, o.client_ip, o.vendor_id, count(distinct o.flow_id) as records
      from counted_use as o
      join peer as p
        on p.day = o.day and p.account_id = o.account_id and p.vpc_id = o.vpc_id and p.host_ip = o.client_ip
       and p.port = o.remote_port
      join counted_use as b
        on b.day = o.day and b.account_id = o.account_id and b.vpc_id = o.vpc_id and b.client_ip = p.peer_ip
       and b.remote_ip = o.remote_ip and b.remote_port = o.remote_port and b.direction = o.direction
       and b.bytes = o.bytes and b.started_at between o.started_at - interval 2 minute and o.started_at + interval 2
         minute
      group by o.day, o.account_id, o.vpc_id, o.client_ip, o.vendor_id
    ),
    proxied as (
      select p.day, p.account_id, p.vpc_id, p.host_ip as client_ip, b.vendor_id, sum(b.bytes) as bytes,
        coalesce(sum(b.bytes) filter (where b.direction = 'ingress'), 0) as told
      from (select distinct day, account_id, vpc_id, host_ip, peer_ip from peer) as p
      join counted_use as b
        on b.day = p.day and b.client_ip = p.peer_ip
       and (b.vpc_id = 'unknown' or (b.account_id = p.account_id and b.vpc_id = p.vpc_id))
      where b.sensor = 'proxy'
      group by p.day, p.account_id, p.vpc_id, p.host_ip, b.vendor_id
    )
    select o.day, o.account_id, o.vpc_id, o.client_ip, o.vendor_id
    from own as o
    left join repeated as r using (day, account_id, vpc_id, client_ip, vendor_id)
    left join proxied as x using (day, account_id, vpc_id, client_ip, vendor_id)
    where r.records * 100 >= o.records * $repeated
       or x.bytes * 100 between o.bytes * $least and o.bytes * $most
       -- a proxy's log may count the answers alone
       or (x.bytes = x.told and x.told * 100 between o.told * $least and o.told * $most)
"""
# A machine of a network that is not known counts in every network, and every machine where the client's is not known.
_ROLES = """
    create or replace temp table sighting_role as
    with told as (
      select
        s.flow_id, s.day, s.account_id, s.vpc_id, s.remote_ip, s.remote_port, e.client_ip is not null as is_echo,
        (s.vpc_id, s.client_ip) in (select (vpc_id, address) from transit_machine)
          or s.client_ip in (select address from transit_machine where vpc_id = 'unknown' or s.vpc_id = 'unknown')
          as is_transit
      from sighting as s
      left join echo as e
        on e.day = s.day and e.account_id = s.account_id and e.vpc_id = s.vpc_id and e.client_ip = s.client_ip
       and e.vendor_id = s.vendor_id
      where s.flow_id not in (select flow_id from covered_sighting)
    ),
    behind as (
      select day, account_id, vpc_id, remote_ip, remote_port
      from told
      where not is_transit and not is_echo
      union
      select day, logged_account_id, logged_vpc_id, remote_ip, remote_port
      from sighting
      where hop_ip <> ''
    )
    select t.flow_id, t.is_transit
    from told as t
    left join behind as b
      on b.day = t.day and b.account_id = t.account_id and b.vpc_id = t.vpc_id and b.remote_ip = t.remote_ip
     and b.remote_port = t.remote_port
    where not t.is_echo and not (t.is_transit and b.day is not null)
"""


def build(context: EnrichContext) -> None:
    """Make `sighting_role` (flow_id, is_transit): the sightings that count, machines seen alone marked."""
    context.store.query(_MACHINES)
    context.store.query(_COUNTED)
    shares = {"repeated": REPEATED_PERCENT, "least": PROXIED_LEAST_PERCENT, "most": PROXIED_MOST_PERCENT}
    context.store.query(_ECHOES, shares)
    context.store.query(_ROLES)
