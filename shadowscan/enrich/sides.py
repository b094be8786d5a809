"""Flow records of the open days with the workload as client and the server as remote, whoever recorded them.

The interface that records is not always the one that asked: a gateway, a VPC endpoint and a NAT gateway record the
other end, and a log without direction has the answer's sender in front. Who is the server is told by the ports; such a
record is turned round, its bytes with it. It is only looked at where a record is of interest: of all records the test
would cost more than the join.
"""

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.spans import within_days

_COLUMNS = """
      source_id, line, started_at, ended_at, sensor, account_id, vpc_id, interface_id, instance_id, ip_version,
      protocol, action, bytes, packets, connection_id
"""
FACES_SERVER = """
      not is_served(client_port, remote_port)
      and not (
        client_port = 0 and remote_port = 0 and is_private(ip_version, remote_hi, remote_lo)
        and not is_private(ip_version, client_hi, client_lo)
      )
"""
_OPEN = """
    create or replace temp view open_flow as
    select
      rowid as flow_id, false as is_turned, cast(started_at as date) as day, {columns},
      client_ip, client_port, remote_ip, remote_port,
      interface_client_ip, interface_remote_ip, client_hi, client_lo, remote_hi, remote_lo, remote_block,
      case direction when 'ingress' then 'ingress' else 'egress' end as direction, remote_service
    from flow
    where {days}
"""
_SERVERS = """
    create or replace temp table served_flow as
    select rowid as flow_id, ip_version, client_hi, client_lo
    from flow
    where {days}
      and not ({faces})
      and (
        (ip_version, client_hi, client_lo) in (select (ip_version, ip_hi, ip_lo) from vendor_address)
        or (ip_version = 4 and client_lo >> 8 in (select block from vendor_block))
        or (ip_version = 6 and client_hi in (select first_hi from vendor_range where ip_version = 6))
      )
"""
_TURNED = """
    create or replace temp table turned_flow as
    select
      f.rowid as flow_id, true as is_turned, cast(f.started_at as date) as day, {columns},
      remote_ip as client_ip, remote_port as client_port,
      client_ip as remote_ip, client_port as remote_port, interface_remote_ip as interface_client_ip,
      interface_client_ip as interface_remote_ip, remote_hi as client_hi, remote_lo as client_lo,
      client_hi as remote_hi, client_lo as remote_lo,
      case when ip_version = 4 then client_lo >> 8 else client_hi end as remote_block,
      case direction when 'ingress' then 'egress' else 'ingress' end as direction, 'unknown' as remote_service
    from flow as f
    semi join served_flow as s on s.flow_id = f.rowid
"""


def build(context: EnrichContext) -> None:
    """Make the view `open_flow` and the table `turned_flow`, equal in columns.

    A record belongs to the first where `FACES_SERVER` holds, else to the second.
    """
    query = context.store.query
    words = {
        "columns": _COLUMNS.strip(),
        "faces": FACES_SERVER,
        "days": within_days(context, "work_day", "flow", "started_at"),
    }
    for statement in (_OPEN, _SERVERS, _TURNED):
        query(statement.format(**words))
