"""Rank 4: the owner of the Backstage component that stands for this repository or function."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """`spec.owner` of components linked to the whole repository, or to the resource by its ARN."""
    sure = facts.confidence.backstage
    if subject.kind == "repo":
        for claim in facts.repo_claims.get(("backstage", subject.subject_id.casefold()), []):
            if claim.key == "**":
                yield Candidate(4, "backstage", f"{claim.scope} {claim.key}", claim.value, sure)
        return
    for claim in facts.claims:
        if (
            claim.evidence == "backstage"
            and claim.key_kind == "resource"
            and fnmatchcase(subject.subject_id, claim.key)
        ):
            yield Candidate(4, "backstage", claim.key, claim.value, sure)
