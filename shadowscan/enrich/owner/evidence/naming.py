"""Rank 6: the name of the workload, role or vendor project begins with a declared team's name."""

from collections.abc import Iterator

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import fold


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The longest team name or alias that the subject's name begins with, as a whole word."""
    if subject.kind not in ("workload", "account", "principal"):
        return
    names = [subject.label] if subject.label else []
    if subject.kind == "account":
        account = subject.subject_id.partition("/")[2]
        names += [charge.vendor_account_name for charge in facts.charges.get(account, [])]
    for name in dict.fromkeys(names):
        team = _team_prefix(fold(name), facts)
        if team:
            yield Candidate(6, "naming", name, team, facts.confidence.naming, is_derived=True)


def _team_prefix(name: str, facts: Facts) -> str:
    words = name.split("-")
    starts = ("-".join(words[:size]) for size in range(len(words), 0, -1))
    return next((facts.owners.team_names[start] for start in starts if start in facts.owners.team_names), "")
