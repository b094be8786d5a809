"""DNS answers as claims: which name an address had, for whom, from when until when.

Every answer holds for its client and address from the moment it was given until that client's next answer for the
address (whatever name it was for) or the end of the window, half-open; a TTL does not cut it, since connections
outlive it (ADR 1). Other names' answers are looked at before the vendor's are picked, or a name would keep an address
it lost. Answers in a row that say the same are one claim, unless a network shares the address.

Names that lead elsewhere and were answered within a minute make a claim contested. An innocent name answered earlier,
whose TTL (the window where the log has none) is not over, makes the address shared: the client that asked is believed,
less surely; of a network only a resolver is, less surely still, and only once its cache must have asked again and as
long as it holds what it was told now; nobody else's question speaks for others then.
"""

from dataclasses import dataclass
from datetime import timedelta

from shadowscan.enrich.context import EnrichContext

CONTEST = timedelta(seconds=60)  # two names for one address this close together compete
# Most TTLs on shared CDN addresses are 300 s or less: later, a resolver whose clients still used the other name would
# have asked for it again.
RESOLVER_CACHE = timedelta(seconds=300)

_IN_ORDER = "create or replace temp macro in_order(a, b) as least(a, b) || ',' || greatest(a, b)"
_ADDRESSES = """
    create or replace temp table vendor_address as
    select distinct a.ip_version, a.ip_hi, a.ip_lo
    from dns_answer as a
    semi join vendor_name as n on n.qname = a.qname
    where a.answered_at >= (select start_at from work_span) - $reach
      and a.answered_at < (select end_at from work_span)
"""
_ANSWERS = """
    create or replace temp table address_answer as
    select
      coalesce(h.home_account_id, a.account_id) as account_id, coalesce(h.home_vpc_id, a.vpc_id) as vpc_id,
      a.client_ip, a.instance_id, a.ip_version, a.ip_hi, a.ip_lo, a.qname, a.answered_at,
      coalesce(any_value(case when n.vendor_id = 'gateway' then 'gateway/' || n.service else n.vendor_id end), 'other')
        as leads_to,
      bool_or(r.client_ip is not null) as is_resolver, max(a.ttl_seconds) as ttl_seconds,
      min(a.source_id) as source_id, min_by(a.line, (a.source_id, a.line)) as line
    from dns_answer as a
    semi join vendor_address as v on v.ip_version = a.ip_version and v.ip_hi = a.ip_hi and v.ip_lo = a.ip_lo
    left join vendor_name as n on n.qname = a.qname
    left join home as h on h.account_id = a.account_id and h.vpc_id = a.vpc_id and h.client_ip = a.client_ip
    left join resolver as r
      on r.day = cast(a.answered_at as date) and r.client_ip = a.client_ip
     and r.account_id = coalesce(h.home_account_id, a.account_id) and r.vpc_id = coalesce(h.home_vpc_id, a.vpc_id)
    where a.answered_at >= (select start_at from work_span) - $reach
      and a.answered_at < (select end_at from work_span)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
# The scope's addresses that a vendor's name was ever answered for, by number: nothing else is of interest.
_PAIRS = """
    create or replace temp table scope_pair as
    select *, row_number() over () as pair_id
    from (
      select distinct {keys}, ip_version, ip_hi, ip_lo
      from address_answer
      where leads_to <> 'other' and {known}
    )
"""
# One row a moment: names answered at one instant are told apart by `least_to` and `most_to`. `said` sorts by where a
# name leads, so the least and the greatest of a frame lead elsewhere as soon as any two do.
_MOMENTS = """
    create or replace temp table scope_moment as
    select
      p.pair_id, a.answered_at, max_by(a.leads_to, a.qname) as leads_to, max(a.qname) as qname,
      min(a.leads_to || ' ' || a.qname) as least_said, max(a.leads_to || ' ' || a.qname) as most_said,
      min(a.leads_to) filter (where a.leads_to <> 'other') as least_vendor,
      max(a.leads_to) filter (where a.leads_to <> 'other') as most_vendor,
      bool_or(a.leads_to = 'other') as has_other, bool_or(a.is_resolver) as is_resolver,
      max(a.answered_at + case when a.ttl_seconds < 0 then $window else greatest($contest, to_seconds(a.ttl_seconds))
        end) filter (where a.leads_to = 'other') as other_until
    from address_answer as a
    join scope_pair as p using ({keys}, ip_version, ip_hi, ip_lo)
    group by p.pair_id, a.answered_at
