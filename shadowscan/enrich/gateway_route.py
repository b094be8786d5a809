"""Who is an approved gateway in the network, and which vendors policy means a gateway to carry.

A flow or lookup of the gateway itself is the gateway's upstream and never bypass. Its address is known from policy.yaml
(`addresses`, scoped by VPC), from the answers given for its host, or from its role (`credentials`). An address answered
in another VPC counts only where no second VPC has a client of that address: private addresses repeat.
"""

from shadowscan.enrich.context import EnrichContext

_EXPECTED = """
    create or replace temp table expected_vendor as
    select distinct unnest(cast($vendors as varchar[])) as vendor_id
"""
_CREDENTIALS = """
    create or replace temp table gateway_subject as
    with credentials as (
      select unnest(cast($credentials as varchar[])) as value, unnest(cast($names as varchar[])) as gateway
    )
    select value as subject_id, min(gateway) as gateway
    from (
      select value, gateway
      from credentials
      union all
      select l.subject_id, c.gateway
      from credentials as c
      join subject_link as l on l.value = c.value
    )
    group by value
"""
# Both from traffic and from questions: a gateway may be seen asking on a day when its flows are not.
_CLIENTS = """
    create or replace temp table gateway_client as
    with clients as (
      select account_id, vpc_id, client_ip, ip_version, client_hi, client_lo
      from sighting
      union
      select
        coalesce(h.home_account_id, q.account_id), coalesce(h.home_vpc_id, q.vpc_id), q.client_ip,
        case when contains(q.client_ip, '.') then 4 else 0 end, 0, coalesce(ipv4_text(q.client_ip), 0)
      from dns_query as q
      semi join vendor_name as n on n.qname = q.qname
      left join home as h on h.account_id = q.account_id and h.vpc_id = q.vpc_id and h.client_ip = q.client_ip
      where q.queried_at >= (select start_at from work_span) and q.queried_at < (select end_at from work_span)
    ),
    crowded as (
      select client_ip
      from resident
      group by client_ip
      having count(distinct account_id || '/' || vpc_id) > 1
    ),
    ranged as (
      select c.account_id, c.vpc_id, c.client_ip, r.gateway
      from clients as c
      join vendor_range as r
        on r.gateway <> 'none'
       and r.ip_version = c.ip_version
       and c.client_hi between r.first_hi and r.last_hi
       and (c.client_hi > r.first_hi or c.client_lo >= r.first_lo)
       and (c.client_hi < r.last_hi or c.client_lo <= r.last_lo)
       and (r.vpc_id = 'unknown' or r.vpc_id = c.vpc_id)
    ),
    answered as (
      select c.account_id, c.vpc_id, c.client_ip, n.gateway
      from vendor_name as n
      join dns_answer as a on a.qname = n.qname
      join clients as c on c.client_ip = a.ip
      where n.gateway <> 'none'
        and (a.vpc_id = c.vpc_id or c.client_ip not in (select client_ip from crowded))
    )
    select account_id, vpc_id, client_ip, min(gateway) as gateway
    from (
      select account_id, vpc_id, client_ip, gateway
      from ranged
      union all
      select account_id, vpc_id, client_ip, gateway
      from answered
    )
    group by account_id, vpc_id, client_ip
"""


def build(context: EnrichContext) -> None:
    """Make `expected_vendor`, `gateway_subject` (subject_id, gateway) and `gateway_client` (account, vpc, address)."""
    policy = context.policy
    expected = sorted({vendor for gateway in policy.gateways for vendor in policy.gateway_vendors(gateway)})
    credentials = [(value, gateway.name) for gateway in policy.gateways for value in gateway.credentials]
    context.store.query(_EXPECTED, {"vendors": expected})
    values, names = [value for value, _ in credentials], [name for _, name in credentials]
    context.store.query(_CREDENTIALS, {"credentials": values, "names": names})
    context.store.query(_CLIENTS)
