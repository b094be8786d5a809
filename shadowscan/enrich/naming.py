"""Flow records to names: the few records that concern an LLM vendor or an approved gateway, out of tens of millions.

What names a record, strongest first: the name read off its own connection, the answer its own client was given, the
answer its network was given, a range the vendor publishes as its own or the cloud service the log names. Each is one
join of the records with a small table; the records' wide columns are only read for what was hit. Nothing else names a
vendor, least of all a shared CDN.
"""

from shadowscan.enrich import answers, connections, resolvers, sides
from shadowscan.enrich.context import EnrichContext

# One row a claim and day: the day is a key of the join, or every record of an address would meet all its claims.
_CLIENT_CLAIMS = """
    create or replace temp table client_claim as
    with spelt as (
      select pair_id, account_id, vpc_id, client_ip, ip_version, ip_hi, ip_lo
      from scope_pair
      where scope = 'client'
      union all
      select p.pair_id, h.account_id, h.vpc_id, p.client_ip, p.ip_version, p.ip_hi, p.ip_lo
      from scope_pair as p
      join home as h on h.home_account_id = p.account_id and h.home_vpc_id = p.vpc_id and h.client_ip = p.client_ip
      where p.scope = 'client'
    )
    select
      s.account_id, s.vpc_id, s.client_ip, ipv4_text(s.client_ip) as client_lo, s.ip_version, s.ip_hi, s.ip_lo,
      c.pair_id, c.name_no, c.is_contested, c.is_shared, c.is_resolver, c.valid_from, c.valid_until, c.rival_no,
      c.other_rival_no, cast(unnest(days_of(c.valid_from, c.valid_until)) as date) as day
    from claim as c
    join spelt as s on s.pair_id = c.pair_id
"""
# Of a shared address a resolver's answer names what begins while it is cached; what goes on later competes.
_NETWORK_CLAIMS = """
    create or replace temp table network_claim as
    with useful as (
      select
        p.account_id, p.vpc_id, p.ip_version, p.ip_hi, p.ip_lo, c.pair_id, c.name_no,
        c.is_contested or c.is_fresh as is_contested, c.is_shared, c.is_resolver, c.valid_from, c.valid_until,
        c.rival_no, c.other_rival_no,
        case when c.is_shared then least(c.valid_until, c.valid_from + $cache) else c.valid_until end as named_until
      from claim as c
      join scope_pair as p on p.pair_id = c.pair_id and p.scope = 'network'
      where (c.is_resolver or not (c.is_shared or c.is_contested)) and c.lead_no > 0
    ),
    split as (
      select * exclude (valid_until, named_until), named_until as valid_until
      from useful
      union all
      select * exclude (valid_until, named_until) replace (true as is_contested, named_until as valid_from), valid_until
      from useful
      where named_until < valid_until
    )
    select
      s.logged_account_id, s.logged_vpc_id, c.*, cast(unnest(days_of(c.valid_from, c.valid_until)) as date) as day
    from split as c
    join network_spelling as s on s.account_id = c.account_id and s.vpc_id = c.vpc_id
"""
_HITS = """
    create or replace temp table hit (
      flow_id bigint, is_turned boolean, rank integer, name_no bigint, pair_id bigint, fact_key varchar,
      named_by varchar, sureness varchar, rival_no bigint, other_rival_no bigint, record bigint
    )
"""
_BY_CLIENT = """
    insert into hit
    select
      f.flow_id, f.is_turned, case when c.is_contested then 6 else 1 end, c.name_no, c.pair_id, '', 'dns_same_client',
      case when c.is_shared or c.is_resolver then 'medium' else 'high' end,
      case when c.is_contested then c.rival_no end, case when c.is_contested then c.other_rival_no end, null
    from {flows} as f
    join client_claim as c
      on c.ip_lo = f.remote_lo and c.client_lo = f.client_lo and c.vpc_id = f.vpc_id and c.day = f.day
     and same(c.account_id, f.account_id) and same(c.ip_version, f.ip_version)
     and f.started_at >= c.valid_from and f.started_at < c.valid_until
    where f.ip_version = 4
    union all
    select
      f.flow_id, f.is_turned, case when c.is_contested then 6 else 1 end, c.name_no, c.pair_id, '', 'dns_same_client',
      case when c.is_shared or c.is_resolver then 'medium' else 'high' end,
      case when c.is_contested then c.rival_no end, case when c.is_contested then c.other_rival_no end, null
    from {flows} as f
    join client_claim as c
      on c.ip_lo = f.remote_lo and c.client_ip = f.client_ip and c.vpc_id = f.vpc_id and c.day = f.day
     and same(c.account_id, f.account_id) and same(c.ip_hi, f.remote_hi)
     and f.started_at >= c.valid_from and f.started_at < c.valid_until
    where f.ip_version = 6 and c.ip_version = 6
"""
_BY_INSTANCE = """
    insert into hit
    select
      f.flow_id, f.is_turned, case when c.is_contested then 7 else 2 end, c.name_no, c.pair_id, '', 'dns_same_client',
      case when c.is_shared or c.is_resolver then 'medium' else 'high' end,
      case when c.is_contested then c.rival_no end, case when c.is_contested then c.other_rival_no end, null
    from {flows} as f
    join (select * from scope_pair where scope = 'instance') as p
      on p.ip_lo = f.remote_lo and p.ip_hi = f.remote_hi and p.ip_version = f.ip_version
     and p.instance_id = f.instance_id
    join claim as c on c.pair_id = p.pair_id and f.started_at >= c.valid_from and f.started_at < c.valid_until
"""
# Of a shared address a resolver's answer speaks for those alone who never ask for themselves.
_BY_NETWORK = """
    insert into hit
    with reached as (
      select
        f.flow_id, f.is_turned, f.started_at, f.client_ip, c.account_id, c.vpc_id, c.ip_version, c.ip_hi, c.ip_lo,
        c.pair_id, c.name_no, c.is_contested, c.is_shared, c.is_resolver, c.rival_no, c.other_rival_no
      from {flows} as f
      join network_claim as c
        on c.ip_lo = f.remote_lo and c.logged_vpc_id = f.vpc_id and c.day = f.day
       and same(c.logged_account_id, f.account_id) and same(c.ip_hi, f.remote_hi) and same(c.ip_version, f.ip_version)
       and f.started_at >= c.valid_from and f.started_at < c.valid_until
      union all
      select
        f.flow_id, f.is_turned, f.started_at, f.client_ip, c.account_id, c.vpc_id, c.ip_version, c.ip_hi, c.ip_lo,
        c.pair_id, c.name_no, c.is_contested, c.is_shared, c.is_resolver, c.rival_no, c.other_rival_no
      from {flows} as f
      join home as h on h.account_id = f.account_id and h.vpc_id = f.vpc_id and h.client_ip = f.client_ip
      join network_claim as c
        on c.ip_lo = f.remote_lo and c.ip_hi = f.remote_hi and c.ip_version = f.ip_version and c.day = f.day
       and c.logged_vpc_id = h.home_vpc_id and c.logged_account_id = h.home_account_id
       and f.started_at >= c.valid_from and f.started_at < c.valid_until
      where 'unknown' in (f.vpc_id, f.account_id)
    )
    select
      r.flow_id, r.is_turned, case when r.is_contested then 8 else 3 end, r.name_no, r.pair_id, '',
      case when r.is_resolver then 'dns_resolver' else 'dns_same_network' end,
      case when r.is_shared then 'low' else 'medium' end, case when r.is_shared then r.rival_no end,
      case when r.is_shared then r.other_rival_no end, null
    from reached as r
    where not exists (
        select 1
        from address_answer as a
        where a.account_id = r.account_id and a.vpc_id = r.vpc_id and a.client_ip = r.client_ip
          and a.ip_version = r.ip_version and a.ip_hi = r.ip_hi and a.ip_lo = r.ip_lo
          and a.lead_no = 0 and a.answered_at <= r.started_at and a.answered_at > r.started_at - $window
      )
      and not (
        r.is_shared
        and exists (
          select 1
          from asker as q
          where q.account_id = r.account_id and q.vpc_id = r.vpc_id and q.client_ip = r.client_ip
            and q.day between cast(r.started_at as date) - 1 and cast(r.started_at as date)
        )
      )
"""
_BY_RANGE = """
    insert into hit
    with inside as (
      select f.flow_id, f.is_turned, f.ip_version, f.remote_hi, f.remote_lo, f.account_id, f.vpc_id, f.client_ip
      from {flows} as f
      semi join vendor_block as b on b.block = f.remote_block
      where f.ip_version = 4
      union all
      select f.flow_id, f.is_turned, f.ip_version, f.remote_hi, f.remote_lo, f.account_id, f.vpc_id, f.client_ip
      from {flows} as f
      where f.ip_version = 6
    )
    select f.flow_id, f.is_turned, 4, null, null, min(r.range_key), 'published_range', 'medium', null, null, null
    from inside as f
    left join home as h on h.account_id = f.account_id and h.vpc_id = f.vpc_id and h.client_ip = f.client_ip
    join vendor_range as r
      on r.ip_version = f.ip_version
     and f.remote_hi between r.first_hi and r.last_hi
     and (f.remote_hi > r.first_hi or f.remote_lo >= r.first_lo)
     and (f.remote_hi < r.last_hi or f.remote_lo <= r.last_lo)
     and r.vpc_id in ('unknown', coalesce(h.home_vpc_id, f.vpc_id))
    group by f.flow_id, f.is_turned
    union all
    select f.flow_id, f.is_turned, 5, null, null, s.range_key, 'published_range', 'medium', null, null, null
    from {flows} as f
    join vendor_range as s on s.ip_version = 0 and s.range_key = f.remote_service
"""
_BEST = """
    create or replace temp table best_hit as
    select *
    from hit
    qualify row_number() over (partition by flow_id, is_turned order by rank, name_no, fact_key, pair_id, record) = 1
"""
_NAMED = """
    create or replace temp table named_flow as
    with flows as (
      select f.*
      from open_flow as f
      semi join best_hit as b on b.flow_id = f.flow_id
      where {faces}
      union all
      select f.*
      from turned_flow as f
    )
    select
      f.flow_id, f.source_id, f.line, f.started_at, f.ended_at, f.day, f.sensor,
      f.account_id as logged_account_id, f.vpc_id as logged_vpc_id,
      coalesce(h.home_account_id, f.account_id) as account_id, coalesce(h.home_vpc_id, f.vpc_id) as vpc_id,
      f.interface_id, f.instance_id, f.client_ip, f.client_port, f.remote_ip, f.remote_port, f.ip_version, f.client_hi,
      f.client_lo, f.remote_hi, f.remote_lo, f.protocol, f.direction, f.action,
      case when f.action = 'reject' then 0 else f.bytes end as bytes, f.is_turned,
      f.action <> 'reject' and f.bytes = 0 as is_uncounted,
      f.client_ip = f.interface_client_ip and f.remote_ip = f.interface_remote_ip and not f.is_turned as is_direct,
      case when f.remote_ip <> f.interface_remote_ip then f.interface_remote_ip else '' end as hop_ip,
      case when b.rank in (4, 5) then 'range' when b.rank > 5 then 'contested' else 'name' end as fact_kind,
      case when b.rank > 5 then '' else coalesce(n.qname, b.fact_key) end as fact_key, b.named_by,
      case when b.rank > 5 then 'low' else b.sureness end as sureness,
      coalesce(least(x.qname, y.qname) || ',' || greatest(x.qname, y.qname), '') as rivals, b.name_no, b.pair_id,
      b.record as named_record
    from flows as f
    join best_hit as b on b.flow_id = f.flow_id and b.is_turned = f.is_turned
    left join answer_name as n on n.name_no = b.name_no
    left join answer_name as x on x.name_no = b.rival_no
    left join answer_name as y on y.name_no = b.other_rival_no
    left join home as h on h.account_id = f.account_id and h.vpc_id = f.vpc_id and h.client_ip = f.client_ip
"""
# A connection that was there before the answer was given was not begun by it. Records are met by two narrow columns
# first, and the others read where they met: a join reads all its columns of every record.
_RESOLVED = """
    create or replace temp table resolved_flow as
    select
      flow_id, started_at, logged_account_id, logged_vpc_id, ip_version, client_hi, client_lo, client_port, remote_hi,
      remote_lo, remote_port
    from named_flow
    where named_by = 'dns_resolver' and sureness = 'low' and fact_kind = 'name' and client_port > 0
"""
_NEAR_RESOLVED = """
    create or replace temp table near_flow as
    select f.rowid as flow_id
    from flow as f
    semi join resolved_flow as n on n.remote_lo = f.remote_lo and n.client_port = f.client_port
"""
_BEGUN_BEFORE = """
    create or replace temp table begun_before as
    with near as materialized (
      select
        f.started_at, f.account_id, f.vpc_id, f.ip_version, f.client_hi, f.client_lo, f.client_port, f.remote_hi,
        f.remote_lo, f.remote_port
      from flow as f
      semi join near_flow as n on n.flow_id = f.rowid
    )
    select distinct n.flow_id
    from near as f
    join resolved_flow as n
      on n.remote_lo = f.remote_lo and n.client_port = f.client_port and n.client_lo = f.client_lo
     and n.ip_version = f.ip_version and n.client_hi = f.client_hi and n.remote_hi = f.remote_hi
     and n.remote_port = f.remote_port and n.logged_account_id = f.account_id and n.logged_vpc_id = f.vpc_id
     and f.started_at < n.started_at - $cache and f.started_at > n.started_at - $window
"""
_CONTEST = """
    update named_flow
    set fact_kind = 'contested', fact_key = ''
    where flow_id in (select flow_id from begun_before)
"""
SIDES = ("open_flow", "turned_flow")


def build(context: EnrichContext) -> None:
    """Make `named_flow`: every record of the open days that something names, and what does.

    `account_id` and `vpc_id` are those of the client's home; `hop_ip` is the middle hop where the record names one;
    `fact_kind` and `fact_key` lead to `named_fact`; `rivals` are competing names.
    """
    query = context.store.query
    resolvers.build(context)
    answers.build(context)
    connections.build(context)
    sides.build(context)
    query(_CLIENT_CLAIMS)
    query(_NETWORK_CLAIMS, {"cache": answers.RESOLVER_CACHE})
    query(_HITS)
    for flows in SIDES:
        for statement in (connections.HIT, _BY_CLIENT, _BY_INSTANCE, _BY_RANGE):
            query(statement.format(flows=flows))
        query(_BY_NETWORK.format(flows=flows), {"window": context.config.settings.dns_window})
    query(_BEST)
    query(_NAMED.format(faces=sides.FACES_SERVER))
    for statement in (_RESOLVED, _NEAR_RESOLVED):
        query(statement)
    query(_BEGUN_BEFORE, {"cache": answers.RESOLVER_CACHE, "window": context.config.settings.dns_window})
    query(_CONTEST)
    connections.settle(context)
