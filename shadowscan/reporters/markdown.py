"""`--format markdown`: for pull request comments, wikis and tickets."""

import re
from collections.abc import Iterable, Sequence

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.report import Report
from shadowscan.reporters import _overview
from shadowscan.reporters._chart import Bar, bars, cell_words
from shadowscan.reporters._document import sorted_findings
from shadowscan.reporters._terminal_details import evidence_words, location_words, standing
from shadowscan.reporters._terminal_report import headline_figures, period_words
from shadowscan.reporters._text import day, plural, printable
from shadowscan.reporters.interface import RenderOptions

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")
BAR_WIDTH = 20


class MarkdownReporter:
    """GitHub-flavoured Markdown in which no evidence can become a link, a tag, a mention or a table cell."""

    id = "markdown"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """Headline, table by group, findings with evidence, and what was not looked at."""
        found = _overview.counting(audit)
        parts = [
            ["# Shadow AI audit", "", _headline(audit, found), ""],
            _groups(found, options.group_by),
            ["## Findings", ""],
            *(_finding(finding) for finding in sorted_findings(audit)),
            _gaps(audit),
        ]
        return _bytes(line for part in parts for line in part)

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Figures as a list, sections as tables, bars as text."""
        lines = [f"# {escape(report.title)}", "", escape(period_words(report)), ""]
        lines += [f"- {escape(name)}: **{escape(value)}**" for name, value in headline_figures(report)]
        for section in report.sections:
            lines += ["", f"## {escape(section.title)}", ""]
            lines += [escape(section.text), ""] if section.text else []
            lines += _table(section.columns, [[cell_words(cell) for cell in row] for row in section.rows])
            lines += [_bar(bar) for bar in bars(section)]
        return _bytes(lines)


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    escaped = SPECIAL.sub(r"\\\1", printable(text))
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"), ("://", "&#58;//")):
        escaped = escaped.replace(char, entity)
    return escaped


def _headline(audit: Audit, found: list[Finding]) -> str:
    counts = [f"{count} {severity}" for severity, count in _overview.severity_counts(found).items() if count]
    words = ", ".join(counts) or "nothing that counts"
    state = "" if audit.run.complete else " **Incomplete: some sources or rules failed.**"
    return f"**{plural(len(found), 'finding')}** ({words}), {plural(len(_overview.leads(audit)), 'lead')}.{state}"


def _groups(found: list[Finding], by: str) -> list[str]:
    rows = [
        [group.name, line.vendor, line.severity, line.title, str(len(line.findings)), line.action]
        for group in _overview.group_findings(found, by)
        for line in group.lines
    ]
    return _table([by.capitalize(), "Vendor", "Severity", "What", "Findings", "Next action"], rows) if rows else []


def _finding(finding: Finding) -> list[str]:
    lines = [
        f"### {finding.severity}: {escape(finding.title)}",
        "",
        escape(finding.message),
        "",
        f"- rule: {escape(finding.rule_id)}, {escape(standing(finding))}",
        f"- fingerprint: `{printable(finding.fingerprint)}`",
        f"- subject: {escape(f'{finding.subject.kind} {finding.subject.label} ({finding.subject.id})')}",
        f"- owner: {escape(_overview.owner_words(finding))}",
    ]
    lines += [f"  - {escape(f'{e.source} {e.key} = {e.value} ({e.confidence:.0%})')}" for e in finding.owner.evidence]
    seen = f"{day(finding.first_seen_at)} to {day(finding.last_seen_at)}, {plural(finding.event_count, 'record')}"
    lines.append(f"- seen: {escape(seen)}")
    lines += [f"- where: {escape(location_words(location))}" for location in finding.locations]
    lines += [f"- evidence: {escape(evidence_words(evidence))}" for evidence in finding.evidence]
    return [*lines, f"- do: {escape(finding.remediation)}", ""]


def _gaps(audit: Audit) -> list[str]:
    rows = [[gap.kind, gap.what, gap.why] for gap in _overview.gaps(audit)]
    table = _table(["Kind", "What", "Why"], rows) if rows else ["Nothing known to be missing."]
    return ["## Not looked at", "", *table]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    is_rule = 1
    cells = [[cell if index == is_rule else escape(cell) for cell in line] for index, line in enumerate(lines)]
    return [*(f"| {' | '.join(line)} |" for line in cells), ""]


def _bar(bar: Bar) -> str:
    blocks = "█" * max(round(bar.length * BAR_WIDTH), 1)
    return f"    {printable(bar.label)}  {printable(cell_words(bar.value))}  {blocks}"


def _bytes(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "replace")


REPORTER = MarkdownReporter()
