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

_ADDRESSES = """
    create or replace temp table vendor_address as
    select distinct a.ip_version, a.ip_hi, a.ip_lo
    from dns_answer as a
    semi join vendor_name as n on n.qname = a.qname
    where a.answered_at >= (select start_at from work_span) - $reach
      and a.answered_at < (select end_at from work_span)
"""
# Names by number, in the order of where they lead: of any set of names the least and the greatest lead elsewhere as
# soon as any two do. `lead_no` 0 is every name that is no vendor's.
_NAMES = """
    create or replace temp table answer_name as
    with led as (
      select distinct
        a.qname,
        coalesce(case when n.vendor_id = 'gateway' then 'gateway/' || n.service else n.vendor_id end, '') as leads_to
      from dns_answer as a
      semi join vendor_address as v on v.ip_version = a.ip_version and v.ip_hi = a.ip_hi and v.ip_lo = a.ip_lo
      left join vendor_name as n on n.qname = a.qname
    )
    select
      qname, row_number() over (order by leads_to, qname) as name_no,
      case when leads_to = '' then 0 else dense_rank() over (order by leads_to) end as lead_no
    from led
"""
_ANSWERS = """
    create or replace temp table address_answer as
    select
      coalesce(h.home_account_id, a.account_id) as account_id, coalesce(h.home_vpc_id, a.vpc_id) as vpc_id,
      a.client_ip, a.instance_id, a.ip_version, a.ip_hi, a.ip_lo, n.name_no, n.lead_no, a.answered_at,
      bool_or(r.client_ip is not null) as is_resolver, max(a.ttl_seconds) as ttl_seconds,
      min(place_of(a.source_id, a.line)) as record
    from dns_answer as a
    semi join vendor_address as v on v.ip_version = a.ip_version and v.ip_hi = a.ip_hi and v.ip_lo = a.ip_lo
    join answer_name as n on n.qname = a.qname
    left join home as h on h.account_id = a.account_id and h.vpc_id = a.vpc_id and h.client_ip = a.client_ip
    left join resolver as r
      on r.day = cast(a.answered_at as date) and r.client_ip = a.client_ip
     and r.account_id = coalesce(h.home_account_id, a.account_id) and r.vpc_id = coalesce(h.home_vpc_id, a.vpc_id)
    where a.answered_at >= (select start_at from work_span) - $reach
      and a.answered_at < (select end_at from work_span)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
# The scope's addresses that a vendor's name was ever answered for, by number: nothing else is of interest.
_PAIRS = """
    insert into scope_pair by name
    select $scope as scope, {keys}, ip_version, ip_hi, ip_lo, $first + row_number() over () as pair_id
    from (
      select distinct {keys}, ip_version, ip_hi, ip_lo
      from address_answer
      where lead_no > 0 and {known}
    )
"""
_TOLD = """
    create or replace temp table scope_answer as
    select
      p.pair_id, a.answered_at, a.name_no, a.lead_no, a.is_resolver, a.record,
      a.answered_at + case when a.ttl_seconds < 0 then $window else greatest($contest, to_seconds(a.ttl_seconds)) end
        as until
    from address_answer as a
    join (select * from scope_pair where scope = $scope) as p using ({keys}, ip_version, ip_hi, ip_lo)
"""
_MOMENTS = """
    create or replace temp table scope_moment as
    select
      pair_id, answered_at, min(name_no) as least_name, max(name_no) as name_no, min(lead_no) as least_lead,
      max(lead_no) as lead_no, min(lead_no) filter (where lead_no > 0) as least_vendor,
      bool_or(is_resolver) as is_resolver, max(until) filter (where lead_no = 0) as other_until
    from scope_answer
    group by pair_id, answered_at
