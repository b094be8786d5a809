"""One report of the store: its period, its figures, and its sections as rows."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from shadowscan.catalog import Catalog
from shadowscan.errors import ConfigError, Location
from shadowscan.figures.adoption import (
    adoption_by_team,
    adoption_by_week,
    count_adoption,
    member_adoption,
    narrow_by,
    spend_adoption,
)
from shadowscan.figures.attribution import attribution_figures
from shadowscan.figures.budget import budget_rows, forecast, without_gaps
from shadowscan.figures.facts import Facts, month_bounds, read_facts
from shadowscan.figures.load import ReportSpec, SectionSpec, load_report
from shadowscan.figures.money import money
from shadowscan.figures.period import Span, add_months, last_complete_quarter, parse_period, window_span
from shadowscan.figures.reconciliation import reconciliation
from shadowscan.model.report import Report, Section
from shadowscan.policy import Policy
from shadowscan.store.connection import Store

Figures = dict[str, Any]
Window = tuple[datetime | None, datetime | None]


def build_report(  # noqa: PLR0913 - the agreed signature; all but two by name
    store: Store,
    name: str,
    *,
    period: str = "",
    window: Window = (None, None),
    policy: Policy,
    catalog: Catalog,
    team: str | None = None,
) -> Report:
    """The report of that name; raises `UsageError` for an unknown name or period, `NotYetError` for a reserved one."""
    spec = load_report(name)
    span = choose_span(store, period, window, policy.spend.fiscal_year_start)
    facts = read_facts(store, span, policy.spend, team)
    figures = FIGURES[spec.figures](facts)
    is_open = (month_bounds(store) or (span.end, span.end))[1] < add_months(span.end, -1)
    return Report(
        name=name,
        title=spec.title,
        period=span.period(provisional=is_open or any(line.provisional for line in facts.current)),
        previous=span.previous.period(),
        currency=policy.spend.currency,
        figures=figures,
        sections=tuple(_section(store, spec, section, figures, facts, team) for section in spec.sections),
    )


def choose_span(store: Store, period: str, window: Window, fiscal_year_start: str) -> Span:
    """`--period`, else `--since/--until`, else the last complete quarter in the store."""
    if period:
        return parse_period(period, fiscal_year_start)
    bounds = month_bounds(store)
    if any(window):
        first, last = bounds or (date(1970, 1, 1), date(9998, 1, 1))
        return window_span(*window, (first, add_months(last, 1) if bounds else last))
    if bounds is None:
        return Span(date(1970, 1, 1), date(1970, 1, 2))
    return last_complete_quarter(*bounds, fiscal_year_start)


def _adoption_figures(facts: Facts) -> Figures:
    uses = facts.uses
    return {
        "adoption": spend_adoption(facts.current),
        "requests": count_adoption(facts.calls, "calls"),
        "tokens": count_adoption(facts.calls, "tokens"),
        "teams": member_adoption(uses, "team"),
        "workloads": member_adoption(uses, "subject_id"),
        "by_team": adoption_by_team(facts.current, uses),
        "by_week": adoption_by_week(uses),
        "narrow_by": narrow_by(facts.current),
    }


def _budget_figures(facts: Facts) -> Figures:
    """The forecast is of the period itself while it is open, else of the one after it, from what was known then."""
    span, history = facts.span, [month for month in facts.history if month.month < facts.span.end]
    complete = [one.month for one in history if one.is_complete]
    is_open = bool(complete) and add_months(complete[-1], 1) < span.end
    return {
        "forecast": forecast(history, span if is_open else span.next),
        "by_team": budget_rows(facts.current, facts.previous, facts.growth_alert, "team"),
        "by_vendor": budget_rows(facts.current, facts.previous, facts.growth_alert, "vendor_id"),
        "months": [
            {"month": f"{one.month:%Y-%m}", "spend": money(one.amount), "is_complete": one.is_complete}
            for one in without_gaps(history)
        ],
    }


FIGURES: dict[str, Callable[[Facts], Figures]] = {
    "": lambda facts: {},
    "attribution": attribution_figures,
    "adoption": _adoption_figures,
    "budget": _budget_figures,
    "reconciliation": lambda facts: {"reconciliation": reconciliation(facts)},
}


def _section(
    store: Store, spec: ReportSpec, section: SectionSpec, figures: Figures, facts: Facts, team: str | None
) -> Section:
    if section.figure:
        if section.figure not in figures:
            raise ConfigError(
                f"no figure {section.figure!r} in report {spec.id}", location=Location(section.file, section.line)
            )
        columns, rows = tabulate(figures[section.figure])
    else:
        columns, rows = _answer(store, section, facts, team)
    return Section(section.title, columns, rows, section.text, section.chart)


def _answer(
    store: Store, section: SectionSpec, facts: Facts, team: str | None
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    import duckdb

    offered = {"start": facts.span.start, "end": facts.span.end, "team": team or ""}
    used = {name: value for name, value in offered.items() if f"${name}" in section.sql}
    try:
        answer = store.query(section.sql, used)
    except duckdb.Error as error:
        raise ConfigError(
            f"section {section.title!r}: {error}", location=Location(section.file, section.line)
        ) from error
    return answer.columns, tuple(answer.rows)


def tabulate(figure: Any) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """A figure as columns and rows: a list of objects as it is, one object as name and value; nested ones as text."""
    if isinstance(figure, list):
        columns = tuple(figure[0]) if figure else ()
        return columns, tuple(tuple(_plain(row[column]) for column in columns) for row in figure)
    if isinstance(figure, dict):
        return ("figure", "value"), tuple((name, _plain(value)) for name, value in figure.items())
    return ("value",), ((_plain(figure),),)


def _plain(value: Any) -> Any:
    if value is None:
        return "n/a"
    if isinstance(value, list):
        return "; ".join(_candidate(entry) if isinstance(entry, dict) else str(entry) for entry in value)
    return value


def _candidate(entry: dict[str, Any]) -> str:
    if "probability" not in entry:
        return ", ".join(f"{name} {value}" for name, value in entry.items())
    return f"{entry['team']} {entry['probability']:.2f} ({entry['strength']})"
