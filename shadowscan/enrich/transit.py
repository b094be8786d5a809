"""One connection counts once, however many interfaces and sensors saw it.

A NAT gateway's or load balancer's interface repeats what the workload's own interface recorded, and so does a firewall
behind a flow log. The best observation point is kept: proxy, firewall, Zeek, flow log; at each, the record of the
interface that owns the addresses before one in transit. Traffic of a transit machine itself counts only on days when no
workload behind it was seen with the same remote; it is then a shared egress of kind `machine`.
"""

from shadowscan.enrich.context import EnrichContext

_MACHINES = """
    create or replace temp table transit_machine as
    select distinct account_id, vpc_id, address
    from asset
    where kind in ('nat_gateway', 'load_balancer') and address <> ''
"""
_BEST = """
    create or replace temp table observed_flow as
    with ranked as (
      select
        f.flow_id, f.day, f.account_id, f.vpc_id, f.client_ip, f.remote_ip, f.remote_port,
        case f.sensor when 'proxy' then 0 when 'firewall' then 2 when 'zeek' then 4 else 6 end
          + case when f.is_direct then 0 else 1 end as distance,
        exists (
          select 1
          from transit_machine as m
          where m.address = f.client_ip and (m.vpc_id = f.vpc_id or f.vpc_id = 'unknown' or m.vpc_id = 'unknown')
        ) as is_transit
      from vendor_flow as f
    ),
    placed as (
      select
        flow_id, distance, is_transit,
        min(distance) over (partition by day, account_id, vpc_id, client_ip, remote_ip) as best_distance,
        bool_or(not is_transit) over (partition by day, account_id, vpc_id, remote_ip, remote_port) as is_seen_behind
      from ranked
    )
    select flow_id, is_transit
    from placed
    where distance = best_distance and not (is_transit and is_seen_behind)
"""


def build(context: EnrichContext) -> None:
    """Make `observed_flow` (flow_id, is_transit): the records of `vendor_flow` that count."""
    context.store.query(_MACHINES)
    context.store.query(_BEST)
