"""Which UTC days have to be rolled up again, and the promise that a day is replaced whole.

A day is made again when collection marked it (`dirty_day`), or when anything the roll-ups rest on changed: catalogue,
DNS window, gateways, the names subjects go by, transit assets. Days whose base rows retention took away keep theirs.
"""

import hashlib

from shadowscan.enrich.context import EnrichContext

FORMULATION = "1"  # raise when a roll-up's SQL changes its answers: every day is then made again
DIGEST_NAME = "enrich_digest"

_BASIS = """
    select
      (select coalesce(bit_xor(hash(subject_id, kind, value, valid_from, valid_until)), 0)
       from subject_link
       where subject_id <> value) as links,
      (select coalesce(bit_xor(hash(kind, account_id, vpc_id, address, asset_id)), 0)
       from asset
       where kind in ('nat_gateway', 'load_balancer')) as transit
"""

_WORK_DAYS = """
    create or replace temp table work_day as
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
"""

_BOUNDS = """
    create or replace temp table work_span as
    select
      cast(min(day) as timestamp) as start_at,
      cast(max(day) as timestamp) + interval 1 day as end_at
    from work_day
"""


def open_days(context: EnrichContext) -> int:
    """Fill temp tables `work_day` (day) and `work_span` (start_at, end_at); the number of days to make again."""
    everything = _stored_digest(context) != basis_digest(context)
    context.store.query(_WORK_DAYS, {"everything": everything})
    context.store.query(_BOUNDS)
    return int(context.store.query("select count(*) from work_day").rows[0][0])


def close_days(context: EnrichContext) -> None:
    """Say that every open day is made: no day dirty, the digest kept. Belongs in the roll-ups' own transaction."""
    context.store.query("delete from dirty_day")
    context.store.query("delete from setting where name = $name", {"name": DIGEST_NAME})
    context.store.query(
        "insert into setting values ($name, $value)", {"name": DIGEST_NAME, "value": basis_digest(context)}
    )


def basis_digest(context: EnrichContext) -> str:
    """Digest of everything but the evidence itself that the daily roll-ups depend on, 32 hex digits."""
    gateways = "|".join(gateway.model_dump_json() for gateway in context.policy.gateways)
    expected = "|".join(",".join(context.policy.gateway_vendors(gateway)) for gateway in context.policy.gateways)
    links, transit = context.store.query(_BASIS).rows[0]
    window = context.config.settings.dns_window
    text = "\n".join(str(p) for p in (FORMULATION, context.catalog.digest, window, gateways, expected, links, transit))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _stored_digest(context: EnrichContext) -> str:
    rows = context.store.query("select value from setting where name = $name", {"name": DIGEST_NAME}).rows
    return str(rows[0][0]) if rows else ""
