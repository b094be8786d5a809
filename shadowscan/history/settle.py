"""The state of every finding: new, unchanged, updated or resolved, by the contract's exact meaning.

Resolved = the rule was evaluated, every source that carried the finding was collected completely this run over a
window reaching past `last_seen_at`, and it is gone. Otherwise the state stays and `not_rechecked` says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from shadowscan.history.aliases import with_aliases
from shadowscan.history.past import Past, load_past, save
from shadowscan.history.record import update_digest
from shadowscan.model.finding import Finding
from shadowscan.model.outcome import Evaluated, Failed, Partial, RuleReport, SourceReport
from shadowscan.model.window import Window
from shadowscan.store.connection import Store


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the states are decided by. `targets_only` = `scan`: report what rests on this run's targets."""

    run_id: str
    at: datetime
    window: Window
    sources: tuple[SourceReport, ...]
    rules: tuple[RuleReport, ...]
    targets_only: bool


def settle(store: Store, current: Sequence[Finding], by: Settlement) -> list[Finding]:
    """Findings of this run with their states, the gone ones included; writes the history in one transaction."""
    past = load_past(store)
    named = with_aliases(store, current, {key: entry.aliases for key, entry in past.items()})
    seen = [_with_state(finding, past) for finding in named]
    replaced = {alias for finding in seen for alias in finding.aliases}
    present = {finding.fingerprint for finding in seen} | replaced
    gone = [
        _gone(entry, by)
        for key, entry in past.items()
        if key not in present and entry.finding.state != "resolved" and _was_looked_for(entry, by)
    ]
    save(store, [*seen, *gone], past, replaced, by.run_id, by.at)
    scoped = [finding for finding in seen if _is_in_scope(finding, by)] if by.targets_only else seen
    reported_gone = [finding for finding in gone if not by.targets_only or _rests_on(past[finding.fingerprint], by)]
    return sorted([*scoped, *reported_gone], key=lambda finding: finding.sort_key)


def _with_state(finding: Finding, past: dict[str, Past]) -> Finding:
    entry = next((past[key] for key in (finding.fingerprint, *finding.aliases) if key in past), None)
    if entry is None or entry.finding.state == "resolved":
        return replace(finding, state="new")
    changed = entry.digest != update_digest(finding)
    return replace(finding, state="updated" if changed else "unchanged")


def _gone(entry: Past, by: Settlement) -> Finding:
    reason = _why_not_rechecked(entry, by)
    if reason is None:
        return replace(entry.finding, state="resolved", not_rechecked=None)
    return replace(entry.finding, state="unchanged", not_rechecked=reason)


def _why_not_rechecked(entry: Past, by: Settlement) -> str | None:
    report = next((rule for rule in by.rules if rule.id == entry.finding.rule_id), None)
    if report is None or not isinstance(report.outcome, Evaluated):
        return f"rule {entry.finding.rule_id} was not evaluated in this run"
    collected = {canonical_target(source.target) for source in by.sources}
    missing = sorted(target for target in entry.targets if canonical_target(target) not in collected)
    if missing:
        return f"source {missing[0]} was not collected in this run"
    broken = _first_incomplete(entry, by.sources)
    if broken:
        return f"source {broken} was not collected completely"
    last = entry.finding.last_seen_at
    if entry.targets and last is not None and not by.window.contains(last.replace(tzinfo=UTC)):
        return "the window of this run does not reach past when it was last seen"
    return None


def _first_incomplete(entry: Past, sources: Iterable[SourceReport]) -> str | None:
    targets = tuple(canonical_target(target) for target in entry.targets)
    for source in sources:
        if isinstance(source.outcome, Partial | Failed):
            place = canonical_target(source.target)
            if any(place == target or place.startswith(target.rstrip("/") + "/") for target in targets):
                return source.target
    return None


def _was_looked_for(entry: Past, by: Settlement) -> bool:
    """A `scan` of other targets says nothing about this finding, so its state is not even touched."""
    return not by.targets_only or _rests_on(entry, by)


def _rests_on(entry: Past, by: Settlement) -> bool:
    collected = {canonical_target(source.target) for source in by.sources}
    return not entry.targets or any(canonical_target(target) in collected for target in entry.targets)


def _is_in_scope(finding: Finding, by: Settlement) -> bool:
    ids = {source_id for source in by.sources for source_id in source.source_ids}
    return not finding.source_ids or bool(ids & set(finding.source_ids))


def canonical_target(target: str) -> str:
    """One spelling for a local path however it was written; other targets as they are."""
    if "://" in target or target == "-" or (":" in target and not Path(target).exists()):
        return target
    return str(Path(target).resolve())
