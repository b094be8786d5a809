"""A report on a terminal: period, figures, then each section as table or text bars."""

from typing import TYPE_CHECKING

from shadowscan.model.report import Report, Section
from shadowscan.reporters._chart import Bar, bars, cell_words, is_number
from shadowscan.reporters._terminal_style import plain
from shadowscan.reporters._text import printable
from shadowscan.reporters.interface import RenderOptions

if TYPE_CHECKING:
    from rich.console import Console

LABEL_SHARE = 0.4


def print_report(console: "Console", report: Report, options: RenderOptions) -> None:
    """The whole report."""
    console.print(plain(report.title, "bold"))
    if report.period.start:
        console.print(plain(period_words(report), "dim"))
    if options.as_of:
        console.print(plain(f"snapshot of {options.as_of}: a run is writing now", "yellow"))
    for name, value in headline_figures(report):
        console.print(plain(f"{name:<34} {value}"))
    for section in report.sections:
        _print_section(console, section)


def period_words(report: Report) -> str:
    """Period, comparison and currency in one line; empty for an answer without a period."""
    period, previous = report.period, report.previous
    if not period.start:
        return ""
    state = " (provisional)" if period.provisional else ""
    before = f", compared with {previous.start} to {previous.end}" if previous.start else ""
    return f"{period.start} to {period.end}{state}{before}, {report.currency}"


def headline_figures(report: Report) -> list[tuple[str, str]]:
    """Figures that are single values, by name: lists are what sections are for."""
    return [
        (name.replace("_", " "), cell_words(value))
        for name, value in report.figures.items()
        if not isinstance(value, list | tuple)
    ]


def _print_section(console: "Console", section: Section) -> None:
    console.print()
    console.print(plain(section.title, "bold"))
    if section.text:
        console.print(plain(section.text, "dim"))
    if not section.rows:
        console.print(plain("  nothing", "dim"))
        return
    drawn = bars(section)
    if drawn:
        _print_bars(console, drawn)
    if not drawn or len(section.columns) > 2:
        _print_table(console, section)


def _print_bars(console: "Console", drawn: list[Bar]) -> None:
    label_width = min(max(len(printable(bar.label)) for bar in drawn), int(console.width * LABEL_SHARE))
    value_width = max(len(printable(cell_words(bar.value))) for bar in drawn)
    room = max(console.width - label_width - value_width - 6, 10)
    for bar in drawn:
        label = printable(bar.label)[:label_width].ljust(label_width)
        blocks = " " * round(bar.start * room) + ("▒" if bar.is_negative else "█") * max(round(bar.length * room), 1)
        value = printable(cell_words(bar.value)).rjust(value_width)
        console.print(plain(f"  {label}  {value}  {blocks}"), no_wrap=True, overflow="crop")


def _print_table(console: "Console", section: Section) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, column in enumerate(section.columns):
        numeric = all(is_number(row[index]) or row[index] is None for row in section.rows)
        table.add_column(plain(column), justify="right" if numeric else "left", overflow="fold")
    for row in section.rows:
        table.add_row(*(plain(cell_words(cell)) for cell in row))
    console.print(table)
