"""The owner of every subject, and the chain of evidence that decided it."""

import json
from collections.abc import Callable, Iterable, Iterator

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.enrich.owner.resolve import resolve
from shadowscan.model.owner import Owner
from shadowscan.plugins import iter_modules
from shadowscan.store.rows import insert_tuples

Find = Callable[[Facts, SubjectRef], Iterator[Candidate]]
MAXIMUM_EVIDENCE = 12

_DECISIONS = """
    create or replace temp table owner_decision (
      subject_id varchar, team varchar, owner_status varchar, owner_confidence double,
      decided_by varchar, owner_evidence varchar
    )
"""
_COLUMNS = {
    "subject_id": "VARCHAR",
    "team": "VARCHAR",
    "owner_status": "VARCHAR",
    "owner_confidence": "DOUBLE",
    "decided_by": "VARCHAR",
    "owner_evidence": "VARCHAR",
}
_APPLY = """
    update subject as s
    set team = d.team, owner_status = d.owner_status, owner_confidence = d.owner_confidence,
      decided_by = d.decided_by, owner_evidence = d.owner_evidence
    from owner_decision as d
    where d.subject_id = s.subject_id
"""


def build(context: EnrichContext) -> None:
    """Fill the owner columns of every row of `subject`."""
    decide(context, ())


def decide(context: EnrichContext, ids: Iterable[str]) -> None:
    """Fill the owner columns of these subjects; of all where none is given."""
    facts, finders = Facts(context), load_evidence()
    rows = [_row(subject, find_owner(facts, finders, subject)) for subject in facts.subjects(ids)]
    if not rows:
        return
    context.store.query(_DECISIONS)
    insert_tuples(context.store.engine, "owner_decision", _COLUMNS, rows)
    context.store.query(_APPLY)
    context.store.query("drop table owner_decision")


def load_evidence() -> tuple[Find, ...]:
    """Every kind of evidence, found by folder."""
    return tuple(module.find for module in iter_modules("shadowscan.enrich.owner.evidence"))


def find_owner(facts: Facts, finders: Iterable[Find], subject: SubjectRef) -> Owner:
    """The decision for one subject."""
    candidates = {candidate: None for find in finders for candidate in find(facts, subject)}
    return resolve(candidates, facts.names)


def _row(subject: SubjectRef, owner: Owner) -> tuple[str, str, str, float, str, str]:
    evidence = [
        {"source": e.source, "key": e.key, "value": e.value, "confidence": e.confidence}
        for e in owner.evidence[:MAXIMUM_EVIDENCE]
    ]
    written = json.dumps(evidence, ensure_ascii=False)
    return (subject.subject_id, owner.team or "unknown", owner.status, owner.confidence, owner.decided_by, written)
