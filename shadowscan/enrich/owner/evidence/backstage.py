"""Rank 4: the owner of the Backstage component that stands for this repository, function or workload.

A component of a system in another file has that system's owner; a group that is no declared team stands for the nearest
group above it that is; a user is a person by e-mail address.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from shadowscan.enrich.owner.evidence._entities import owner_of
from shadowscan.enrich.owner.facts import Claim, Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

KUBERNETES_ID = "backstage.io/kubernetes-id"


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The owner of components linked to the whole repository, to the resource's ARN, or to the workload's label."""
    sure = facts.confidence.backstage
    if subject.kind == "repo":
        for claim in facts.repo_claims.get(("backstage", subject.subject_id.casefold()), []):
            if claim.key == "**":
                yield Candidate(4, "backstage", f"{claim.scope} {claim.key}", owner_of(facts, claim.value), sure)
        return
    asset = facts.assets.get(subject.subject_id)
    label = asset.tags.get(KUBERNETES_ID, "") if asset is not None else ""
    for claim in facts.once(_linked):
        held = claim.key == label if claim.key_kind == "kubernetes_id" else fnmatchcase(subject.subject_id, claim.key)
        if held:
            yield Candidate(4, "backstage", claim.key, owner_of(facts, claim.value), sure)


def _linked(facts: Facts) -> list[Claim]:
    kinds = ("resource", "kubernetes_id")
    return [claim for claim in facts.claims if claim.evidence == "backstage" and claim.key_kind in kinds]
