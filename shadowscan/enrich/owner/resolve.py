"""From statements to a decision: a pure function, so that every rule of it can be tried by hand.

First valid statement wins, in order of rank. Two sources that disagree, both at 0.5 or more: `conflict`, the higher
rank kept, less sure. An independent source that agrees makes it surer. Rank 1 settles every dispute and only rank 1
reaches 1.0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shadowscan.config import Confidence
from shadowscan.enrich.owner.interface import Candidate
from shadowscan.model.owner import UNOWNED, Owner, OwnerEvidence
from shadowscan.owners import Owners, fold, plain_team

STRONG = 0.5
INACTIVE = 0.25
SHARED_OUTRANKS = 4


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the roster; teams as written, `unknown` where not said."""

    team: str
    department: str
    cost_center: str
    manager: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Names:
    """What a written value means: declared teams, aliases, members, cost centres, and the roster by e-mail or name."""

    owners: Owners
    people: Mapping[str, Person] = field(default_factory=dict)
    confidence: Confidence = field(default_factory=Confidence)


@dataclass(frozen=True, slots=True)
class _Claim:
    candidate: Candidate
    team: str
    confidence: float
    is_outside: bool = False  # names a team that owners.yaml does not declare, or through somebody who left


def resolve(candidates: Iterable[Candidate], names: Names) -> Owner:
    """The owner that these statements give; statements that lead to no team stay as evidence."""
    claims = sorted((_read(candidate, names) for candidate in candidates), key=_order)
    evidence = tuple(
        OwnerEvidence(claim.candidate.source, claim.candidate.key, claim.candidate.value, round(claim.confidence, 2))
        for claim in claims
    )
    winner = next((claim for claim in claims if _decides(claim)), None)
    shared = next((claim for claim in claims if claim.candidate.is_shared), None)
    if shared is not None and _stops(shared.candidate, winner):
        source = shared.candidate.source
        return Owner(None, "shared", round(shared.confidence, 2), source, evidence)
    if winner is None:
        return Owner(None, "unowned", 0.0, UNOWNED.decided_by, evidence)
    return _decide(winner, [claim for claim in claims if _decides(claim)], names.confidence, evidence)


def _stops(shared: Candidate, winner: _Claim | None) -> bool:
    """Whether the chain ends here: nobody else is named, or what it is outranks whoever is.

    From the fourth rank on `shared` says that nothing is known, and anything that is known says more.
    """
    if winner is None or shared.rank == 1:
        return True
    return shared.rank < SHARED_OUTRANKS and shared.rank < winner.candidate.rank


def team_of_value(value: str, names: Names) -> tuple[str, float]:
    """(team, ceiling of confidence) behind a value as written; an empty team where it leads to none."""
    text = value.strip()
    declared = names.owners.team_of(text)
    if declared:
        return declared, 1.0
    if _is_person(text) or _handle(text) in names.people:
        return _team_of_person(text, names)
    member = names.owners.team_of_member(text)
    if member:
        return member, 1.0
    center = names.owners.team_of_cost_center(text)
    if center:
        return center, 1.0
    team = fold(plain_team(text))
    if text.startswith("@@") or not team:
        return "", 0.0
    return team, names.confidence.unknown_team if names.owners.teams else 1.0


def _team_of_person(value: str, names: Names) -> tuple[str, float]:
    member = names.owners.team_of_member(_handle(value))
    if member:
        return member, 1.0
    person = names.people.get(_handle(value))
    if person is None:
        return "", 0.0
    if not person.is_active:
        manager = names.people.get(_handle(person.manager))
        return (_team_of_roster(manager, names), INACTIVE) if manager else ("", 0.0)
    return _team_of_roster(person, names), 1.0


def _team_of_roster(person: Person, names: Names) -> str:
    """A person's team; else the team that pays from their cost centre; else their department."""
    if person.team != "unknown":
        return names.owners.team_of(person.team) or fold(person.team)
    center = names.owners.team_of_cost_center(person.cost_center)
    if center:
        return center
    if person.department != "unknown":
        return names.owners.team_of(person.department) or fold(person.department)
    return ""


def _read(candidate: Candidate, names: Names) -> _Claim:
    if candidate.is_shared or not candidate.value:
        return _Claim(candidate, "", candidate.confidence)
    team, ceiling = team_of_value(candidate.value, names)
    if candidate.is_derived and not _is_declared(candidate.value, names.owners):
        team = ""
    sure = min(candidate.confidence, ceiling) if candidate.rank != 1 else candidate.confidence
    return _Claim(candidate, team, sure if team else 0.0, is_outside=ceiling < STRONG and candidate.rank != 1)


def _is_declared(value: str, owners: Owners) -> bool:
    return owners.team_of(value) is not None or owners.team_of_member(value) is not None


def _decides(claim: _Claim) -> bool:
    return bool(claim.team) and claim.confidence > 0


def _order(claim: _Claim) -> tuple[bool, int, float, str, str, str]:
    candidate = claim.candidate
    return (claim.is_outside, candidate.rank, -claim.confidence, candidate.source, candidate.key, candidate.value)


def _decide(winner: _Claim, claims: list[_Claim], numbers: Confidence, evidence: tuple[OwnerEvidence, ...]) -> Owner:
    source = winner.candidate.source
    if winner.candidate.rank == 1:
        rivals = {claim.team for claim in claims if claim.candidate.rank == 1 and claim.team != winner.team}
        if not rivals:
            return Owner(winner.team, "owned", round(winner.confidence, 2), source, evidence)
    disagree = [c for c in claims if c.team != winner.team and c.confidence >= STRONG]
    if winner.confidence >= STRONG and disagree:
        lowered = max(0.0, winner.confidence - numbers.conflict)
        return Owner(winner.team, "conflict", round(lowered, 2), source, evidence)
    agree = any(claim.team == winner.team and claim.candidate.source != source for claim in claims)
    raised = winner.confidence + (numbers.agreement if agree else 0.0)
    return Owner(winner.team, "owned", round(min(raised, numbers.cap), 2), source, evidence)


def _is_person(value: str) -> bool:
    return "@" in value.lstrip("@") or value.casefold().startswith("user:")


def _handle(value: str) -> str:
    """How people are looked up: lower case, without `@` or `user:namespace/` before it."""
    text = value.strip().casefold().lstrip("@")
    return text.rpartition("/")[2] if text.startswith("user:") else text