"""
_JUDGED = """
    create or replace temp table scope_judged as
    with told as (
      select
        pair_id, answered_at, leads_to, qname, is_resolver,
        least(coalesce(lead(answered_at) over so_far, timestamp '9999-01-01'), answered_at + $window) as valid_until,
        min(least_said) over last_minute as least_said, max(most_said) over last_minute as most_said,
        min(least_said) over in_window as least_heard, max(most_said) over in_window as most_heard,
        min(least_vendor) over in_window <> max(most_vendor) over in_window as has_two_vendors,
        max(case when has_other then answered_at end) over so_far as other_at,
        max(other_until) over so_far as other_until
      from scope_moment
      window
        so_far as (partition by pair_id order by answered_at),
        last_minute as (
          partition by pair_id order by answered_at range between interval 60 seconds preceding and current row
        ),
        in_window as (
          partition by pair_id order by answered_at range between $window preceding and current row
        )
    ),
    judged as (
      select
        *, split_part(least_said, ' ', 1) <> split_part(most_said, ' ', 1) as is_contested,
        leads_to <> 'other' and (coalesce(other_until > answered_at, false) or coalesce(has_two_vendors, false))
          as is_shared
      from told
    )
    select
      pair_id, answered_at, leads_to, qname, is_resolver, valid_until, is_contested, is_shared,
      is_shared and coalesce(other_at >= answered_at - $cache, true) as is_fresh,
      case
        when is_contested then in_order(split_part(least_said, ' ', 2), split_part(most_said, ' ', 2))
        when is_shared then in_order(split_part(least_heard, ' ', 2), split_part(most_heard, ' ', 2))
        else ''
      end as rivals
    from judged
"""
_CLAIMS = """
    insert into claim by name
    with marked as (
      select
        *, lag(kind) over in_time as kind_before, lag(valid_until) over in_time as until_before
      from (
        select
          *,
          hash(
            leads_to, qname, is_contested, is_shared, is_fresh, is_resolver,
            case when is_shared and $scope = 'network' then answered_at end
          ) as kind
        from scope_judged
      )
      window in_time as (partition by pair_id order by answered_at)
    ),
    numbered as (
      select
        *,
        count(*) filter (where kind_before is distinct from kind or until_before is distinct from answered_at)
          over (partition by pair_id order by answered_at rows unbounded preceding) as run
      from marked
    ),
    joined as (
      select
        pair_id, run, any_value(leads_to) as leads_to, any_value(qname) as qname,
        any_value(is_contested) as is_contested, any_value(is_shared) as is_shared, any_value(is_fresh) as is_fresh,
        any_value(is_resolver) as is_resolver, min(answered_at) as valid_from, max(valid_until) as valid_until,
        min(rivals) as rivals
      from numbered
      group by pair_id, run
    )
    select
      $scope as scope, {keys}, ip_version, ip_hi, ip_lo, qname, leads_to, is_contested, is_shared, is_fresh,
      is_resolver, valid_from, valid_until, rivals
    from joined
    join scope_pair using (pair_id)
    where leads_to <> 'other' or is_contested
"""
_TABLE = """
    create or replace temp table claim (
      scope varchar, account_id varchar default '', vpc_id varchar default '', client_ip varchar default '',
      instance_id varchar default '', ip_version tinyint, ip_hi bigint, ip_lo bigint, qname varchar, leads_to varchar,
      is_contested boolean, is_shared boolean, is_fresh boolean, is_resolver boolean, valid_from timestamp,
      valid_until timestamp, rivals varchar
    )
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom an answer speaks: the columns that name it, and what makes them known."""

    name: str
    keys: tuple[str, ...]
    known: str


SCOPES = (
    Scope("client", ("account_id", "vpc_id", "client_ip"), "client_ip <> 'unknown'"),
    Scope("instance", ("instance_id",), "instance_id <> 'unknown'"),
    Scope("network", ("account_id", "vpc_id"), "true"),
)


def build(context: EnrichContext) -> None:
    """Make `vendor_address`, `address_answer` and `claim`: one row a run of answers that say the same of one address.

    Columns: scope (client, instance, network) with its keys, the address, qname, leads_to (vendor id, `gateway/NAME`;
    `other` only where contested), is_contested, is_shared, is_fresh (shared with a name a resolver may still hold),
    is_resolver, valid_from, valid_until, rivals (two of the names that compete).
    """
    query = context.store.query
    window = context.config.settings.dns_window
    query(_IN_ORDER)
    query(_ADDRESSES, {"reach": window})
    query(_ANSWERS, {"reach": 2 * window})
    query(_TABLE)
    for scope in SCOPES:
        words = {"keys": ", ".join(scope.keys), "known": scope.known}
        query(_PAIRS.format(**words))
        query(_MOMENTS.format(**words), {"window": window, "contest": CONTEST})
        query(_JUDGED, {"window": window, "cache": RESOLVER_CACHE})
        query(_CLAIMS.format(**words), {"scope": scope.name})
