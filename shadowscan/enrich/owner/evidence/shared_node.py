"""Rank 8: a node's own address is that of every pod on it, so the chain stops: shared, by whom is said.

Known by pods of the inventory that run there, or by the tags that EKS, kOps, AKS and GKE put on a node. The node's own
tags are shown and decide nothing.
"""

from collections import defaultdict
from collections.abc import Iterator

from shadowscan.enrich.assets import is_cluster_node
from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

MAXIMUM_NAMESPACES = 5
_PODS = """
    select distinct placement, split_part(parent_id, '/', 4) as namespace
    from asset
    where kind = 'pod' and placement <> ''
    order by all
"""


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """One statement that the node is shared, the namespaces on it in its key."""
    if subject.kind != "workload" or subject.subject_id.startswith("k8s://"):
        return
    nodes = facts.once(_namespaces)
    addresses = {place.rpartition("/")[2] for place in subject.addresses}
    spaces = sorted({space for address in addresses for space in nodes.get(address, ())})
    asset = facts.assets.get(subject.subject_id)
    if spaces or is_cluster_node(asset):
        shown = ", ".join(spaces[:MAXIMUM_NAMESPACES]) + (" …" if len(spaces) > MAXIMUM_NAMESPACES else "")
        teams = [f"{key}={value}" for key, value in team_tags(asset.tags if asset else {}, facts.owners)]
        key = " ".join(["Kubernetes node", *([f"of {shown}"] if shown else []), *(f"tagged {team}" for team in teams)])
        yield Candidate(8, "shared_node", key, "", facts.confidence.default, is_shared=True)


def _namespaces(facts: Facts) -> dict[str, set[str]]:
    """Address of a node → namespaces of the pods on it."""
    found: dict[str, set[str]] = defaultdict(set)
    for placement, namespace in facts.context.store.query(_PODS).rows:
        found[placement].add(namespace)
    return found
