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


Pattern = Annotated[str, Field(min_length=1), AfterValidator(compiles)]


class KeyFormatEntry(Entry):
    """`anchor` is the prefilter literal, `pattern` the exact shape, `context` words of which one stands nearby."""

    id: str = Field(min_length=1)
    anchor: str = Field(min_length=1)
    pattern: Pattern
    kind: str = Field(min_length=1)
    context: tuple[str, ...] = ()
    min_entropy: float = Field(default=0.0, ge=0)
    severity: Literal["critical", "high", "medium", "low", "info"] = "critical"
