"""Rank 8: two resources at one address at one time: both are named, neither is believed, the chain stops as shared."""

from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

_CONTESTED = """
    select account_id || '/' || vpc_id || '/' || address as place, min(holders) as holders
    from contested_address
    group by account_id, vpc_id, address
    order by place
"""


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """One statement for an address that the inventory gives to two at once."""
    holders = facts.once(_load).get(subject.subject_id, "")
    if holders:
        key = f"held at one time by {holders}"
        yield Candidate(8, "contested_address", key, "", facts.confidence.default, is_shared=True)


def _load(facts: Facts) -> dict[str, str]:
    return dict(facts.context.store.query(_CONTESTED).rows)
