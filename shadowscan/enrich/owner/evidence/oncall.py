"""Rank 6: who answers for the service of this name: teams of PagerDuty and Opsgenie."""

from collections import defaultdict
from collections.abc import Iterator

from shadowscan.enrich.owner.evidence._entities import owner_of
from shadowscan.enrich.owner.facts import Claim, Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import fold


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Teams of the service that is named like the workload, or like the repository without its owner."""
    if subject.kind not in ("workload", "repo"):
        return
    name = subject.subject_id.rpartition("/")[2] if subject.kind == "repo" else subject.label
    for claim in facts.once(_services).get(fold(name), ()) if name else ():
        team = owner_of(facts, claim.value)
        if not team.startswith("opsgenie:"):
            yield Candidate(6, claim.evidence, f"service {claim.key}", team, facts.confidence.oncall)


def _services(facts: Facts) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        if claim.key_kind == "service":
            found[fold(claim.key)].append(claim)
    return found
