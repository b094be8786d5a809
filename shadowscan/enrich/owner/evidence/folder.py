"""Rank 7 and 12: what an account or resource lies in: a resource group's tags, the name of a folder of accounts.

A folder of accounts is often named after a division, so its name counts least and only where it is a declared team.
"""

from collections.abc import Iterator

from shadowscan.enrich.assets import read_tags
from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef

MAXIMUM_DEPTH = 6
_FOLDERS = """
    select asset_id, kind, name, parent_id, tags
    from asset
    where kind in ('folder', 'account')
    order by observed_at nulls first, asset_id, source_id, line
"""


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The tags of the resource group, then of every folder up from the account the nearest that names a team."""
    folders = facts.once(_load)
    asset = facts.assets.get(subject.subject_id)
    if asset is not None and asset.parent_id in folders:
        yield from _tagged(facts, asset.parent_id, folders[asset.parent_id][2])
    account = subject.subject_id.partition("/")[2] if subject.kind == "account" else subject.account_id
    folder, seen = folders.get(account, ("", "", {}))[1], set[str]()
    while folder in folders and folder not in seen and len(seen) < MAXIMUM_DEPTH:
        seen.add(folder)
        name, parent, tags = folders[folder]
        yield from _tagged(facts, folder, tags)
        if name:
            yield Candidate(12, "folder", folder, name, facts.confidence.default, is_derived=True)
        folder = parent


def _tagged(facts: Facts, folder: str, tags: dict[str, str]) -> Iterator[Candidate]:
    for key, value in team_tags(tags, facts.owners):
        yield Candidate(7, "folder", f"{folder} {key}", value, facts.confidence.account)


def _load(facts: Facts) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Account or folder → its name, what it lies in, its tags; the newest snapshot wins."""
    rows = facts.context.store.query(_FOLDERS).rows
    return {asset_id: (name, parent_id, read_tags(tags)) for asset_id, _, name, parent_id, tags in rows}
