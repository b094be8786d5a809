"""What a section's chart measures: one label, one number, one width a row."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shadowscan.model.report import Section
from shadowscan.reporters._text import rfc3339

DRAWN_AS_BARS = frozenset({"bar", "line", "stacked", "waterfall"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `start` and `length` are shares of the whole width, 0 to 1; `is_negative` where the value is."""

    label: str
    value: object
    start: float
    length: float
    is_negative: bool


def bars(section: Section) -> list[Bar]:
    """Bars of a section: labels from its text columns, length from its first numeric column; none for a plain table.

    A waterfall's bars each begin where the one before ended, so that a bridge reads from left to right.
    """
    column = measured_column(section)
    if section.chart not in DRAWN_AS_BARS or column is None:
        return []
    values = [_number(row[column]) or 0.0 for row in section.rows]
    starts = _running(values) if section.chart == "waterfall" else [0.0] * len(values)
    ends = [start + value for start, value in zip(starts, values, strict=True)]
    low = min([0.0, *starts, *ends])
    span = (max([0.0, *starts, *ends]) - low) or 1.0
    return [
        Bar(_label(row, column), row[column], (min(start, end) - low) / span, abs(end - start) / span, end < start)
        for row, start, end in zip(section.rows, starts, ends, strict=True)
    ]


def measured_column(section: Section) -> int | None:
    """Index of the first column that holds a number in some row and no text in any."""
    for index in range(len(section.columns)):
        cells = [row[index] for row in section.rows if row[index] is not None]
        if cells and all(_number(cell) is not None for cell in cells):
            return index
    return None


def cell_words(value: object) -> str:
    """A cell for a person: `n/a` where there is no value."""
    if value is None:
        return "n/a"
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    return _several(value) if isinstance(value, dict | list | tuple) else str(value)


def is_number(value: object) -> bool:
    """Whether a cell is drawn to the right: a number, or money as a decimal string."""
    return _number(value) is not None


def _several(value: dict[str, object] | list[object] | tuple[object, ...]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {cell_words(part)}" for key, part in value.items())
    return ", ".join(map(cell_words, value))


def _running(values: list[float]) -> list[float]:
    starts, position = [], 0.0
    for value in values:
        starts.append(position)
        position += value
    return starts


def _label(row: tuple[object, ...], measured: int) -> str:
    return " · ".join(str(cell) for cell in row[:measured] if cell is not None)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return float(value)
    try:
        return float(value) if isinstance(value, str) and value[:1] in "-0123456789" else None
    except ValueError:
        return None
