"""Severity and confidence: two different questions, how bad and how sure."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is if true; ordered by `rank`, critical first (0)."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        return self.rank <= other.rank


class Confidence(StrEnum):
    """How sure the evidence makes us."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
