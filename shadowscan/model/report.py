"""A finished report: figures by name and sections to draw."""

from dataclasses import dataclass
from typing import Any, Literal

Chart = Literal["bar", "line", "stacked", "waterfall", "matrix", "table", "number"]


@dataclass(frozen=True, slots=True)
class Section:
    """One block of a report: a title, a sentence, and rows under named columns; `chart` says how to draw it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    text: str = ""
    chart: Chart = "table"


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open ISO dates; `provisional` where the period is still open or a source restates it."""

    start: str
    end: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report, ready for any reporter. `figures` are the named figures of CONTRACT section 5, JSON-ready."""

    name: str
    title: str
    period: Period
    previous: Period
    currency: str
    figures: dict[str, Any]
    sections: tuple[Section, ...]
