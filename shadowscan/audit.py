"""The audit of a run, put together from what the rooms gave."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shadowscan import __version__
from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.coverage import coverage
from shadowscan.inputs import Inputs
from shadowscan.model.audit import Audit, InventoryItem, ResidencyItem, Run, Tool
from shadowscan.model.finding import Finding
from shadowscan.model.outcome import Failed, Partial, RuleFailed, RuleReport, SourceReport
from shadowscan.model.owner import UNOWNED, Owner, OwnerEvidence
from shadowscan.redact import read_names, redact
from shadowscan.store.connection import Store


def build_audit(
    context: EnrichContext,
    inputs: Inputs,
    sources: Sequence[SourceReport],
    findings: Sequence[Finding],
    rules: Sequence[RuleReport],
    *,
    targets_only: bool,
) -> Audit:
    """One finished document; writes the run's row. `targets_only` keeps the inventory to this run's sources."""
    finished_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    scope = sorted({key for source in sources for key in source.source_ids}) if targets_only else None
    is_whole = not any(isinstance(source.outcome, Partial | Failed) for source in sources)
    complete = is_whole and not any(isinstance(rule.outcome, RuleFailed) for rule in rules)
    audit = Audit(
        tool=_tool(inputs),
        run=Run(inputs.run_id, inputs.started_at, finished_at, inputs.request.window, inputs.request.engine, complete),
        sources=tuple(sorted(sources, key=lambda source: (source.target, source.format))),
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        coverage=tuple(coverage(context)),
        findings=tuple(findings),
        inventory=read_inventory(context.store, scope),
        residency=read_residency(context.store, scope),
        contacts=_contacts(inputs),
    )
    _remember(context.store, audit)
    return redact(audit, read_names(context.store)) if inputs.request.redact_people else audit


def _contacts(inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """How the declared teams are reached; with people redacted no addresses of theirs."""
    said = ((team.name, team.contact) for team in inputs.owners.teams if team.contact)
    return tuple(sorted(pair for pair in said if "@" not in pair[1][1:] or not inputs.request.redact_people))


def _tool(inputs: Inputs) -> Tool:
    return Tool(
        name="shadowscan",
        version=__version__,
        ruleset_digest=inputs.pack.digest,
        catalog_version=inputs.catalog.version,
        policy_digest=inputs.policy.digest,
    )


def _remember(store: Store, audit: Audit) -> None:
    store.query(
        "insert into run values ($id, $started, $finished, $complete, $document)",
        {
            "id": audit.run.id,
            "started": audit.run.started_at,
            "finished": audit.run.finished_at,
            "complete": audit.run.complete,
            "document": json.dumps({"policy_digest": audit.tool.policy_digest, "findings": len(audit.findings)}),
        },
    )


def read_inventory(store: Store, scope: Sequence[int] | None) -> tuple[InventoryItem, ...]:
    """All LLM use, approved too, by its worst status: traffic (sign-in, docs and the like too), then code.

    `scope` limits it to rows resting on these ledger ids.
    """
    rows = store.query(
        """
        with used as (
          select
            subject_id, vendor_id, service, status, via, region, bytes_out, flow_count as events,
            first_seen_at, last_seen_at, evidence_ref
          from llm_egress
          where action = 'accept' and vendor_id <> 'unknown'
          union all
          select
            repo, vendor_id, service, status, case when via in ('gateway', 'direct') then via else 'unknown' end,
            region, 0, signal_count, first_seen_at, last_seen_at, evidence_ref
          from llm_code
        )
        select
          u.subject_id, u.vendor_id, u.service,
          min_by(u.status, list_position(['denied', 'unapproved', 'expired', 'in_review', 'approved'], u.status))
            as status,
          u.via, coalesce(min(nullif(u.region, 'unknown')), 'unknown') as region,
          cast(sum(u.bytes_out) as bigint), cast(sum(u.events) as bigint), min(u.first_seen_at), max(u.last_seen_at)
        from used as u
        where $everything
          or exists (
            select 1 from evidence_source as e
            where e.evidence_ref = u.evidence_ref and list_contains($scope, e.source_id)
          )
        group by u.subject_id, u.vendor_id, u.service, u.via
        order by u.vendor_id, u.subject_id, u.service, u.via
        """,
        {"everything": scope is None, "scope": list(scope or ())},
    ).rows
    owners = read_owners(store)
    return tuple(_inventory_item(row, owners) for row in rows)


def _inventory_item(row: tuple[Any, ...], owners: dict[str, Owner]) -> InventoryItem:
    subject, vendor, service, status, via, region, bytes_out, events, first, last = row
    owner = owners.get(subject, UNOWNED)
    return InventoryItem(subject, vendor, service, status, via, owner, region, bytes_out, events, first, last)


def read_residency(store: Store, scope: Sequence[int] | None) -> tuple[ResidencyItem, ...]:
    """Every judged subject and route, passes too."""
    rows = store.query(
        """
        select r.subject_id, r.vendor_id, r.route, r.region, r.region_evidence, r.verdict, r.why, r.missing
        from llm_region as r
        where $everything
          or exists (
            select 1 from evidence_source as e
            where e.evidence_ref = r.evidence_ref and list_contains($scope, e.source_id)
          )
        order by r.vendor_id, r.subject_id, r.route
        """,
        {"everything": scope is None, "scope": list(scope or ())},
    ).rows
    return tuple(ResidencyItem(*row) for row in rows)


def read_owners(store: Store) -> dict[str, Owner]:
    """The owner of every subject, with its chain of evidence."""
    rows = store.query(
        "select subject_id, team, owner_status, owner_confidence, decided_by, owner_evidence from subject"
    ).rows
    return {
        subject: Owner(
            team=None if team == "unknown" else team,
            status=status,
            confidence=confidence,
            decided_by=decided_by,
            evidence=tuple(OwnerEvidence(**entry) for entry in json.loads(evidence)),
        )
        for subject, team, status, confidence, decided_by, evidence in rows
    }
