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
        """Headline, table by group, findings that count with their fix; folded, the others and what was not seen."""
        found = _overview.counting(audit)
        others = [finding for finding in sorted_findings(audit) if not finding.counts]
        gaps = _overview.gaps(audit)
        broken = [gap for gap in gaps if gap.kind in ("source incomplete", "rule failed")]
        parts = [
            ["# Shadow AI audit", "", _headline(audit, found), ""],
            ["## Incomplete", "", *_gaps(broken)] if broken else [],
            _groups(audit, options.group_by),
            ["## Findings", ""] if found else [],
            *(_finding(finding) for finding in found),
            _folded(
                f"Not counted (leads, suppressed, in the baseline, resolved): {len(others)}",
                [line for other in others for line in _finding(other)],
            ),
            _folded(f"Not looked at: {len(gaps) - len(broken)}", _gaps([gap for gap in gaps if gap not in broken])),
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


def _groups(audit: Audit, by: str) -> list[str]:
    rows = [
        [group.name, line.vendor, line.severity, line.title, str(len(line.findings)), line.action]
        for group in _overview.group_findings(audit, by)
        for line in group.lines
    ]
    return _table([by.capitalize(), "Vendor", "Severity", "What", "Findings", "Next action"], rows) if rows else []


def _finding(finding: Finding) -> list[str]:
    lines = [f"### {finding.severity}: {escape(finding.title)}", "", escape(finding.message), ""]
    lines += [f"- where: {escape(location_words(location))}" for location in finding.locations]
    lines += [f"- owner: {escape(_overview.owner_words(finding))}", *_fix(finding), "", *_evidence(finding)]
    return lines


def _fix(finding: Finding) -> list[str]:
    if finding.fix is None:
        return [f"- do: {escape(finding.remediation)}"]
    steps = [f"  {number}. {escape(step)}" for number, step in enumerate(finding.fix.steps, start=1)]
    blockers = [f"  - first: {escape(blocker)}" for blocker in finding.fix.blockers]
    return [f"- fix ({finding.fix.effort}): {escape(finding.remediation)}", *blockers, *steps]


def _evidence(finding: Finding) -> list[str]:
    seen = f"{day(finding.first_seen_at)} to {day(finding.last_seen_at)}, {plural(finding.event_count, 'record')}"
    lines = [
        f"- rule: {escape(finding.rule_id)}, {escape(standing(finding))}",
        f"- fingerprint: `{printable(finding.fingerprint)}`",
        f"- subject: {escape(f'{finding.subject.kind} {finding.subject.label} ({finding.subject.id})')}",
        f"- seen: {escape(seen)}",
    ]
    lines += [
        f"- owner: {escape(f'{e.source} {e.key} = {e.value} ({e.confidence:.0%})')}" for e in finding.owner.evidence
    ]
    lines += [f"- evidence: {escape(evidence_words(evidence))}" for evidence in finding.evidence]
    return _folded("Evidence", lines)


def _gaps(gaps: Sequence[_overview.Gap]) -> list[str]:
    rows = [[gap.kind, gap.what, gap.why] for gap in gaps]
    return _table(["Kind", "What", "Why"], rows) if rows else ["Nothing known to be missing.", ""]


def _folded(title: str, lines: list[str]) -> list[str]:
    """Lines that a reader opens; nothing where there are none. The blank lines keep them Markdown."""
    if not lines:
        return []
    end = [] if lines[-1] == "" else [""]
    return ["<details>", f"<summary>{title}</summary>", "", *lines, *end, "</details>", ""]


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
