"""Findings as flat rows, for formats that are tables."""

from typing import Any

from shadowscan.model.finding import CodeLocation, Finding, Subject
from shadowscan.model.severity import Confidence, Severity
from shadowscan.reporters._document import finding_document, plain_value
from shadowscan.reporters._text import spreadsheet_cell

NO_LOCATION = CodeLocation("", "", 0, None, "", None, False)


def finding_row(finding: Finding) -> dict[str, object]:
    """One row a finding, safe for spreadsheets; the first location stands for all, `locations` counts them."""
    document = finding_document(finding)
    row = {
        **_part(document, "", "severity", "confidence", "type", "state", "rule_id", "title", "message"),
        "team": finding.owner.team or "unknown",
        "owner_status": finding.owner.status,
        "owner_confidence": finding.owner.confidence,
        "owner_decided_by": finding.owner.decided_by,
        **_part(document["vendor"], "vendor_", "id", "name", "services", "status"),
        **_part(document["region"], "region_", "region", "group", "evidence", "verdict"),
        **_part(document["subject"], "subject_", "kind", "id", "label"),
        **_part(document["subject"], "", "account_id", "vpc_id"),
        **_place(finding),
        **_part(document, "", "first_seen_at", "last_seen_at", "event_count", "bytes_out", "bytes_in"),
        **_part(document["cost"], "cost_", "amount", "currency"),
        "baselined": "yes" if finding.baselined else "no",
        **_part(document["suppressed"], "suppressed_", "reason", "by", "expires"),
        **_part(document["triage"], "triage_", "status", "by", "note"),
        **_part(document, "", "not_rechecked", "remediation", "tags", "references", "fingerprint"),
    }
    return {column: spreadsheet_cell(value) for column, value in row.items()}


def report_cell(value: object) -> object:
    """A cell of a report: empty for None, exact for money, ISO for times."""
    return "" if value is None else spreadsheet_cell(plain_value(value))


def _place(finding: Finding) -> dict[str, object]:
    first = finding.locations[0] if finding.locations else NO_LOCATION
    return {
        "repo": first.repo,
        "path": first.path,
        "line": first.line or "",
        "commit": first.commit or "",
        "locations": len(finding.locations),
    }


def _part(document: dict[str, Any] | None, prefix: str, *keys: str) -> dict[str, object]:
    values = document or {}
    return {f"{prefix}{key}": _flat(values.get(key)) for key in keys}


def _flat(value: object) -> object:
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _blank() -> Finding:
    return Finding(
        fingerprint="",
        rule_id="",
        rule_version="",
        type="finding",
        title="",
        message="",
        severity=Severity.INFO,
        confidence=Confidence.LOW,
        subject=Subject("workload", "", ""),
        first_seen_at=None,
        last_seen_at=None,
        event_count=0,
        remediation="",
    )


FINDING_COLUMNS = tuple(finding_row(_blank()))
