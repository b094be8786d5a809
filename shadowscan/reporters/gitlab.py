"""`--format gitlab`: GitLab's secret detection report, for findings about keys that stand in a file.

Schema: https://gitlab.com/gitlab-org/security-products/security-report-schemas (15.x). Network findings
and bills have no shape in it; CI that wants those takes junit or sarif.
"""

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding
from shadowscan.model.report import Report
from shadowscan.reporters._document import Json, dump_json, sorted_findings
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._text import rfc3339
from shadowscan.reporters.interface import RenderOptions

VERSION = "15.2.1"
NO_COMMIT = "0000000"  # what GitLab's own analyzer writes where there is no commit


class GitlabReporter:
    """One vulnerability for every key and file."""

    id = "gitlab"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Key findings that count; the rest of the audit has no place in this schema."""
        keys = (f for f in sorted_findings(audit) if f.counts and f.rule_id.startswith("keys."))
        found = [_vulnerability(finding, place) for finding in keys for place in finding.locations if place.path]
        document = {"version": VERSION, "scan": _scan(audit), "vulnerabilities": found}
        return (dump_json(document, indent=2) + "\n").encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: GitLab takes findings."""
        raise no_report(self.id)


def _scan(audit: Audit) -> Json:
    tool = {"id": audit.tool.name, "name": audit.tool.name, "version": audit.tool.version}
    analyzer = {**tool, "vendor": {"name": audit.tool.name}}
    return {
        "analyzer": analyzer,
        "scanner": analyzer,
        "type": "secret_detection",
        "start_time": rfc3339(audit.run.started_at)[:19],
        "end_time": rfc3339(audit.run.finished_at)[:19],
        "status": "success" if audit.run.complete else "failure",
    }


def _vulnerability(finding: Finding, place: CodeLocation) -> Json:
    identifier = {"type": "shadowscan_rule", "name": finding.rule_id, "value": finding.rule_id}
    line = {"start_line": place.line} if place.line else {}
    return {
        "id": f"{finding.fingerprint}:{place.repo}:{place.path}:{place.line}:{place.commit or NO_COMMIT}",
        "name": finding.title,
        "description": finding.message,
        "severity": finding.severity.value.capitalize(),
        "solution": finding.remediation,
        "identifiers": [identifier],
        "location": {"file": place.path, **line, "commit": _commit(place)},
    }


def _commit(place: CodeLocation) -> Json:
    author = {"author": place.author} if place.author else {}
    return {"sha": place.commit or NO_COMMIT, **author}


REPORTER = GitlabReporter()
