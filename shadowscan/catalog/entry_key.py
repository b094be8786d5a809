"""A key format as a vendor file writes it. A new field stands here and in `model.vendor.KeyFormat`, nowhere else."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from shadowscan.documents import Entry


def compiles(value: str) -> str:
    """The pattern as written; refused where Python's `re` does not take it."""
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def has_no_boundary(value: str) -> str:
    """The pattern as written; refused where it sets a word boundary of its own."""
    if re.search(r"\\[bB]|[$^](?![^\[]*\])", value):
        raise ValueError("the matcher sets the boundaries: leave \\b, ^ and $ out")
    return value


Severity = Literal["critical", "high", "medium", "low", "info"]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(compiles)]


class KeyFormatEntry(Entry):
    """`anchor` is the prefilter literal, `pattern` the exact shape, `context` words of which one stands nearby.

    Boundaries are not the pattern's: the matcher sets them, since `\\b` would lose a key that ends in a hyphen.
    """

    id: str = Field(min_length=1)
    anchor: str = Field(min_length=1)
    pattern: Annotated[Pattern, AfterValidator(has_no_boundary)]
    kind: str = Field(min_length=1)
    context: tuple[str, ...] = ()
    min_entropy: float = Field(default=0.0, ge=0)
    severity: Severity = "critical"
    context_lines: int = Field(default=3, ge=0, le=20)
    min_digits: int = Field(default=0, ge=0)
    mixed_case: bool = False
    severity_near: dict[Severity, tuple[Annotated[str, Field(min_length=1)], ...]] = Field(default_factory=dict)
    confidence: Literal["A", "B", "C"] = "B"
    sources: tuple[str, ...] = ()
