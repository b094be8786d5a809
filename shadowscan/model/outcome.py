"""What became of one source, one object, one rule: closed unions instead of flags."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Collected:
    """Read whole. `tables` maps table name to rows now held for it; `unchanged` = nothing had to be read again."""

    tables: dict[str, int]
    rejected: int = 0
    reason: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Partial:
    """Read up to a point; what was read is kept. `reason` says where it broke and what to do."""

    tables: dict[str, int]
    rejected: int
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Deliberately not read: unrecognised content, or nothing in it for us. Not an error."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Could not be read though it should have been."""

    reason: str


Outcome = Collected | Partial | Skipped | Failed


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One entry of the audit's `sources`: what was looked at and how that went."""

    target: str
    format: str
    outcome: Outcome
    first_at: datetime | None = None
    last_at: datetime | None = None
    source_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The rule ran; `rows_considered` counts the rows of its input views."""

    findings: int
    rows_considered: int


@dataclass(frozen=True, slots=True)
class NotEvaluable:
    """The rule's inputs are not there: not the same as zero findings."""

    reason: str


@dataclass(frozen=True, slots=True)
class RuleFailed:
    """The rule raised; the others ran."""

    reason: str


RuleOutcome = Evaluated | NotEvaluable | RuleFailed


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One entry of the audit's `rules`."""

    id: str
    version: str
    type: str
    outcome: RuleOutcome


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """One entry of the audit's `coverage`: what was not looked at, why, and which rules that weakens."""

    blind_spot: str
    why: str
    affects: tuple[str, ...] = field(default=())
