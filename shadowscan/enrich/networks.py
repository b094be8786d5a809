"""The network of addresses whose log does not name it, or names the resolver's instead of their own.

A private address means nothing without its network. Default flow logs have no VPC, sensors and resolvers often no
account; a resolver endpoint logs its own VPC for clients of others. The network is taken from the interface's
inventory, else from whatever else was seen of the address, and only where one network alone has it: between two
networks nothing is guessed. The records stay as they were logged; what is read from them goes by `home`.
"""

from shadowscan.enrich.context import EnrichContext

_INTERFACES = """
    create or replace temp table interface_network as
    select asset_id as interface_id, min(account_id) as account_id, min(vpc_id) as vpc_id
    from asset
    where kind in ('eni', 'nat_gateway', 'load_balancer', 'vpc_endpoint') and vpc_id <> 'unknown'
    group by asset_id
    having count(distinct vpc_id) = 1
"""
_LODGERS = """
    create or replace temp table lodger as
    with shown as (
      select account_id, vpc_id, client_ip, bool_and(seen_in = 'dns_query' and resolver_id <> 'unknown') as is_forwarded
      from workload_day
      where client_ip <> 'unknown'
      group by account_id, vpc_id, client_ip
    )
    select account_id, vpc_id, client_ip, is_forwarded
    from shown
    where account_id = 'unknown' or vpc_id = 'unknown' or is_forwarded
"""
_RESIDENTS = """
    create or replace temp table resident as
    select account_id, vpc_id, client_ip
    from workload_day
    where vpc_id <> 'unknown' and (seen_in <> 'dns_query' or resolver_id = 'unknown')
    union
    select account_id, vpc_id, address
    from asset
    where vpc_id <> 'unknown' and address <> ''
    union
    select i.account_id, i.vpc_id, w.client_ip
    from workload_day as w
    join interface_network as i on i.interface_id = w.interface_id
    where w.vpc_id = 'unknown'
"""
# Default flow logs know their account and no network: an address that only they have is at home in that account.
_RESIDENTS_OF_ACCOUNTS = """
    insert into resident
    select distinct account_id, vpc_id, client_ip
    from workload_day
    where vpc_id = 'unknown' and account_id <> 'unknown' and (seen_in <> 'dns_query' or resolver_id = 'unknown')
      and client_ip not in (select client_ip from resident)
"""
_HOMES = """
    create or replace temp table home as
    with told as (
      select
        w.account_id, w.vpc_id, w.client_ip, min(i.account_id) as home_account_id, min(i.vpc_id) as home_vpc_id
      from workload_day as w
      join interface_network as i on i.interface_id = w.interface_id
      where w.vpc_id = 'unknown'
      group by w.account_id, w.vpc_id, w.client_ip
      having count(distinct i.vpc_id) = 1
    ),
    found as (
      select
        l.account_id, l.vpc_id, l.client_ip, min(r.account_id) as home_account_id, min(r.vpc_id) as home_vpc_id
      from lodger as l
      join resident as r
        on r.client_ip = l.client_ip
       and (l.is_forwarded or l.account_id in ('unknown', r.account_id))
       and (l.is_forwarded or l.vpc_id in ('unknown', r.vpc_id))
      group by l.account_id, l.vpc_id, l.client_ip
      having count(distinct r.account_id || '/' || r.vpc_id) = 1
    )
    select
      f.account_id, f.vpc_id, f.client_ip, coalesce(t.home_account_id, f.home_account_id) as home_account_id,
      coalesce(t.home_vpc_id, f.home_vpc_id) as home_vpc_id
    from found as f
    left join told as t on t.account_id = f.account_id and t.vpc_id = f.vpc_id and t.client_ip = f.client_ip
    union
    select account_id, vpc_id, client_ip, home_account_id, home_vpc_id
    from told
"""
_AT_HOME = """
    delete from home
    where account_id = home_account_id and vpc_id = home_vpc_id
"""
# A log without VPC belongs to the one network of its account that asks at all, where there is but one.
_SPELLINGS = """
    create or replace temp table network_spelling as
    with asking as (
      select distinct
        coalesce(h.home_account_id, w.account_id) as account_id, coalesce(h.home_vpc_id, w.vpc_id) as vpc_id
      from workload_day as w
      left join home as h on h.account_id = w.account_id and h.vpc_id = w.vpc_id and h.client_ip = w.client_ip
      where w.seen_in = 'dns_query'
    )
    select account_id, vpc_id, account_id as logged_account_id, vpc_id as logged_vpc_id
    from asking
    union
    select account_id, min(vpc_id), account_id, 'unknown'
    from asking
    group by account_id
    having count(*) = 1
    union
    select min(account_id), min(vpc_id), 'unknown', 'unknown'
    from asking
    having count(*) = 1
"""


def build(context: EnrichContext) -> None:
    """Make `home` (account_id, vpc_id, client_ip as logged; home_account_id, home_vpc_id) and `network_spelling`.

    Needs `workload_day`.
    """
    for statement in (_INTERFACES, _LODGERS, _RESIDENTS, _RESIDENTS_OF_ACCOUNTS, _HOMES, _AT_HOME, _SPELLINGS):
        context.store.query(statement)
