"""Whether everything that enrichment rests on is as it was: then every view is as it was, and nothing is read again.

Views depend on what was collected (the ledger, and rows no ledger entry stands for), on catalogue, policy, owners and
settings, and on the day of the audit, by which approvals and owners' entries expire.
"""

import hashlib

from shadowscan import __version__
from shadowscan.enrich import rollup, seen
from shadowscan.enrich.context import EnrichContext
from shadowscan.schema import tables_of

EDITION = "1"  # raise when a view's SQL changes its answers within one version
SETTING = "enrich_basis"

_LEDGER = """
    select
      (select coalesce(bit_xor(hash(source_id, object, digest, version, state, rows)), 0) from source_object),
      (select count(*) from git_object),
      (select count(*) from dirty_day)
"""


def holds(context: EnrichContext) -> bool:
    """Whether the last enrichment of this store rested on the same, and was finished."""
    rows = context.store.query("select value from setting where name = $name", {"name": SETTING}).rows
    return rows == [(_basis(context),)]


def remember(context: EnrichContext) -> None:
    """Say what this enrichment rests on. Call when every view is made."""
    parameters = {"name": SETTING, "value": _basis(context)}
    context.store.query("insert or replace into setting values ($name, $value)", parameters)


def _basis(context: EnrichContext) -> str:
    query = context.store.query
    # Row counts are kept by the engine: no table is read for them.
    counts = [query(f'select count(*) from "{table.name}"').rows[0][0] for table in tables_of("base")]  # noqa: S608
    words = (__version__, EDITION, rollup.FORMULATION, seen.FORMULATION, context.catalog.digest, context.as_of.date())
    written = (context.policy.is_given, context.policy.model_dump_json(), context.owners.model_dump_json())
    parts = (*words, *written, context.config.digest, *query(_LEDGER).rows[0], *counts)
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:32]
