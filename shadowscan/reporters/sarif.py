"""`--format sarif`: SARIF 2.1.0 for code scanning and viewers.

Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, section numbers (§) below are its own. What
GitHub reads of it: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support.
"""

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding, Suppression
from shadowscan.model.report import Report
from shadowscan.reporters._document import Json, dump_json, finding_document, sorted_findings
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._sarif_notes import NOTIFICATIONS, configuration_notes, execution_notes
from shadowscan.reporters._sarif_rules import LEVELS, SECURITY_SEVERITY, driver_rules
from shadowscan.reporters._text import relative_uri, rfc3339
from shadowscan.reporters.interface import RenderOptions

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://pypi.org/project/shadowscan-audit/"
BASELINE_STATES = {"new": "new", "unchanged": "unchanged", "updated": "updated", "resolved": "absent"}
NO_FILE = "not-in-a-file"
INLINE_COMMENTS = ("pragma: allowlist", "gitleaks:allow")
KEPT_PROPERTIES = (
    "type", "confidence", "not_rechecked", "baselined", "triage", "vendor", "region", "owner", "subject",
    "first_seen_at", "last_seen_at", "bytes_out", "bytes_in", "cost", "evidence", "fix", "aliases", "tags",
)  # fmt: skip


class SarifReporter:
    """One SARIF log with one run."""

    id = "sarif"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Findings as results; what could not be read or evaluated as notifications."""
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(audit)]}
        return (dump_json(log, indent=2) + "\n").encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: SARIF has results, not figures."""
        raise no_report(self.id)


def _run(audit: Audit) -> Json:
    findings = sorted_findings(audit)
    rules = driver_rules(audit.rules, findings)
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    repos = sorted({place.repo for finding in findings for place in finding.locations if place.path})
    # With one repository, paths stand relative to its root, as code scanning expects; several need a base each.
    bases = {repo: {"description": {"text": f"Root of the repository {repo}"}} for repo in repos if len(repos) > 1}
    return {
        "tool": {"driver": {**_driver(audit), "rules": rules, "notifications": NOTIFICATIONS}},
        "automationDetails": {"id": "shadowscan/"},
        "invocations": [_invocation(audit, indices)],
        **({"originalUriBaseIds": bases} if bases else {}),
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(finding, indices, frozenset(bases)), "properties": _properties(finding, audit)}
            for finding in findings
        ],
    }


def _driver(audit: Audit) -> Json:
    tool = audit.tool
    digests = {"ruleset_digest": tool.ruleset_digest, "policy_digest": tool.policy_digest}
    return {
        "name": tool.name,
        "version": tool.version,
        "informationUri": HOME,
        "properties": {**digests, "catalog_version": tool.catalog_version},
    }


def _invocation(audit: Audit, indices: dict[str, int]) -> Json:
    return {
        "executionSuccessful": audit.run.complete,
        "startTimeUtc": rfc3339(audit.run.started_at),
        "endTimeUtc": rfc3339(audit.run.finished_at),
        "toolExecutionNotifications": execution_notes(audit, indices),
        "toolConfigurationNotifications": configuration_notes(audit, indices),
    }


def _result(finding: Finding, indices: dict[str, int], bases: frozenset[str]) -> Json:
    is_lead = finding.type == "lead"
    return {
        "ruleId": finding.rule_id,
        "ruleIndex": indices[finding.rule_id],
        # A lead asks a person to look; §3.27.10 then wants the level to be `none`.
        "kind": "review" if is_lead else "fail",
        "level": "none" if is_lead else LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": _locations(finding, bases),
        # GitHub matches alerts by `primaryLocationLineHash` and hashes the line itself where it is missing,
        # which would close and reopen an alert whenever a line moves.
        "partialFingerprints": {"fingerprint/v1": finding.fingerprint, "primaryLocationLineHash": finding.fingerprint},
        "baselineState": _baseline_state(finding),
        "suppressions": [_suppression(finding.suppressed)] if finding.suppressed else [],
        "occurrenceCount": max(finding.event_count, 1),
    }


def _message(finding: Finding) -> str:
    text = finding.message or finding.title
    # §3.11.5 and §3.11.6: braces are placeholders, brackets are links; those of the evidence go escaped.
    for char, escaped in (("\\", "\\\\"), ("[", "\\["), ("]", "\\]"), ("{", "{{"), ("}", "}}")):
        text = text.replace(char, escaped)
    return text


def _baseline_state(finding: Finding) -> str:
    is_known = finding.baselined and finding.state == "new"
    return "unchanged" if is_known else BASELINE_STATES[finding.state]


def _suppression(suppression: Suppression) -> Json:
    is_inline = any(comment in suppression.reason for comment in INLINE_COMMENTS)
    return {
        "kind": "inSource" if is_inline else "external",
        "status": "accepted",
        "justification": suppression.reason,
        "properties": {"by": suppression.by, "expires": suppression.expires},
    }


def _locations(finding: Finding, bases: frozenset[str]) -> list[Json]:
    # Viewers show the first place only: one that is still in HEAD is the one a person can open.
    places = sorted(finding.locations, key=lambda place: not place.in_head)
    return [_place(place, finding, bases) for place in places] or [_no_file([_subject(finding)])]


def _place(place: CodeLocation, finding: Finding, bases: frozenset[str]) -> Json:
    facts = {"repo": place.repo, "commit": place.commit, "author": place.author, "in_head": place.in_head}
    if not place.path:
        name = f"{place.repo}@{place.commit}" if place.commit else place.repo
        logical = {"name": place.commit or place.repo, "fullyQualifiedName": name, "kind": "commit"}
        return {**_no_file([logical]), "properties": facts}
    artifact = {"uri": relative_uri(place.path), **({"uriBaseId": place.repo} if place.repo in bases else {})}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": max(place.line, 1)}},
        "logicalLocations": [_subject(finding)],
        "properties": facts,
    }


def _no_file(logical: list[Json]) -> Json:
    """A place that is no file. GitHub refuses a whole log for one location without an artifact and a line."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": NO_FILE}, "region": {"startLine": 1}},
        "logicalLocations": logical,
    }


def _subject(finding: Finding) -> Json:
    """A network finding stands nowhere in a file: its workload, account or key is a logical location (§3.33)."""
    subject = finding.subject
    return {"name": subject.label or subject.id, "fullyQualifiedName": subject.id, "kind": subject.kind}


def _properties(finding: Finding, audit: Audit) -> Json:
    document = finding_document(finding)
    kept = {key: document[key] for key in KEPT_PROPERTIES}
    contact = dict(audit.contacts).get(finding.owner.team or "")
    kept |= {"contact": contact} if contact else {}
    # `@org/team` and `@user`, as a code owners file writes them: who a host can ask for a review.
    owners = dict.fromkeys(said.value for said in finding.owner.evidence if said.source == "codeowners")
    kept |= {"codeOwners": list(owners)} if owners else {}
    return {"severity": finding.severity.value, "security-severity": SECURITY_SEVERITY[finding.severity], **kept}


REPORTER = SarifReporter()
