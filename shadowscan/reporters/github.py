"""`--format github`: annotations of a GitHub Actions run.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: only lines with `::` in front are
commands, so every value is escaped and no other line begins with evidence.
"""

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.report import Report
from shadowscan.model.severity import Severity
from shadowscan.reporters import _overview
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._text import plural, printable
from shadowscan.reporters.interface import RenderOptions

COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


class GithubReporter:
    """One annotation a finding that counts, worst first: a run shows only the first ten of each level."""

    id = "github"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Annotations, then what was incomplete, then one line that sums up."""
        found = _overview.counting(audit)
        broken = [gap for gap in _overview.gaps(audit) if gap.kind in ("source incomplete", "rule failed")]
        lines = [_annotation(finding) for finding in found]
        lines += [f"::warning title=shadowscan {gap.kind}::{_data(f'{gap.what}: {gap.why}')}" for gap in broken]
        lines.append(f"shadowscan: {plural(len(found), 'finding')}, {plural(len(broken), 'part')} incomplete")
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: annotations are for findings."""
        raise no_report(self.id)


def _annotation(finding: Finding) -> str:
    properties = {"title": f"{finding.rule_id}: {finding.title}"}
    place = next((place for place in finding.locations if place.path and place.in_head), None)
    if place:
        properties = {"file": place.path, **({"line": str(place.line)} if place.line else {}), **properties}
    named = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    owner = f"Owner: {_overview.owner_words(finding)}."
    return f"::{COMMANDS[finding.severity]} {named}::{_data(f'{finding.message} {owner} {finding.remediation}')}"


def _data(text: str) -> str:
    return printable(text.replace("\r\n", "\n").replace("\n", " ")).replace("%", "%25")


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


REPORTER = GithubReporter()
