"""Who answers for a subject, and the chain of evidence that decided it."""

from dataclasses import dataclass
from typing import Literal

OwnerStatus = Literal["owned", "conflict", "unowned", "shared", "opaque"]


@dataclass(frozen=True, slots=True)
class OwnerEvidence:
    """One statement of ownership. `source` names the kind of evidence, `key` what it was found by."""

    source: str
    key: str
    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Owner:
    """The decision: strongest evidence first, `evidence` keeps the rest. `confidence` is 0 to 1."""

    team: str | None
    status: OwnerStatus
    confidence: float
    decided_by: str
    evidence: tuple[OwnerEvidence, ...] = ()


NO_TEAM = ("unowned", "unknown")


def is_of_team(owner: Owner, team: str) -> bool:
    """Whether `--team TEAM` means this owner; `unowned` asks for what has no team."""
    return owner.team == team or (owner.team is None and team in NO_TEAM)


UNOWNED = Owner(team=None, status="unowned", confidence=0.0, decided_by="nothing found")
