"""Rank 10: who pays: the cardholder's or requester's team, or the cost centre. The payer need not be the owner."""

from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The people and cost centres on the charges of this vendor account, each once."""
    if subject.kind != "account":
        return
    account = subject.subject_id.partition("/")[2]
    said: dict[tuple[str, str], None] = {}
    for charge in facts.charges.get(account, []):
        said.setdefault(("payer", charge.principal_id))
        said.setdefault(("cost_center", charge.cost_center))
    for kind, value in said:
        known = (
            facts.owners.team_of_cost_center(value) if kind == "cost_center" else _handle(value) in facts.names.people
        )
        if value != "unknown" and known:
            yield Candidate(10, "payer", kind, value, facts.confidence.payer)


def _handle(value: str) -> str:
    return value.strip().casefold().lstrip("@")
