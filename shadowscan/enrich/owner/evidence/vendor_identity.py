"""Rank 2: what the vendor itself calls the account: project, workspace or gateway team, and tags put on it there."""

from collections.abc import Iterator

from shadowscan.enrich.assets import Asset
from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The account's name as billed or listed and its tags, the caller's team tag in the cloud bill.

    A name counts for declared teams only; a key stands for the team it was issued to.
    """
    if subject.kind != "account":
        return
    account, sure = subject.subject_id.partition("/")[2], facts.confidence.vendor_identity
    for charge in facts.charges.get(account, []):
        if charge.vendor_account_id == account and facts.owners.team_of(charge.vendor_account_name):
            yield Candidate(2, "vendor_identity", account, charge.vendor_account_name, sure, is_derived=True)
        for key, value in charge.tags.items():
            if key.casefold() in ("iamprincipal/team", "user_id_team"):
                yield Candidate(2, "vendor_identity", key, value, sure)
    for asset in _listed(facts, account):
        for key, value in team_tags(asset.tags, facts.owners):
            yield Candidate(2, "vendor_identity", f"{asset.asset_id} {key}", value, sure)
        if facts.owners.team_of(asset.name):
            yield Candidate(2, "vendor_identity", f"{asset.asset_id} name", asset.name, sure, is_derived=True)


def _listed(facts: Facts, account: str) -> Iterator[Asset]:
    """What the vendor's own list has of the account, and of the team a key was issued to."""
    asset = facts.once(_by_id).get(account)
    if asset is not None:
        yield asset
        parent = facts.assets.get(asset.parent_id)
        if parent is not None:
            yield parent


def _by_id(facts: Facts) -> dict[str, Asset]:
    """Accounts of vendors by the vendor's own id."""
    listed = (asset for asset in facts.assets.values() if asset.kind == "vendor_account")
    return {asset.asset_id.partition("/")[2]: asset for asset in listed}
