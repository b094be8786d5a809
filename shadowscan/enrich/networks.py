"""The VPC of flow records that do not name it: the default flow log format (version 2) leaves it out.

A private address means nothing without its network, so the VPC is taken from the interface's inventory, else from the
resolver logs where that account saw the address ask in one VPC only. A guess between two VPCs is never made.
"""

from shadowscan.enrich.context import EnrichContext

_BY_INTERFACE = """
    create or replace temp table interface_network as
    select asset_id as interface_id, min(vpc_id) as vpc_id
    from asset
    where kind = 'eni' and vpc_id <> 'unknown'
    group by asset_id
    having count(distinct vpc_id) = 1
"""
_BY_ADDRESS = """
    create or replace temp table address_network as
    select account_id, client_ip, min(vpc_id) as vpc_id
    from dns_query
    where vpc_id <> 'unknown' and client_ip <> 'unknown'
    group by account_id, client_ip
    having count(distinct vpc_id) = 1
"""
_TOUCHED = """
    insert or ignore into dirty_day
    select distinct cast(f.started_at as date)
    from flow as f
    left join interface_network as i on i.interface_id = f.interface_id
    left join address_network as a on a.account_id = f.account_id and a.client_ip = f.interface_client_ip
    where f.vpc_id = 'unknown' and (i.interface_id is not null or a.client_ip is not null)
"""
_FILL_INTERFACE = """
    update flow
    set vpc_id = n.vpc_id
    from interface_network as n
    where flow.vpc_id = 'unknown' and flow.interface_id = n.interface_id
"""
_FILL_ADDRESS = """
    update flow
    set vpc_id = n.vpc_id
    from address_network as n
    where flow.vpc_id = 'unknown'
      and flow.account_id = n.account_id
      and flow.interface_client_ip = n.client_ip
"""


def build(context: EnrichContext) -> None:
    """Fill `flow.vpc_id` where inventory or resolver logs settle it, and open those days."""
    if context.store.query("select 1 from flow where vpc_id = 'unknown' limit 1").rows:
        with context.store.transaction():
            for statement in (_BY_INTERFACE, _BY_ADDRESS, _TOUCHED, _FILL_INTERFACE, _FILL_ADDRESS):
                context.store.query(statement)
