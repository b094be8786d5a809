"""Which UTC days have to be rolled up again, and the promise that a day is replaced whole.

A day is made again when collection marked it (`dirty_day`), when an address, interface or instance seen on it goes by
another subject than before, or, all of them, when anything else the roll-ups rest on changed: catalogue, DNS window,
gateways, transit assets, names led to a vendor by CNAME, how networks are spelt. A day whose base rows retention took
away keeps what it has.
"""

import hashlib

from shadowscan.enrich.context import EnrichContext

FORMULATION = "5"  # raise when a roll-up's SQL changes its answers: every day is then made again
DIGEST_NAME = "enrich_digest"

_BASIS = """
    select
      (select coalesce(bit_xor(hash(kind, account_id, vpc_id, address, asset_id)), 0)
       from asset
       where kind in ('nat_gateway', 'load_balancer')) as transit,
      (select coalesce(bit_xor(hash(qname, host)), 0)
       from vendor_name
       where qname <> host) as chains,
      (select coalesce(bit_xor(hash(account_id, vpc_id, logged_account_id, logged_vpc_id)), 0)
       from network_spelling) as networks
"""
_CHANGED = """
    create or replace temp table changed_link as
    with now_link as (
      select subject_id, kind, value, valid_from, valid_until
      from subject_link
    ),
    differing as (
      (select kind, value, subject_id, valid_from, valid_until from old_link
       except
       select kind, value, subject_id, valid_from, valid_until from now_link)
      union all
      (select kind, value, subject_id, valid_from, valid_until from now_link
       except
       select kind, value, subject_id, valid_from, valid_until from old_link)
    )
    select distinct kind, value
    from differing
    where kind in ('address', 'eni', 'instance')
"""
# What a name stood for on a day, before and now: an address that changed hands today leaves last week alone.
_MOVED = """
    create or replace temp table moved_day as
    with shown as (
      select distinct day, 'address' as kind, account_id || '/' || vpc_id || '/' || client_ip as value
      from workload_day
      union
      select day, 'eni', interface_id
      from workload_day
      union
      select day, 'instance', instance_id
      from workload_day
    ),
    told as (
      select true as is_new, subject_id, kind, value, valid_from, valid_until
      from subject_link
      union all
      select false, subject_id, kind, value, valid_from, valid_until
      from old_link
    ),
    held as (
      select
        s.day, s.kind, s.value, t.is_new,
        hash(
          t.subject_id, greatest(coalesce(t.valid_from, cast(s.day as timestamp)), cast(s.day as timestamp)),
          least(coalesce(t.valid_until, s.day + interval 1 day), s.day + interval 1 day)
        ) as stand
      from shown as s
      join changed_link as c on c.kind = s.kind and c.value = s.value
      left join told as t
        on t.kind = s.kind and t.value = s.value
       and coalesce(t.valid_from, cast(s.day as timestamp)) < s.day + interval 1 day
       and coalesce(t.valid_until, s.day + interval 1 day) > s.day
    )
    select day
    from held
    group by day, kind, value
    having coalesce(bit_xor(stand) filter (where is_new), 0) <> coalesce(bit_xor(stand) filter (where not is_new), 0)
"""
_WORK_DAYS = """
    create or replace temp table work_day as
    with reason as (
      select day
      from moved_day
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
      union
      select cast(called_at as date)
      from model_call
      where $everything
    )
    select day
    from reason
    where day not in (select day from spent_day)
    union
    select day
    from dirty_day
"""
# Days that logs once showed and whose rows are gone: made again, they would be lost.
_SPENT = """
    create or replace temp table spent_day as
    with held as (
      select 'flow' as seen_in, cast(started_at as date) as day
      from flow
      where $looks
      group by cast(started_at as date)
      union all
      select 'dns_query', cast(queried_at as date)
      from dns_query
      where $looks
      group by cast(queried_at as date)
      union all
      select 'tls_connection', cast(started_at as date)
      from tls_connection
      where $looks
      group by cast(started_at as date)
    )
    select distinct w.day
    from workload_day as w
    where $looks and (w.seen_in, w.day) not in (select (seen_in, day) from held)
"""
_BOUNDS = """
    create or replace temp table work_span as
    select
      cast(min(day) as timestamp) as start_at, cast(max(day) as timestamp) + interval 1 day as end_at
    from work_day
"""


def open_days(context: EnrichContext) -> int:
    """Fill temp tables `work_day` (day) and `work_span` (start_at, end_at); the number of days to make again."""
    everything = _stored_digest(context) != basis_digest(context)
    for statement in (_CHANGED, _MOVED):
        context.store.query(statement)
    moved = bool(context.store.query("select 1 from moved_day limit 1").rows)
    context.store.query(_SPENT, {"looks": everything or moved})
    context.store.query(_WORK_DAYS, {"everything": everything})
    context.store.query(_BOUNDS)
    return int(context.store.query("select count(*) from work_day").rows[0][0])


def close_days(context: EnrichContext) -> None:
    """Say that every open day is made: no day dirty, the digest kept. Belongs in the roll-ups' own transaction."""
    context.store.query("delete from dirty_day")
    context.store.query(
        "insert or replace into setting values ($name, $value)", {"name": DIGEST_NAME, "value": basis_digest(context)}
    )


def basis_digest(context: EnrichContext) -> str:
    """Digest of everything but evidence and subjects that the daily roll-ups depend on, 32 hex digits."""
    gateways = "|".join(gateway.model_dump_json() for gateway in context.policy.gateways)
    expected = "|".join(",".join(context.policy.gateway_vendors(gateway)) for gateway in context.policy.gateways)
    facts = (FORMULATION, context.catalog.digest, context.config.settings.dns_window, gateways, expected)
    text = "\n".join(str(part) for part in (*facts, *context.store.query(_BASIS).rows[0]))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _stored_digest(context: EnrichContext) -> str:
    rows = context.store.query("select value from setting where name = $name", {"name": DIGEST_NAME}).rows
    return str(rows[0][0]) if rows else ""