"""
_JUDGED = """
    create or replace temp table scope_judged as
    with told as (
      select
        pair_id, answered_at, lead_no, name_no, is_resolver,
        least(coalesce(lead(answered_at) over so_far, timestamp '9999-01-01'), answered_at + $window) as valid_until,
        min(least_name) over last_minute as least_said, max(name_no) over last_minute as most_said,
        min(least_lead) over last_minute <> max(lead_no) over last_minute as is_contested,
        min(least_name) over in_window as least_heard, max(name_no) over in_window as most_heard,
        min(least_vendor) over in_window <> nullif(max(lead_no) over in_window, 0) as has_two_vendors,
        max(case when least_lead = 0 then answered_at end) over so_far as other_at,
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
        *,
        lead_no > 0 and (coalesce(other_until > answered_at, false) or coalesce(has_two_vendors, false)) as is_shared
      from told
    )
    select
      pair_id, answered_at, lead_no, name_no, is_resolver, valid_until, is_contested, is_shared,
      is_shared and coalesce(other_at >= answered_at - $cache, true) as is_fresh,
      case when is_contested then least_said when is_shared then least_heard end as rival_no,
      case when is_contested then most_said when is_shared then most_heard end as other_rival_no
    from judged
"""
_CLAIMS = """
    insert into claim
    with marked as (
      select
        *, lag(kind) over in_time as kind_before, lag(valid_until) over in_time as until_before
      from (
        select
          *,
          hash(
            name_no, is_contested, is_shared, is_fresh, is_resolver,
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
      where lead_no > 0 or is_contested
    )
    select
      pair_id, any_value(name_no), any_value(lead_no), any_value(is_contested), any_value(is_shared),
      any_value(is_fresh), any_value(is_resolver), min(answered_at), max(valid_until), min(rival_no),
      max(other_rival_no)
    from numbered
    group by pair_id, run
    having max(valid_until) > min(answered_at)
"""
_TABLES = (
    """
    create or replace temp table scope_pair (
      scope varchar, account_id varchar default '', vpc_id varchar default '', client_ip varchar default '',
      instance_id varchar default '', ip_version tinyint, ip_hi bigint, ip_lo bigint, pair_id bigint
    )
    """,
    """
    create or replace temp table claim (
      pair_id bigint, name_no bigint, lead_no bigint, is_contested boolean, is_shared boolean, is_fresh boolean,
      is_resolver boolean, valid_from timestamp, valid_until timestamp, rival_no bigint, other_rival_no bigint
    )
    """,
    """
    create or replace temp table vendor_answer (
      pair_id bigint, name_no bigint, answered_at timestamp, record bigint
    )
    """,
)
_VENDOR_ANSWERS = """
    insert into vendor_answer
    select pair_id, name_no, answered_at, min(record)
    from scope_answer
    where lead_no > 0
    group by pair_id, name_no, answered_at
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
    """Make `claim`: one row a run of answers that say the same of one scope's address, `scope_pair`.

    A pair is a scope (client, instance, network) with its keys and an address. Columns of a claim: name_no of
    `answer_name`, lead_no (0 only where contested), is_contested, is_shared, is_fresh (shared with a name a resolver
    may still hold), is_resolver, valid_from, valid_until, and the numbers of two names that compete. `vendor_answer`
    has the answers themselves; `record` is object and line in one number.
    """
    query = context.store.query
    window = context.config.settings.dns_window
    query(_ADDRESSES, {"reach": window})
    query(_NAMES)
    query(_ANSWERS, {"reach": 2 * window})
    for table in _TABLES:
        query(table)
    for number, scope in enumerate(SCOPES):
        words = {"keys": ", ".join(scope.keys), "known": scope.known}
        query(_PAIRS.format(**words), {"scope": scope.name, "first": number << 40})
        query(_TOLD.format(**words), {"scope": scope.name, "window": window, "contest": CONTEST})
        query(_MOMENTS)
        query(_JUDGED, {"window": window, "cache": RESOLVER_CACHE})
        query(_CLAIMS, {"scope": scope.name})
        query(_VENDOR_ANSWERS)
