"""One finding whole, as text for a terminal: `findings show`."""

from collections.abc import Iterable, Iterator

from shadowscan.cli._rows import printable
from shadowscan.model.finding import CodeLocation, Evidence, Finding


def finding_text(finding: Finding) -> str:
    """Title, facts, places, evidence, chain of ownership, and what to do."""
    return "".join(f"{line}\n" for line in _lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity.value.upper()} {finding.rule_id} — {printable(finding.title)}"
    yield printable(finding.message)
    yield ""
    yield f"fingerprint  {finding.fingerprint}  ({finding.state}, confidence {finding.confidence.value})"
    yield f"subject      {finding.subject.kind} {printable(finding.subject.id)}"
    if finding.vendor:
        yield f"vendor       {finding.vendor.name} ({', '.join(finding.vendor.services)}), {finding.vendor.status}"
    if finding.region:
        yield f"region       {finding.region.region} ({finding.region.evidence}), {finding.region.verdict}"
    yield f"seen         {finding.first_seen_at or '-'} to {finding.last_seen_at or '-'}, {finding.event_count} records"
    if finding.suppressed:
        yield f"suppressed   {printable(finding.suppressed.reason)} until {finding.suppressed.expires or 'for ever'}"
    if finding.not_rechecked:
        yield f"not rechecked: {printable(finding.not_rechecked)}"
    yield from _owner_lines(finding)
    yield from _block("places", (_place(place) for place in finding.locations))
    yield from _block("evidence", (f"{e.kind}: {printable(e.detail)}  [{_where(e)}]" for e in finding.evidence))
    yield from _block("what to do", [printable(finding.remediation), *(finding.fix.steps if finding.fix else ())])
    yield from _block("references", finding.references)


def _owner_lines(finding: Finding) -> Iterator[str]:
    owner = finding.owner
    yield f"owner        {printable(owner.team)} ({owner.status}, {owner.confidence:.2f}, by {owner.decided_by})"
    for evidence in owner.evidence:
        yield (
            f"  {evidence.confidence:.2f} {evidence.source}: {printable(evidence.key)} → {printable(evidence.value)}"
        )


def _place(place: CodeLocation) -> str:
    head = "in HEAD" if place.in_head else "not in HEAD"
    return printable(f"{place.repo} {place.path or '(message)'}:{place.line} {place.commit or 'uncommitted'} {head}")


def _where(evidence: Evidence) -> str:
    locator = evidence.locator
    return printable(f"{locator.object}:{locator.line}" if locator.line else locator.object)


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = [line for line in lines if line]
    if listed:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in listed)
