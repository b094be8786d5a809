"""The audit and report documents of CONTRACT sections 2 and 5, as JSON-ready values.

Every key is always there, so that a script never has to ask; the key order is the contract's.
"""

import json
import re
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never

from shadowscan.model.audit import Audit, InventoryItem, ResidencyItem
from shadowscan.model.finding import CodeLocation, Cost, Finding
from shadowscan.model.outcome import (
    Collected,
    Evaluated,
    Failed,
    NotEvaluable,
    Outcome,
    Partial,
    RuleFailed,
    RuleOutcome,
    RuleReport,
    Skipped,
    SourceReport,
)
from shadowscan.model.owner import Owner
from shadowscan.model.report import Report
from shadowscan.model.severity import Severity
from shadowscan.reporters._text import rfc3339

Json = dict[str, Any]

# Lone surrogates, C1 controls, line separators and direction overrides: legal inside JSON strings, but a terminal or
# a line reader takes them for something else.
UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def audit_document(audit: Audit) -> Json:
    """The whole audit under `shadowscan.audit/1`, every list sorted."""
    audit = ordered(audit)
    return {
        "schema": "shadowscan.audit/1",
        "tool": asdict(audit.tool),
        "run": _run(audit),
        "sources": [_source(source) for source in audit.sources],
        "rules": [_rule(rule) for rule in audit.rules],
        "coverage": [
            {"blind_spot": spot.blind_spot, "why": spot.why, "affects": sorted(spot.affects)} for spot in audit.coverage
        ],
        "summary": summary(audit.findings),
        "findings": [finding_document(finding) for finding in audit.findings],
        "inventory": [_inventory(item) for item in audit.inventory],
        "residency": [asdict(item) for item in audit.residency],
    }


def ordered(audit: Audit) -> Audit:
    """The audit with every list in the one order all formats use, whatever order it was made in."""
    return replace(
        audit,
        sources=tuple(sorted(audit.sources, key=lambda source: (source.target, source.format))),
        rules=tuple(sorted(audit.rules, key=lambda rule: rule.id)),
        coverage=tuple(sorted(audit.coverage, key=lambda spot: (spot.blind_spot, spot.why))),
        findings=tuple(sorted_findings(audit)),
        inventory=tuple(sorted(audit.inventory, key=_inventory_key)),
        residency=tuple(sorted(audit.residency, key=_residency_key)),
    )


def sorted_findings(audit: Audit) -> list[Finding]:
    """Worst first, in the one order every format uses."""
    return sorted(audit.findings, key=lambda finding: finding.sort_key)


def summary(findings: tuple[Finding, ...]) -> Json:
    """How many findings count, by severity, team and vendor: what an exit code rests on, and no lead."""
    counting = [finding for finding in findings if finding.counts]
    severities = Counter(finding.severity for finding in counting)
    teams = Counter(finding.owner.team or "unknown" for finding in counting)
    vendors = Counter(finding.vendor.id if finding.vendor else "unknown" for finding in counting)
    return {
        "findings": {severity.value: severities[severity] for severity in Severity},
        "by_team": dict(sorted(teams.items())),
        "by_vendor": dict(sorted(vendors.items())),
    }


def finding_document(finding: Finding) -> Json:
    """One entry of `findings`."""
    return {
        **_what(finding),
        **_standing(finding),
        "vendor": finding.vendor and {**asdict(finding.vendor), "services": sorted(finding.vendor.services)},
        "region": finding.region and asdict(finding.region),
        "owner": _owner(finding.owner),
        "subject": asdict(finding.subject),
        "locations": [_location(location) for location in finding.locations],
        "first_seen_at": _time(finding.first_seen_at),
        "last_seen_at": _time(finding.last_seen_at),
        "event_count": finding.event_count,
        "bytes_out": finding.bytes_out,
        "bytes_in": finding.bytes_in,
        "cost": finding.cost and _cost(finding.cost),
        "evidence": [asdict(evidence) for evidence in finding.evidence],
        "remediation": finding.remediation,
        "fix": finding.fix and _lists(asdict(finding.fix)),
        "references": list(finding.references),
        "tags": list(finding.tags),
    }


