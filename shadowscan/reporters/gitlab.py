"""`--format gitlab`: GitLab's secret detection report, for findings about keys in a repository.

Schema: https://gitlab.com/gitlab-org/security-products/security-report-schemas (15.2.1). Nothing else has a shape
in it: a message of the report says how much that is; junit and sarif have it.
"""

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding
from shadowscan.model.report import Report
from shadowscan.reporters import _overview
from shadowscan.reporters._document import Json, dump_json
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._text import plural, printable, rfc3339
from shadowscan.reporters.interface import RenderOptions

VERSION = "15.2.1"
NO_COMMIT = "0000000"  # what GitLab's own analyzer writes where there is no commit
LONGEST = {"name": 255, "description": 1_048_576, "solution": 7_000}  # a longer one fails the whole report


class GitlabReporter:
    """One vulnerability for every key and file; a key in no file stands at its commit."""

    id = "gitlab"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Key findings that count; what failed and what has no place in this schema as messages of the scan."""
        found = _overview.counting(audit)
        keys = [finding for finding in found if finding.rule_id.startswith("keys.")]
        document = {
            "version": VERSION,
            "scan": _scan(audit, others=len(found) - len(keys)),
            "vulnerabilities": [
                _vulnerability(finding, place, audit) for finding in keys for place in _places(finding)
            ],
        }
        return (dump_json(document, indent=2) + "\n").encode()

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: GitLab takes findings."""
        raise no_report(self.id)


def _scan(audit: Audit, others: int) -> Json:
    tool = {"id": audit.tool.name, "name": audit.tool.name, "version": audit.tool.version}
    analyzer = {**tool, "vendor": {"name": audit.tool.name}}
    return {
        "analyzer": analyzer,
        "scanner": analyzer,
        "type": "secret_detection",
        "start_time": rfc3339(audit.run.started_at)[:19],
        "end_time": rfc3339(audit.run.finished_at)[:19],
        "status": "success" if audit.run.complete else "failure",
        "messages": _messages(audit, others),
    }


def _messages(audit: Audit, others: int) -> list[Json]:
    broken = [gap for gap in _overview.gaps(audit) if gap.kind in ("source incomplete", "rule failed")]
    said = [{"level": "warn", "value": printable(f"{gap.kind}: {gap.what}: {gap.why}")} for gap in broken]
    if others:
        words = f"{plural(others, 'finding')} of other rules not in this report: see --format junit or sarif"
        said.append({"level": "info", "value": words})
    return said


def _places(finding: Finding) -> list[CodeLocation]:
    return [place for place in finding.locations if place.path] or list(finding.locations)


def _vulnerability(finding: Finding, place: CodeLocation, audit: Audit) -> Json:
    texts = {"name": finding.title, "description": finding.message, "solution": _solution(finding, audit)}
    return {
        "id": f"{finding.fingerprint}:{place.repo}:{place.path}:{place.line}:{place.commit or NO_COMMIT}",
        **{name: text[: LONGEST[name]] for name, text in texts.items()},
        "severity": finding.severity.value.capitalize(),
        "identifiers": [_identifier("shadowscan_rule", finding.rule_id), *_weaknesses(finding)],
        "location": _location(place),
    }


def _solution(finding: Finding, audit: Audit) -> str:
    steps = finding.fix.steps if finding.fix else ()
    owner = f"Owner: {_overview.owner_words(finding, audit.contacts)}"
    return "\n".join([*(f"{number}. {step}" for number, step in enumerate(steps, start=1)), finding.remediation, owner])


def _weaknesses(finding: Finding) -> list[Json]:
    numbers = [tag.removeprefix("cwe-") for tag in finding.tags if tag.startswith("cwe-")]
    url = "https://cwe.mitre.org/data/definitions/{}.html"
    return [_identifier("cwe", f"CWE-{number}") | {"value": number, "url": url.format(number)} for number in numbers]


def _identifier(type: str, name: str) -> Json:
    return {"type": type, "name": name, "value": name}


def _location(place: CodeLocation) -> Json:
    file = {"file": place.path} if place.path else {}
    line = {"start_line": place.line} if place.line else {}
    author = {"author": place.author} if place.author else {}
    return {**file, **line, "commit": {"sha": place.commit or NO_COMMIT, **author}}


REPORTER = GitlabReporter()
