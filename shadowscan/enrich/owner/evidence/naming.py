"""Rank 6: a declared team stands in the name of the workload, its role or service account, or the vendor project.

A name that begins with a team's name or alias counts, as a whole word; where `[ownership] names` of shadowscan.toml
says how the company writes its names, those patterns count too.
"""

import re
from collections.abc import Iterator
from re import Pattern

from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.interface import Candidate, SubjectRef
from shadowscan.owners import fold

_WHOSE = ("workload", "account", "principal")


def find(facts: Facts, subject: SubjectRef) -> Iterator[Candidate]:
    """The longest team name or alias in each of the names the subject goes by."""
    if subject.kind not in _WHOSE or not facts.owners.team_names:
        return
    for name in dict.fromkeys(_names(facts, subject)):
        team = _team_in(fold(name), facts)
        if team:
            yield Candidate(6, "naming", name, team, facts.confidence.naming, is_derived=True)


def _names(facts: Facts, subject: SubjectRef) -> Iterator[str]:
    """Its label, the roles it runs under, and what bills and vendors call the account."""
    if subject.label:
        yield subject.label
    asset = facts.assets.get(subject.subject_id)
    parent = facts.assets.get(asset.parent_id) if asset is not None else None
    yield from filter(None, (_role_name(held.role) for held in (asset, parent) if held is not None))
    if subject.kind == "account":
        account = subject.subject_id.partition("/")[2]
        for charge in facts.charges.get(account, []):
            yield charge.vendor_account_name
            yield _role_name(charge.principal_id)


def _role_name(identity: str) -> str:
    """A role or service account without what all of them begin or end with; empty for people and numbers."""
    if identity.startswith("arn:"):
        resource = identity.split(":", 5)[-1]
        kind, _, name = resource.partition("/")
        return name.split("/")[0] if kind == "assumed-role" else name.rpartition("/")[2]
    if identity.endswith(".gserviceaccount.com"):
        return identity.partition("@")[0]
    return identity.rpartition(":")[2] if identity.startswith("system:serviceaccount:") else ""


def _team_in(name: str, facts: Facts) -> str:
    found = (pattern.match(name) for pattern in facts.once(_patterns))
    return next((facts.owners.team_names[match["team"]] for match in found if match), "")


def _patterns(facts: Facts) -> list[Pattern[str]]:
    """What a name may look like, teams longest first: the company's own patterns before the plain beginning."""
    longest_first = sorted(facts.owners.team_names, key=lambda name: (-len(name), name))
    team = f"(?P<team>{'|'.join(map(re.escape, longest_first))})"
    rules = [fold(rule).split("{team}") for rule in facts.context.config.ownership.names]
    written = [team.join(re.escape(part).replace(r"\*", ".*") for part in parts) for parts in rules]
    return [re.compile(f"^{pattern}$") for pattern in (*written, f"{team}(?:-.*)?")]
