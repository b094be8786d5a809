"""DNS answers to flows: which name a flow's remote address had, for that client, at that time.

Every answer holds for its client and address from the moment it was given until that client's next answer for the
address (whatever name it was for) or the end of `dns_window`: half-open, so a flow exactly the window later is out.
Other names' answers must be looked at before the vendor's are picked, or a name would keep an address it lost.
Names that competed in the minute before the answer and lead elsewhere make the interval `is_contested`.
"""

from datetime import timedelta

from shadowscan.enrich.context import EnrichContext

CONTEST = timedelta(seconds=60)  # two names for one address this close together compete

_ANSWERS = """
    create or replace temp table address_answer as
    select
      a.account_id, a.vpc_id, a.client_ip, a.instance_id, a.ip_version, a.ip_hi, a.ip_lo, a.qname, a.answered_at,
      coalesce(any_value(n.vendor_id), 'other') as leads_to,
      min(a.source_id) as source_id,
      min(a.line) as line
    from dns_answer as a
    left join vendor_name as n on n.qname = a.qname
    where a.answered_at >= (select start_at from work_span) - $reach
      and a.answered_at < (select end_at from work_span)
      and (a.ip_version, a.ip_hi, a.ip_lo) in (select (ip_version, ip_hi, ip_lo) from vendor_address)
    group by a.account_id, a.vpc_id, a.client_ip, a.instance_id, a.ip_version, a.ip_hi, a.ip_lo, a.qname, a.answered_at
"""
_SCOPED = """
    create or replace temp table scoped_answer as
    select
      'client' as scope, account_id || '/' || vpc_id || '/' || client_ip as holder, ip_version, ip_hi, ip_lo, qname,
      leads_to, answered_at, source_id, line
    from address_answer
    where client_ip <> 'unknown'
    union all
    select 'instance', instance_id, ip_version, ip_hi, ip_lo, qname, leads_to, answered_at, source_id, line
    from address_answer
    where instance_id <> 'unknown'
    union all
    select
      'network', account_id || '/' || vpc_id, ip_version, ip_hi, ip_lo, qname, leads_to, answered_at,
      min(source_id), min(line)
    from address_answer
    group by account_id, vpc_id, ip_version, ip_hi, ip_lo, qname, leads_to, answered_at
"""
_INTERVALS = """
    create or replace temp table answer_interval as
    select
      scope, holder, ip_version, ip_hi, ip_lo, qname, leads_to, source_id, line, answered_at as valid_from,
      least(coalesce(lead(answered_at) over in_order, timestamp '9999-01-01'), answered_at + $window) as valid_until,
      min(leads_to) over last_minute <> max(leads_to) over last_minute as is_contested
    from scoped_answer
    window
      in_order as (
        partition by scope, holder, ip_version, ip_hi, ip_lo
        order by answered_at, qname, source_id, line
      ),
      last_minute as (
        partition by scope, holder, ip_version, ip_hi, ip_lo
        order by answered_at
        range between interval 60 seconds preceding and current row
      )
"""
_DROP_IDLE = """
    delete from answer_interval
    where valid_from >= valid_until
       or (scope = 'network' and leads_to = 'other' and not is_contested)
"""
# Minute buckets keep the join equal on its keys: without them it compares all pairs of a busy address.
_COMPETING = """
    create or replace temp table contested_interval as
    with contested as (
      select scope, holder, ip_version, ip_hi, ip_lo, valid_from, date_trunc('minute', valid_from) as minute
      from answer_interval
      where is_contested
    ),
    bucketed as (
      select scope, holder, ip_version, ip_hi, ip_lo, qname, answered_at, date_trunc('minute', answered_at) as minute
      from scoped_answer
      union all
      select
        scope, holder, ip_version, ip_hi, ip_lo, qname, answered_at,
        date_trunc('minute', answered_at) + interval 1 minute
      from scoped_answer
    )
    select
      i.scope, i.holder, i.ip_version, i.ip_hi, i.ip_lo, i.valid_from,
      string_agg(distinct a.qname, ',' order by a.qname) as competing
    from contested as i
    join bucketed as a
      on a.scope = i.scope and a.holder = i.holder and a.minute = i.minute
     and a.ip_version = i.ip_version and a.ip_hi = i.ip_hi and a.ip_lo = i.ip_lo
     and a.answered_at between i.valid_from - interval 60 seconds and i.valid_from
    group by i.scope, i.holder, i.ip_version, i.ip_hi, i.ip_lo, i.valid_from
"""
_ONLY_NETWORK = """
    create or replace temp table only_network as
    select account_id, min(vpc_id) as vpc_id
    from address_answer
    group by account_id
    having count(distinct vpc_id) = 1
"""
_FLOW_ANSWER = """
    create or replace temp table flow_answer as
    with keyed as (
      select
        f.flow_id, f.started_at, f.ip_version, f.remote_hi, f.remote_lo, f.instance_id,
        f.account_id || '/' || f.vpc_id || '/' || f.client_ip as client_key,
        f.account_id || '/' || case when f.vpc_id = 'unknown' then coalesce(o.vpc_id, f.vpc_id) else f.vpc_id end
          as network_key
      from vendor_flow as f
      left join only_network as o on o.account_id = f.account_id
    ),
    asked as (
      select flow_id, started_at, ip_version, remote_hi, remote_lo, 'client' as scope, client_key as holder, 1 as rank
      from keyed
      union all
      select flow_id, started_at, ip_version, remote_hi, remote_lo, 'instance', instance_id, 2
      from keyed
      union all
      select flow_id, started_at, ip_version, remote_hi, remote_lo, 'network', network_key, 3
      from keyed
    ),
    found as (
      select
        k.flow_id, k.rank, i.scope, i.holder, i.ip_version, i.ip_hi, i.ip_lo, i.qname, i.leads_to, i.source_id, i.line,
        i.valid_from, i.is_contested
      from asked as k
      asof join answer_interval as i
        on i.scope = k.scope and i.holder = k.holder
       and i.ip_version = k.ip_version and i.ip_hi = k.remote_hi and i.ip_lo = k.remote_lo
       and k.started_at >= i.valid_from
      where k.started_at < i.valid_until
    ),
    strongest as (
      select f.*, row_number() over (partition by f.flow_id order by f.rank) as place
      from found as f
    )
    select
      s.flow_id,
      case when s.scope = 'network' then 'dns_same_network' else 'dns_same_client' end as named_by,
      case when s.scope = 'network' then 'medium' else 'high' end as confidence,
      s.qname, s.leads_to, s.is_contested, coalesce(c.competing, '') as competing,
      s.source_id as answer_source_id, s.line as answer_line, s.valid_from as answered_at
    from strongest as s
    left join contested_interval as c
      on s.is_contested
     and c.scope = s.scope and c.holder = s.holder
     and c.ip_version = s.ip_version and c.ip_hi = s.ip_hi and c.ip_lo = s.ip_lo and c.valid_from = s.valid_from
    where s.place = 1
"""


def build(context: EnrichContext) -> None:
    """Make `flow_answer`: for each `vendor_flow` record the one answer that names it, other names' answers included.

    Columns: flow_id, named_by, confidence, qname, leads_to (vendor id, `gateway` or `other`), is_contested,
    competing (comma-separated), answer_source_id, answer_line, answered_at.
    """
    window = context.config.settings.dns_window
    context.store.query(_ANSWERS, {"reach": window + CONTEST})
    context.store.query(_SCOPED)
    context.store.query(_INTERVALS, {"window": window})
    for statement in (_DROP_IDLE, _COMPETING, _ONLY_NETWORK, _FLOW_ANSWER):
        context.store.query(statement)
