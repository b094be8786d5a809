"""Every finding with its evidence, for `-v`."""

from typing import TYPE_CHECKING

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Evidence, Finding
from shadowscan.reporters._document import sorted_findings
from shadowscan.reporters._overview import owner_words
from shadowscan.reporters._terminal_style import SEVERITY_STYLES, plain
from shadowscan.reporters._text import day, plural, printable, readable_bytes

if TYPE_CHECKING:
    from rich.console import Console


def print_details(console: "Console", audit: Audit) -> None:
    """All findings and leads, suppressed and resolved ones too, worst first."""
    for finding in sorted_findings(audit):
        console.print()
        _print_title(console, finding)
        for label, text in _facts(finding):
            console.print(_indented(f"{label:<9} {printable(text)}"))


def _print_title(console: "Console", finding: Finding) -> None:
    from rich.text import Text

    console.print(
        Text.assemble(
            (f"{finding.severity} ", SEVERITY_STYLES[finding.severity]),
            (printable(finding.title), "bold"),
            (f"  {finding.rule_id} {finding.fingerprint[:12]} {standing(finding)}", "dim"),
        )
    )


def standing(finding: Finding) -> str:
    """State and everything that keeps it from counting, in a few words."""
    words: list[str] = [finding.type] if finding.type == "lead" else []
    words += [finding.state, f"{finding.confidence} confidence"]
    words += ["in the baseline"] if finding.baselined else []
    words += [f"suppressed: {printable(finding.suppressed.reason)}"] if finding.suppressed else []
    words += [f"{finding.triage.status} by {printable(finding.triage.by)}"] if finding.triage else []
    return ", ".join(words)


def _facts(finding: Finding) -> list[tuple[str, str]]:
    facts = [
        ("what", finding.message),
        ("subject", f"{finding.subject.kind} {finding.subject.label} ({finding.subject.id})"),
        ("owner", owner_words(finding)),
        *(("", f"{part.source} {part.key} = {part.value} ({part.confidence:.0%})") for part in finding.owner.evidence),
        ("seen", _seen(finding)),
    ]
    if finding.region:
        region = finding.region
        facts.append(("region", f"{region.region} ({region.group}), {region.evidence}: {region.verdict}"))
    if finding.cost:
        facts.append(("cost", f"{finding.cost.amount:f} {finding.cost.currency}"))
    facts += [("where", location_words(location)) for location in finding.locations]
    facts += [("evidence", evidence_words(evidence)) for evidence in finding.evidence]
    facts.append(("do", finding.remediation))
    if finding.fix:
        facts += [("step", step) for step in finding.fix.steps]
    if finding.not_rechecked:
        facts.append(("unchecked", finding.not_rechecked))
    return facts


def _seen(finding: Finding) -> str:
    days = f"{day(finding.first_seen_at)} to {day(finding.last_seen_at)}, {plural(finding.event_count, 'record')}"
    sizes = f", {readable_bytes(finding.bytes_out)} out, {readable_bytes(finding.bytes_in)} in"
    return days + (sizes if finding.bytes_out or finding.bytes_in else "")


def location_words(location: CodeLocation) -> str:
    """`repo:path:line @ commit`, or the commit alone where there is no file."""
    place = ":".join(part for part in (location.repo, location.path, str(location.line or "")) if part)
    commit = location.commit[:12] if location.commit else "not committed"
    return f"{place} @ {commit}" + ("" if location.in_head else " (not in HEAD)")


def evidence_words(evidence: Evidence) -> str:
    """Kind, sentence, and the place where it can be found again."""
    locator = evidence.locator
    place = f"{locator.object}:{locator.line}" if locator.line else locator.object
    record = f" #{locator.record}" if locator.record else ""
    return f"{evidence.kind}: {evidence.detail} [{place}{record}]"


def _indented(text: str) -> object:
    from rich.padding import Padding

    return Padding(plain(text), (0, 0, 0, 4))
