"""Rank 11 and 12: who committed what was found: the busiest of the last 90 days, else the last; robots left out."""

import re
from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

_ROBOT = re.compile(r"\[bot\]|dependabot|renovate|github-actions|noreply@", re.IGNORECASE)
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The e-mail address of that person; the roster or `members` gives the team."""
    if subject.kind != "repo":
        return
    people = [(author, recent) for author, recent in facts.authors.get(subject.subject_id, []) if _is_person(author)]
    for author, recent in people[:1]:
        address = _ADDRESS.search(author)
        rank, sure = (11, facts.confidence.git_committer) if recent else (12, facts.confidence.default)
        yield Candidate(rank, "git_committer", f"{recent} commits in 90 days", address[1] if address else author, sure)


def _is_person(author: str) -> bool:
    return not _ROBOT.search(author) and bool(_ADDRESS.search(author))
