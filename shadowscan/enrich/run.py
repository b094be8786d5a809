"""All enrichment steps, in the one order that gives each what it rests on."""

from shadowscan.enrich import (
    code,
    daily,
    gateways,
    hunt,
    keys,
    networks,
    owners,
    policy_tables,
    regions,
    relay,
    spend,
    subjects,
    traffic_account,
    vendors,
)
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.apply import apply_owner
from shadowscan.enrich.status import apply_status
from shadowscan.enrich.vendors import GATEWAY

_NOT_JUDGED = """
    update {table}
    set status = $status, status_reason = $reason, status_confidence = 'high'
    where vendor_id = $vendor
"""


def enrich(context: EnrichContext) -> None:
    """Make every dimension and view of the store anew where it is out of date. Same store, same result."""
    for step in (policy_tables, networks, vendors, subjects, owners, daily, keys, code, gateways, relay, spend):
        context.progress.step("enrich", step.__name__.rpartition(".")[2])
        step.build(context)
    for table in ("llm_egress", "llm_lookup"):
        apply_owner(context, table)
        judge_use(context, table)
    for step in (traffic_account, regions, hunt):
        context.progress.step("enrich", step.__name__.rpartition(".")[2])
        step.build(context)
    for table in ("llm_region", "llm_hunt", "llm_gateway"):
        apply_owner(context, table)


def judge_use(context: EnrichContext, table: str) -> None:
    """Policy status of a daily view: the gateway is approved by being named one, a contested name is not judged."""
    apply_status(context, table, "first_seen_at")
    for vendor, status, reason in (
        (GATEWAY, "approved", "the approved gateway"),
        ("unknown", "unknown", "two names compete for the address"),
    ):
        parameters: dict[str, object] = {"vendor": vendor, "status": status, "reason": reason}
        context.store.query(_NOT_JUDGED.format(table=table), parameters)
