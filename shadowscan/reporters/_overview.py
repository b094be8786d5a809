"""The audit as a person reads it first: who, which vendor, what, and the next action; then what was not looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.outcome import Failed, NotEvaluable, Partial, RuleFailed, Skipped
from shadowscan.model.severity import Severity
from shadowscan.reporters._document import ordered, sorted_findings
from shadowscan.reporters._text import first_sentence


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one rule and one vendor inside a group, worst first."""

    vendor: str
    title: str
    action: str
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.subject.label or finding.subject.id for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Group:
    """One team (or workload, or vendor) and its lines, worst first."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was not looked at, and why."""

    kind: str
    what: str
    why: str


def counting(audit: Audit) -> list[Finding]:
    """Findings that count, worst first."""
    return [finding for finding in sorted_findings(audit) if finding.counts]


def leads(audit: Audit) -> list[Finding]:
    """Leads that are still there and not suppressed."""
    alive = (finding for finding in sorted_findings(audit) if finding.type == "lead")
    return [finding for finding in alive if finding.suppressed is None and finding.state != "resolved"]


def severity_counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Findings per severity, critical first, zeros too."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}


def set_aside(audit: Audit) -> dict[str, int]:
    """How many findings do not count, by why."""
    counts = {
        "suppressed": sum(1 for finding in audit.findings if finding.suppressed),
        "in the baseline": sum(1 for finding in audit.findings if finding.baselined),
        "resolved": sum(1 for finding in audit.findings if finding.state == "resolved"),
    }
    return {why: count for why, count in counts.items() if count}


def group_findings(audit: Audit, by: str) -> list[Group]:
    """Findings that count under `workload`, `team` or `vendor`; groups and lines worst first, then by size and name.

    A team comes with how it is reached; what has no team comes last.
    """
    grouped: dict[str, dict[tuple[str, str], list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in counting(audit):
        grouped[_group_name(finding, by)][(_vendor(finding), finding.rule_id)].append(finding)
    contacts = dict(audit.contacts) if by == "team" else {}
    groups = [Group(_reached(name, contacts), _lines(lines)) for name, lines in grouped.items()]
    return sorted(groups, key=lambda group: (_is_unowned(group, by), _rank(group), -_size(group), group.name))


def gaps(audit: Audit) -> list[Gap]:
    """Everything that was not looked at, most serious first."""
    audit = ordered(audit)
    broken = [
        Gap("source incomplete", source.target, source.outcome.reason)
        for source in audit.sources
        if isinstance(source.outcome, Partial | Failed)
    ]
    failed = [
        Gap("rule failed", rule.id, o.reason) for rule in audit.rules if isinstance(o := rule.outcome, RuleFailed)
    ]
    spots = [Gap("blind spot", spot.blind_spot, spot.why) for spot in audit.coverage]
    idle = [
        Gap("rule not evaluable", rule.id, o.reason)
        for rule in audit.rules
        if isinstance(o := rule.outcome, NotEvaluable)
    ]
    skipped = [
        Gap("skipped", source.target, source.outcome.reason)
        for source in audit.sources
        if isinstance(source.outcome, Skipped)
    ]
    return [*broken, *failed, *spots, *idle, *skipped]


def next_action(finding: Finding) -> str:
    """The first step of the fix, else the first sentence of the remediation."""
    if finding.fix and finding.fix.steps:
        return finding.fix.steps[0]
    return first_sentence(finding.remediation)


def owner_words(finding: Finding, contacts: Iterable[tuple[str, str]] = ()) -> str:
    """Who answers, how they are reached, and why, in a sentence."""
    owner = finding.owner
    if not owner.team:
        return f"no team ({owner.status}): {owner.decided_by}"
    return f"{_reached(owner.team, dict(contacts))} ({owner.status}, {owner.confidence:.0%} sure): {owner.decided_by}"


def _lines(lines: dict[tuple[str, str], list[Finding]]) -> tuple[Line, ...]:
    made = [Line(vendor, found[0].title, next_action(found[0]), tuple(found)) for (vendor, _), found in lines.items()]
    return tuple(sorted(made, key=lambda line: (line.severity.rank, -len(line.findings), line.vendor, line.title)))


def _group_name(finding: Finding, by: str) -> str:
    if by == "vendor":
        return _vendor(finding)
    if by == "workload":
        return finding.subject.label or finding.subject.id
    return finding.owner.team or f"no team ({finding.owner.status})"


def _vendor(finding: Finding) -> str:
    return finding.vendor.name if finding.vendor else "—"


def _reached(team: str, contacts: Mapping[str, str]) -> str:
    return f"{team} ({contacts[team]})" if team in contacts else team


def _is_unowned(group: Group, by: str) -> bool:
    return by == "team" and group.lines[0].findings[0].owner.team is None


def _rank(group: Group) -> int:
    return group.lines[0].severity.rank


def _size(group: Group) -> int:
    return sum(len(line.findings) for line in group.lines)
