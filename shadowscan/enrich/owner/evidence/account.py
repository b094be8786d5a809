"""Rank 7: the cloud account belongs to a team, by owners.yaml, by its tag, or by its name; a shared one to nobody."""

from collections.abc import Iterator

from shadowscan.enrich.owner.evidence.tag import team_tags
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """What is said of the account the subject lives in, or of the linked account a bill names."""
    account = subject.subject_id.partition("/")[2] if subject.kind == "account" else subject.account_id
    entry = facts.owners.accounts.get(account)
    if entry is not None and facts.is_live(entry):
        sure = facts.confidence.account_shared if entry.shared else facts.confidence.account
        yield Candidate(7, "account", account, entry.team, sure, is_shared=entry.shared)
    name, tags = facts.account_tags.get(account, ("", {}))
    for key, value in team_tags(tags, facts.owners):
        yield Candidate(7, "account", f"{account} {key}", value, facts.confidence.account)
    if name:
        yield Candidate(7, "account", f"{account} name", name, facts.confidence.account, is_derived=True)
