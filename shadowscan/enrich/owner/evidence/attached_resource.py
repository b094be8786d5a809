"""Rank 8: tags found by the chain from the address: interface, instance, function, service, group.

A NAT gateway or load balancer ends the chain: its traffic is other people's, shared egress.
"""

from collections.abc import Iterator

from shadowscan.enrich.assets import is_cluster_node
from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Tags of the interfaces and parents behind the subject's addresses, and of a group's instances."""
    sure = facts.confidence.attached_resource
    if subject.kind == "machine":
        yield Candidate(8, "attached_resource", subject.subject_id, "", facts.confidence.default, is_shared=True)
        return
    chain = [facts.assets[name] for name in subject.resources if name in facts.assets]
    chain += [facts.assets[asset.parent_id] for asset in chain if asset.parent_id in facts.assets]
    chain += facts.group_members.get(subject.subject_id, [])
    for asset in {asset.asset_id: asset for asset in chain}.values():
        if asset.asset_id != subject.subject_id and not is_cluster_node(asset):
            for key, value in team_tags(asset.tags, facts.owners):
                yield Candidate(8, "attached_resource", f"{asset.asset_id} {key}", value, sure)