def report_document(report: Report) -> Json:
    """A report under `shadowscan.report/1`: its figures by name, then the sections as drawn."""
    return {
        "schema": "shadowscan.report/1",
        "report": report.name,
        "period": asdict(report.period),
        "previous": {"start": report.previous.start, "end": report.previous.end},
        "currency": report.currency,
        **report.figures,
        "sections": [
            {"title": section.title, "columns": section.columns, "rows": section.rows} for section in report.sections
        ],
    }


def dump_json(document: Json, *, indent: int | None = None) -> str:
    """JSON text in which no string can act on a terminal or break a line; Decimals are strings, times RFC 3339."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(document, ensure_ascii=False, indent=indent, separators=separators, default=plain_value)
    return UNSAFE.sub(_escape, text)


def plain_value(value: object) -> object:
    """A value as documents write it: Decimals as exact strings, times as RFC 3339, the rest as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | tuple | dict):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a document")


def outcome_state(outcome: Outcome) -> str:
    """The contract's word for what became of a source."""
    match outcome:
        case Collected():
            return "collected"
        case Partial():
            return "partial"
        case Skipped():
            return "skipped"
        case Failed():
            return "failed"
        case _:
            assert_never(outcome)


def _what(finding: Finding) -> Json:
    return {
        "fingerprint": finding.fingerprint,
        "aliases": sorted(finding.aliases),
        "rule_id": finding.rule_id,
        "rule_version": finding.rule_version,
        "type": finding.type,
        "title": finding.title,
        "message": finding.message,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
    }


def _standing(finding: Finding) -> Json:
    return {
        "state": finding.state,
        "not_rechecked": finding.not_rechecked,
        "baselined": finding.baselined,
        "suppressed": finding.suppressed and asdict(finding.suppressed),
        "triage": finding.triage and asdict(finding.triage),
    }


def _run(audit: Audit) -> Json:
    run = audit.run
    return {
        "id": run.id,
        "started_at": _time(run.started_at),
        "finished_at": _time(run.finished_at),
        "window": {"start": _time(run.window.start), "end": _time(run.window.end)},
        "engine": run.engine,
        "complete": run.complete,
    }


def _source(source: SourceReport) -> Json:
    outcome = source.outcome
    tables, rejected = (outcome.tables, outcome.rejected) if isinstance(outcome, Collected | Partial) else ({}, 0)
    return {
        "target": source.target,
        "format": source.format,
        "tables": dict(sorted(tables.items())),
        "state": outcome_state(outcome),
        "rejected": rejected,
        "first_at": _time(source.first_at),
        "last_at": _time(source.last_at),
        "reason": outcome.reason,
    }


def _rule(rule: RuleReport) -> Json:
    return {"id": rule.id, "version": rule.version, "type": rule.type, **_rule_outcome(rule.outcome)}


def _rule_outcome(outcome: RuleOutcome) -> Json:
    match outcome:
        case Evaluated(findings, considered):
            return {"state": "evaluated", "findings": findings, "rows_considered": considered, "reason": ""}
        case NotEvaluable(reason):
            return {"state": "not_evaluable", "findings": 0, "rows_considered": 0, "reason": reason}
        case RuleFailed(reason):
            return {"state": "failed", "findings": 0, "rows_considered": 0, "reason": reason}
        case _:
            assert_never(outcome)


def _owner(owner: Owner) -> Json:
    return _lists(asdict(owner))


def _location(location: CodeLocation) -> Json:
    return {**asdict(location), "committed_at": _time(location.committed_at)}


def _cost(cost: Cost) -> Json:
    return {"amount": format(cost.amount, "f"), "currency": cost.currency}


def _inventory(item: InventoryItem) -> Json:
    seen = {"first_seen_at": _time(item.first_seen_at), "last_seen_at": _time(item.last_seen_at)}
    return {**asdict(item), "owner": _owner(item.owner), **seen}


def _inventory_key(item: InventoryItem) -> tuple[str, ...]:
    return (item.subject, item.vendor, item.service, item.via, item.region, item.status)


def _residency_key(item: ResidencyItem) -> tuple[str, ...]:
    return (item.subject, item.vendor, item.route, item.region, item.verdict)


def _lists(value: Json) -> Json:
    return {key: list(part) if isinstance(part, tuple) else part for key, part in value.items()}


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return "\\ufffd" if "\ud800" <= char <= "\udfff" else f"\\u{ord(char):04x}"
