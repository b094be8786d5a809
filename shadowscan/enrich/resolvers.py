"""Central resolvers, recognised from the data: who asks on behalf of others.

CoreDNS, dnsmasq, Unbound or a resolver endpoint stand in the log as the one who asked. On a day, an address is taken
for a resolver when the log names the endpoint it came through, when others send it DNS, when it asks for far more names
than its neighbours, when hardly anybody else of a busy network asks at all, or when it asks, never connects, and others
connect that never ask. What it was answered is then evidence for the whole network, and no proof of its own traffic.
"""

from datetime import timedelta

from shadowscan.enrich.context import EnrichContext

MINIMUM_CALLERS = 2
MINIMUM_NAMES = 30
TIMES_THE_MEDIAN = 10
SILENT_FOR_ONE_ASKER = 5

_ASKERS = """
    create or replace temp table asker as
    select
      cast(q.queried_at as date) as day, coalesce(h.home_account_id, q.account_id) as account_id,
      coalesce(h.home_vpc_id, q.vpc_id) as vpc_id, q.client_ip, approx_count_distinct(q.qname) as names,
      bool_or(q.resolver_id <> 'unknown' and h.client_ip is null) as is_endpoint
    from dns_query as q
    left join home as h on h.account_id = q.account_id and h.vpc_id = q.vpc_id and h.client_ip = q.client_ip
    where q.client_ip <> 'unknown'
      and q.queried_at >= date_trunc('day', (select start_at from work_span) - $reach)
      and q.queried_at < (select end_at from work_span)
    group by 1, 2, 3, 4
"""
# By port first and alone: bounds that a query has to find keep the engine from skipping blocks, and so does `in`.
_DNS_FLOWS = """
    create or replace temp table dns_flow as
    select started_at, account_id, vpc_id, client_ip, remote_ip
    from flow
    where remote_port = 53 and action = 'accept'
    union all
    select started_at, account_id, vpc_id, client_ip, remote_ip
    from flow
    where remote_port = 853 and action = 'accept'
"""
_CALLED = """
    create or replace temp table called_resolver as
    select cast(started_at as date) as day, account_id, vpc_id, remote_ip as client_ip
    from dns_flow
    where started_at >= date_trunc('day', (select start_at from work_span) - $reach)
      and started_at < (select end_at from work_span)
    group by 1, 2, 3, 4
    having count(distinct client_ip) >= $callers
"""
# An instance that connects from one of its addresses connects, whichever address it asked from.
_FLOW_CLIENTS = """
    create or replace temp table flow_client as
    with shown as (
      select
        w.day, w.seen_in, coalesce(h.home_account_id, w.account_id) as account_id,
        coalesce(h.home_vpc_id, w.vpc_id) as vpc_id, w.client_ip, w.instance_id
      from workload_day as w
      left join home as h on h.account_id = w.account_id and h.vpc_id = w.vpc_id and h.client_ip = w.client_ip
      where w.day >= cast((select start_at from work_span) - $reach as date)
        and w.day < (select end_at from work_span)
    )
    select day, account_id, vpc_id, client_ip
    from shown
    where seen_in = 'flow'
       or (day, instance_id) in (
         select (day, instance_id)
         from shown
         where seen_in = 'flow' and instance_id <> 'unknown'
       )
    group by day, account_id, vpc_id, client_ip
"""
_NETWORKS = """
    create or replace temp table asking_network as
    with silent as (
      select f.day, f.account_id, f.vpc_id, count(*) as clients
      from flow_client as f
      anti join asker as a
        on a.day = f.day and a.account_id = f.account_id and a.vpc_id = f.vpc_id and a.client_ip = f.client_ip
      group by f.day, f.account_id, f.vpc_id
    )
    select
      a.day, a.account_id, a.vpc_id, median(a.names) as names, count(*) as askers,
      coalesce(max(s.clients), 0) as silent
    from asker as a
    left join silent as s on s.day = a.day and s.account_id = a.account_id and s.vpc_id = a.vpc_id
    group by a.day, a.account_id, a.vpc_id
"""
_RESOLVERS = """
    create or replace temp table resolver as
    select a.day, a.account_id, a.vpc_id, a.client_ip
    from asker as a
    join asking_network as n on n.day = a.day and n.account_id = a.account_id and n.vpc_id = a.vpc_id
    left join called_resolver as c
      on c.day = a.day and c.client_ip = a.client_ip and c.account_id = a.account_id and c.vpc_id = a.vpc_id
    left join flow_client as f
      on f.day = a.day and f.client_ip = a.client_ip and f.account_id = a.account_id and f.vpc_id = a.vpc_id
    where a.is_endpoint
       or c.client_ip is not null
       or (n.askers > 2 and a.names >= $names and a.names >= n.names * $times)
       or (n.silent >= n.askers * $silent and a.names * 2 >= n.names)
       or (n.silent > 0 and f.client_ip is null)
"""


def build(context: EnrichContext) -> None:
    """Make `asker` and `resolver` (day, account_id, vpc_id, client_ip) for the open days and the DNS window before."""
    query = context.store.query
    reach: timedelta = context.config.settings.dns_window
    query(_ASKERS, {"reach": reach})
    query(_DNS_FLOWS)
    query(_CALLED, {"reach": reach, "callers": MINIMUM_CALLERS})
    query(_FLOW_CLIENTS, {"reach": reach})
    query(_NETWORKS)
    limits = {"names": MINIMUM_NAMES, "times": TIMES_THE_MEDIAN, "silent": SILENT_FOR_ONE_ASKER}
    query(_RESOLVERS, limits)
