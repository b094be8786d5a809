"""Rank 6: labels and annotations of a Kubernetes workload, else of its namespace, else the tags of its cluster."""

from collections.abc import Iterator

from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

PART_OF = "app.kubernetes.io/part-of"


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The nearest level that names a team speaks for the workload; the part it is of only where that is a team."""
    if not subject.subject_id.startswith("k8s://"):
        return
    for asset_id in _levels(facts, subject.subject_id):
        tags = facts.assets[asset_id].tags
        named = {key.rpartition("/")[2]: value for key, value in sorted(tags.items())}
        said = list(team_tags(named, facts.owners))
        for key, value in said:
            yield Candidate(6, "kubernetes", f"{asset_id} {key}", value, facts.confidence.naming)
        if tags.get(PART_OF) and not said:
            yield Candidate(
                6, "kubernetes", f"{asset_id} {PART_OF}", tags[PART_OF], facts.confidence.naming, is_derived=True
            )
        if said:
            return


def _levels(facts: Facts, asset_id: str) -> Iterator[str]:
    """The workload, its namespace, its cluster: those that the inventory has."""
    for _ in range(3):
        if asset_id in facts.assets:
            yield asset_id
        parent = facts.assets[asset_id].parent_id if asset_id in facts.assets else "unknown"
        if parent == "unknown":
            return
        asset_id = parent
