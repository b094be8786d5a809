"""All enrichment steps, in the one order that gives each what it rests on."""

from collections.abc import Sequence
from types import ModuleType

from shadowscan.enrich import (
    code,
    daily,
    gateways,
    growth,
    hunt,
    keys,
    networks,
    owners,
    policy_tables,
    regions,
    relay,
    relay_tie,
    seen,
    spend,
    subjects,
    traffic_account,
    unchanged,
    unknown_teams,
    vendors,
)
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.apply import apply_owner
from shadowscan.enrich.owner.build import decide
from shadowscan.enrich.payers import disown_payers
from shadowscan.enrich.status import apply_status
from shadowscan.enrich.vendors import GATEWAY

ACCOUNT = "'account:' || vendor_id || '/' || vendor_account_id"


_NOT_JUDGED = """
    update {table}
    set status = $status, status_reason = $reason, status_confidence = 'high'
    where vendor_id = $vendor
"""
_ACCOUNTS = "select subject_id from subject where kind = 'account' order by subject_id"


def enrich(context: EnrichContext) -> None:
    """Make every dimension and view of the store anew where it is out of date. Same store, same result."""
    _build(context, (policy_tables,))
    if unchanged.holds(context):
        _build(context, (unknown_teams,))
        return
    _build(context, (seen, networks, vendors, subjects, daily))
    subjects.list_used(context)
    _build(context, (owners,))
    for table in ("llm_egress", "llm_lookup"):
        apply_owner(context, table)
        judge_use(context, table)
    apply_owner(context, "llm_call")
    _build(context, (keys, code, gateways, relay, spend))
    _judge_repositories_and_accounts(context)
    _build(context, (growth, traffic_account, regions, hunt))
    for table in ("llm_region", "llm_hunt", "llm_gateway"):
        apply_owner(context, table)
    _build(context, (relay_tie, unknown_teams))
    unchanged.remember(context)


def judge_use(context: EnrichContext, table: str) -> None:
    """Policy status of a daily view: the gateway is approved by being named one, a contested name is not judged."""
    apply_status(context, table, "first_seen_at")
    for vendor, status, reason in (
        (GATEWAY, "approved", "the approved gateway"),
        ("unknown", "unknown", "two names compete for the address"),
    ):
        parameters: dict[str, object] = {"vendor": vendor, "status": status, "reason": reason}
        context.store.query(_NOT_JUDGED.format(table=table), parameters)


def _judge_repositories_and_accounts(context: EnrichContext) -> None:
    """Owner and status where the subject is a repository or a vendor account."""
    accounts = [str(row[0]) for row in context.store.query(_ACCOUNTS).rows]
    if accounts:
        decide(context, accounts)
        disown_payers(context)
    for table, subject in (("llm_key", "repo"), ("llm_code", "repo"), ("llm_spend", ACCOUNT)):
        apply_owner(context, table, subject)
    for table in ("llm_key", "llm_code"):
        apply_status(context, table, "last_seen_at")
    apply_status(context, "llm_spend", "first_seen_at", "vendor_account_id")


def _build(context: EnrichContext, steps: Sequence[ModuleType]) -> None:
    for step in steps:
        context.progress.step("enrich", step.__name__.rpartition(".")[2])
        step.build(context)
