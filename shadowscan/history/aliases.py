"""Older fingerprints of a finding whose subject has gained a stronger id since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from shadowscan.model.finding import Finding, fingerprint
from shadowscan.store.connection import Store

SUBJECT_COLUMN = "subject_id"
# Names that one workload alone can have had as its id; a role or a repository is shared, and has findings of its own.
_NAMES = """
    select distinct subject_id, value
    from subject_link
    where value <> subject_id and kind in ('address', 'eni', 'instance')
    order by subject_id, value
"""


def with_aliases(store: Store, findings: Iterable[Finding], known: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """Findings with `aliases` filled: `known` maps each fingerprint of the history to its own aliases."""
    names = _names_by_subject(store) if known else {}
    return [_with_aliases(finding, names, known) for finding in findings]


def _with_aliases(finding: Finding, names: Mapping[str, list[str]], known: Mapping[str, tuple[str, ...]]) -> Finding:
    identity = dict(finding.identity)
    subject = identity.get(SUBJECT_COLUMN)
    older = set(known.get(finding.fingerprint, ()))
    for weaker in names.get(subject or "", ()):
        earlier = fingerprint(finding.rule_id, {**identity, SUBJECT_COLUMN: weaker})
        if earlier in known and earlier != finding.fingerprint:
            older |= {earlier, *known[earlier]}
    return replace(finding, aliases=tuple(sorted(older))) if older else finding


def _names_by_subject(store: Store) -> dict[str, list[str]]:
    rows = store.query(_NAMES).rows
    names: dict[str, list[str]] = defaultdict(list)
    for subject_id, value in rows:
        names[subject_id].append(value)
    return names
