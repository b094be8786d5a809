"""Rank 11 and 12: who wrote what was found, by blame; the busiest of the last 90 days, else the last; no robots."""

import re
from collections import Counter
from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import is_robot

_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The e-mail address of that person; the roster or `members` gives the team."""
    if subject.kind != "repo":
        return
    yield from _blamed(facts, subject)
    recent = list(_recent(facts, subject))
    yield from recent or _authors(facts, subject)


def _blamed(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Who wrote the lines in most of the files that were looked at."""
    claims = facts.repo_claims.get(("git_blame", subject.subject_id.casefold()), [])
    for person, files in Counter(claim.value for claim in claims).most_common(1):
        key = f"blame of {files} of {len(claims)} files"
        yield Candidate(11, "git_blame", key, person, facts.confidence.git_committer)


def _recent(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Who committed most to the files with a signal."""
    claims = facts.repo_claims.get(("git_recent", subject.subject_id.casefold()), [])
    for claim in sorted(claims, key=lambda each: (-each.ordinal, each.value))[:1]:
        key = f"{claim.ordinal} commits in 90 days"
        yield Candidate(11, "git_committer", key, claim.value, facts.confidence.git_committer)


def _authors(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Who brought the content in which the signals were found, where nobody committed of late."""
    people = [(author, recent) for author, recent in facts.authors.get(subject.subject_id, []) if _is_person(author)]
    for author, recent in people[:1]:
        address = _ADDRESS.search(author)
        rank, sure = (11, facts.confidence.git_committer) if recent else (12, facts.confidence.default)
        yield Candidate(rank, "git_committer", f"{recent} commits in 90 days", address[1] if address else author, sure)


def _is_person(author: str) -> bool:
    return not is_robot(author) and bool(_ADDRESS.search(author))
