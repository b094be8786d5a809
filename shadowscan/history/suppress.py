"""Suppressions and triage from policy.yaml: shown, explained, not counted, and never for ever by accident."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pathspec

from shadowscan.model.finding import Finding, Suppression, Triage
from shadowscan.policy import Policy, SuppressionEntry


def apply_policy(findings: Iterable[Finding], policy: Policy, today: date) -> list[Finding]:
    """Findings with the suppression and triage that policy.yaml states; an expired suppression is none."""
    live = [entry for entry in policy.suppressions if entry.expires is None or entry.expires >= today]
    return [_triage(_suppress(finding, live), policy) for finding in findings]


def _suppress(finding: Finding, entries: list[SuppressionEntry]) -> Finding:
    if finding.suppressed is not None:
        return finding
    for entry in entries:
        if _covers(entry, finding):
            expires = entry.expires.isoformat() if entry.expires else None
            return replace(finding, suppressed=Suppression(entry.reason or "", entry.by or "", expires))
    return finding


def _covers(entry: SuppressionEntry, finding: Finding) -> bool:
    """Every selector that the entry names must hold; an entry without one covers nothing."""
    tests = []
    if entry.fingerprint:
        tests.append(entry.fingerprint in {finding.fingerprint, *finding.aliases})
    if entry.rule:
        tests.append(matches_rule(entry.rule, finding.rule_id))
    if entry.path:
        tests.append(_all_paths_match(entry.path, finding))
    return bool(tests) and all(tests)


def matches_rule(selector: str, rule_id: str) -> bool:
    """`keys.leaked-key`, or a family such as `keys.*`."""
    return rule_id == selector or (selector.endswith(".*") and rule_id.startswith(selector[:-1]))


def _all_paths_match(pattern: str, finding: Finding) -> bool:
    """A key that is also outside the pattern stays a finding."""
    if not finding.locations:
        return False
    matcher = pathspec.PathSpec.from_lines("gitignore", [pattern])
    return all(matcher.match_file(place.path) for place in finding.locations)


def _triage(finding: Finding, policy: Policy) -> Finding:
    for entry in policy.triage:
        if entry.fingerprint in {finding.fingerprint, *finding.aliases}:
            return replace(finding, triage=Triage(entry.status, entry.by or "", str(entry.at or ""), entry.note or ""))
    return finding
