"""Rank 2: the vendor's own name for the account is a declared team (an OpenAI project, an Anthropic workspace)."""

from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The account's name as billed, and the caller's team tag in the cloud bill; declared teams only."""
    if subject.kind != "account":
        return
    account = subject.subject_id.partition("/")[2]
    for charge in facts.charges.get(account, []):
        if charge.vendor_account_id == account and facts.owners.team_of(charge.vendor_account_name):
            name = charge.vendor_account_name
            yield Candidate(2, "vendor_identity", account, name, facts.confidence.vendor_identity, is_derived=True)
        for key, value in charge.tags.items():
            if key.casefold() in ("iamprincipal/team", "user_id_team"):
                yield Candidate(2, "vendor_identity", key, value, facts.confidence.vendor_identity)
