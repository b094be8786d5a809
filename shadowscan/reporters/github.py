"""`--format github`: annotations of a GitHub Actions run.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: a line that begins with `::`, or
that holds `##[` anywhere, is a command (https://github.com/actions/runner, `ActionCommand.cs`). So every value is
escaped, and no other line holds either.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding
from shadowscan.model.report import Report
from shadowscan.model.severity import Severity
from shadowscan.reporters import _overview
from shadowscan.reporters._refusal import no_report
from shadowscan.reporters._terminal_details import location_words
from shadowscan.reporters._text import plural, printable
from shadowscan.reporters.interface import RenderOptions

# Of one step GitHub shows so many annotations of each level, and drops the rest without a word:
# https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
SHOWN = 10
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation; `properties` are its title and, where there is one to open, file and line."""

    level: str
    properties: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


class GithubReporter:
    """One annotation a finding that counts, worst first; of more than GitHub shows, the last names the rest."""

    id = "github"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """What was incomplete, then the findings by level, then one line that sums up."""
        found = _overview.counting(audit)
        broken = [gap for gap in _overview.gaps(audit) if gap.kind in ("source incomplete", "rule failed")]
        annotations = [*map(_of_gap, broken), *(_of_finding(finding, audit) for finding in found)]
        lines = [line for level in ("error", "warning", "notice") for line in _of_level(level, annotations)]
        lines.append(f"shadowscan: {plural(len(found), 'finding')}, {plural(len(broken), 'part')} incomplete")
        return ("\n".join(lines) + "\n").encode("utf-8", "replace")

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Refused: annotations are for findings."""
        raise no_report(self.id)


def _of_gap(gap: _overview.Gap) -> Annotation:
    return Annotation("warning", (("title", f"shadowscan {gap.kind}"),), (f"{gap.what}: {gap.why}",))


def _of_finding(finding: Finding, audit: Audit) -> Annotation:
    place = next((place for place in finding.locations if place.path and place.in_head), None)
    fix = finding.fix.steps if finding.fix else ()
    lines = (
        finding.message,
        *(() if place or not finding.locations else (f"Where: {location_words(finding.locations[0])}",)),
        f"Owner: {_overview.owner_words(finding, audit.contacts)}",
        *(f"Fix {number}: {step}" for number, step in enumerate(fix, start=1)),
        finding.remediation,
    )
    title = (("title", f"{finding.rule_id}: {finding.title}"),)
    return Annotation(LEVELS[finding.severity], (*_file(place), *title), tuple(filter(None, lines)))


def _file(place: CodeLocation | None) -> tuple[tuple[str, str], ...]:
    if place is None:
        return ()
    return (("file", place.path), ("line", str(place.line))) if place.line else (("file", place.path),)


def _of_level(level: str, annotations: Iterable[Annotation]) -> Iterator[str]:
    same = [annotation for annotation in annotations if annotation.level == level]
    shown = same if len(same) <= SHOWN else same[: SHOWN - 1]
    rest = same[len(shown) :]
    yield from map(_command, shown)
    if rest:
        words = f"GitHub shows {SHOWN} of a level; the log of this step lists the rest."
        yield _command(Annotation(level, (("title", f"shadowscan: {len(rest)} more"),), (words,)))
        yield from map(_plain, rest)


def _command(annotation: Annotation) -> str:
    named = ",".join(f"{name}={_property(value)}" for name, value in annotation.properties)
    return f"::{annotation.level} {named}::{'%0A'.join(map(_data, annotation.lines))}"


def _plain(annotation: Annotation) -> str:
    named = dict(annotation.properties)
    place = ":".join(named[name] for name in ("file", "line") if name in named)
    text = f"{annotation.level}: {place} {named['title']}: {annotation.lines[0]}"
    return printable(text).replace("##[", "## [")


def _data(text: str) -> str:
    return printable(text.replace("\r\n", "\n").replace("\n", " ").strip()).replace("%", "%25")


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


REPORTER = GithubReporter()
