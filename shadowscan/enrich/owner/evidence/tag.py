"""Rank 3: a team tag on exactly this resource, or on the charges of this vendor account."""

from collections.abc import Iterator, Mapping

from shadowscan.enrich.assets import Asset, is_cluster_node
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import Owners, fold


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """Tags of the resource whose ARN the subject is; of a vendor account, the tags its charges carry."""
    asset = facts.assets.get(subject.subject_id)
    if asset is not None and _speaks_for_itself(asset, subject):
        for key, value in team_tags(asset.tags, facts.owners):
            yield Candidate(3, "tag", f"{asset.asset_id} {key}", value, facts.confidence.tag)
    if subject.kind == "account":
        account = subject.subject_id.partition("/")[2]
        for charge in facts.charges.get(account, []):
            for key, value in team_tags(charge.tags, facts.owners):
                yield Candidate(3, "tag", f"{account} {key}", value, facts.confidence.tag)


def _speaks_for_itself(asset: Asset, subject: SubjectRef) -> bool:
    """Not a machine that carries others' traffic, not a node of a cluster; labels of Kubernetes count less."""
    return (
        subject.kind not in ("machine", "account")
        and not asset.asset_id.startswith("k8s://")
        and not is_cluster_node(asset)
    )


def team_tags(tags: Mapping[str, str], owners: Owners) -> Iterator[tuple[str, str]]:
    """The tags that name a team, in the order of `tag_keys`; case and `-_ ./:` in keys make no difference."""
    folded = {
        fold(key.removeprefix("user:").removeprefix("resourceTags/user:")): (key, tags[key]) for key in sorted(tags)
    }
    for wanted in owners.tag_keys:
        key, value = folded.get(fold(wanted), ("", ""))
        if value.strip():
            yield key, value
