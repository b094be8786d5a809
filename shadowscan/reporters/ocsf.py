"""`--format ocsf`: OCSF 1.3 Detection Findings (class 2004), one a line, for security lakes and SIEMs.

https://schema.ocsf.io/1.3.0/classes/detection_finding
"""

from datetime import UTC, datetime

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.report import Report
from shadowscan.model.severity import Confidence, Severity
from shadowscan.reporters._document import Json, dump_json, finding_document, sorted_findings
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters.interface import RenderOptions

CLASS = 2004
SEVERITY_IDS = {Severity.INFO: 1, Severity.LOW: 2, Severity.MEDIUM: 3, Severity.HIGH: 4, Severity.CRITICAL: 5}
CONFIDENCE_IDS = {Confidence.LOW: 1, Confidence.MEDIUM: 2, Confidence.HIGH: 3}
ACTIVITIES = {"new": (1, "Create"), "unchanged": (2, "Update"), "updated": (2, "Update"), "resolved": (3, "Close")}
NEW, SUPPRESSED, RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")


class OcsfReporter:
    """JSON lines of class `detection_finding`."""

    id = "ocsf"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Findings and leads, worst first."""
        return "".join(f"{dump_json(_event(finding, audit))}\n" for finding in sorted_findings(audit)).encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: OCSF has findings, not figures."""
        raise no_report(self.id)


def _event(finding: Finding, audit: Audit) -> Json:
    activity_id, activity = ACTIVITIES[finding.state]
    status_id, status = _status(finding)
    return {
        "activity_id": activity_id,
        "activity_name": activity,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + activity_id,
        "type_name": f"Detection Finding: {activity}",
        # The event's own time, so that the same findings give the same bytes; only one never seen takes the run's.
        "time": _epoch(finding.last_seen_at or finding.first_seen_at or audit.run.finished_at),
        "severity_id": SEVERITY_IDS[finding.severity],
        "severity": "Informational" if finding.severity is Severity.INFO else finding.severity.value.capitalize(),
        "confidence_id": CONFIDENCE_IDS[finding.confidence],
        "confidence": finding.confidence.value.capitalize(),
        "status_id": status_id,
        "status": status,
        "message": finding.message,
        "count": max(finding.event_count, 1),
        "metadata": _metadata(audit),
        "finding_info": _finding_info(finding),
        "resources": [_resource(finding)],
        "evidences": [{"data": evidence} for evidence in finding_document(finding)["evidence"]],
        "remediation": {"desc": finding.remediation, "references": list(finding.references)},
        "unmapped": _unmapped(finding, audit),
    }


def _status(finding: Finding) -> tuple[int, str]:
    if finding.state == "resolved":
        return RESOLVED
    return SUPPRESSED if finding.suppressed or finding.baselined else NEW


def _metadata(audit: Audit) -> Json:
    product = {"name": audit.tool.name, "vendor_name": audit.tool.name, "version": audit.tool.version}
    return {"version": "1.3.0", "product": product}


def _finding_info(finding: Finding) -> Json:
    times = {"first_seen_time": finding.first_seen_at, "last_seen_time": finding.last_seen_at}
    return {
        "uid": finding.fingerprint,
        "title": finding.title,
        "desc": finding.message,
        "types": [finding.type],
        **{name: _epoch(moment) for name, moment in times.items() if moment},
        "analytic": {"uid": finding.rule_id, "name": finding.rule_id, "version": finding.rule_version}
        | {"type_id": 1, "type": "Rule"},
    }


def _resource(finding: Finding) -> Json:
    subject = finding.subject
    owner = {"owner": {"name": finding.owner.team}} if finding.owner.team else {}
    data = {"account_id": subject.account_id, "vpc_id": subject.vpc_id}
    return {"uid": subject.id, "name": subject.label, "type": subject.kind, "data": data, **owner}


def _unmapped(finding: Finding, audit: Audit) -> Json:
    document = finding_document(finding)
    kept = (
        "vendor",
        "region",
        "owner",
        "locations",
        "cost",
        "bytes_out",
        "bytes_in",
        "fix",
        "triage",
        "aliases",
        "tags",
    )
    contact = dict(audit.contacts).get(finding.owner.team or "")
    return {**{key: document[key] for key in kept}, **({"contact": contact} if contact else {})}


def _epoch(moment: datetime) -> int:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return int(aware.timestamp() * 1000)


REPORTER = OcsfReporter()
