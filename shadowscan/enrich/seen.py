"""Roll-up `workload_day`: which client addresses the logs show on which day, and by what names.

Made for the days that collection marked, in one pass a table, so that whatever asks "who is this address" reads
thousands of rows and never the flows. It survives retention with the other roll-ups. `log_hour` is made with it.
"""

from shadowscan.enrich import hours, macros
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.spans import within_days

FORMULATION = "1"  # raise when the statements below change their answers
SETTING = "seen_formulation"

_DAYS = """
    create or replace temp table seen_day as
    select day
    from dirty_day
    union
    select cast(started_at as date)
    from flow
    where $everything
    union
    select cast(queried_at as date)
    from dns_query
    where $everything
    union
    select cast(started_at as date)
    from tls_connection
    where $everything
"""
_DROP_DAYS = "delete from workload_day where day in (select day from seen_day)"
# The records of a middle hop say nothing of who owns the address: a NAT gateway repeats them far from home. Records are
# grouped by one number made of their names, a third cheaper than by eight texts; the names are those of each group's
# first record. Whether the client is private is asked of the few groups.
_FLOWS = """
    insert into workload_day by name
    with shown as (
      select
        cast(started_at as date) as day, client_ip = interface_client_ip as is_own, client_lo,
        hash(account_id, vpc_id, subnet_id, region, interface_id, instance_id, workload, client_ip) as names,
        min(rowid) as flow_id, min(started_at) as first_at, max(ended_at) as last_at, count(*) as record_count
      from flow
      where remote_ip = interface_remote_ip and {days}
      group by 1, 2, 3, 4
    )
    select
      s.day, 'flow' as seen_in, f.account_id, f.vpc_id, f.subnet_id, f.region,
      case when s.is_own then f.interface_id else 'unknown' end as interface_id,
      case when s.is_own then f.instance_id else 'unknown' end as instance_id,
      f.workload, f.client_ip, s.first_at, s.last_at, s.record_count
    from shown as s
    join flow as f on f.rowid = s.flow_id
    where s.is_own or is_private(4, 0, ipv4_text(f.client_ip)) or regexp_matches(f.client_ip, '^f[cd]')
"""
_QUESTIONS = """
    insert into workload_day by name
    select
      cast(queried_at as date) as day, 'dns_query' as seen_in, account_id, vpc_id, region, instance_id, resolver_id,
      client_ip, min(queried_at) as first_at, max(queried_at) as last_at, count(*) as record_count
    from dns_query
    where {days}
    group by 1, 3, 4, 5, 6, 7, 8
"""
_CONNECTIONS = """
    insert into workload_day by name
    select
      cast(started_at as date) as day, 'tls_connection' as seen_in, account_id, vpc_id, region, instance_id, workload,
      client_ip, min(started_at) as first_at, max(ended_at) as last_at, count(*) as record_count
    from tls_connection
    where {days}
    group by 1, 3, 4, 5, 6, 7, 8
"""
_ROLL_UPS = (
    (_FLOWS, "flow", "started_at"),
    (_QUESTIONS, "dns_query", "queried_at"),
    (_CONNECTIONS, "tls_connection", "started_at"),
)


def build(context: EnrichContext) -> None:
    """Replace the marked days of `workload_day` and `log_hour`; all where this version counts differently."""
    query = context.store.query
    known = query("select value from setting where name = $name", {"name": SETTING}).rows
    macros.build(context)
    with context.store.transaction():
        query(_DAYS, {"everything": known != [(FORMULATION,)]})
        query(_DROP_DAYS)
        for statement, table, column in _ROLL_UPS:
            query(statement.format(days=within_days(context, "seen_day", table, column)))
        hours.build(context)
        query("insert or replace into setting values ($name, $value)", {"name": SETTING, "value": FORMULATION})
