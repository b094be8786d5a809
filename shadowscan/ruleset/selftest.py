"""A rule's own tests, run on a database that holds nothing but the rows they give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.model.rule import Rule, RuleTest, Value
from shadowscan.model.table import Column
from shadowscan.ruleset.views import empty_views, readable_tables


@dataclass(frozen=True, slots=True)
class RuleTestResult:
    """What became of one test: `problem` says what was expected and what came, empty where it passed."""

    rule_id: str
    test: str
    kind: str
    problem: str

    @property
    def passed(self) -> bool:
        return not self.problem


def run_tests(rules: Iterable[Rule]) -> list[RuleTestResult]:
    """Every test of these rules, in order."""
    with empty_views() as engine:
        return [
            RuleTestResult(rule.id, test.name, test.kind, problem)
            for rule in rules
            for test in rule.tests
            for problem in check_sql(engine, rule, test, [rule.sql])
        ]


def check_sql(engine: DuckDBEngine, rule: Rule, test: RuleTest, statements: Sequence[str]) -> Iterator[str]:
    """What is wrong with each statement's answer to one test, empty where it is the expected one."""
    problem = _fill(engine, test)
    for sql in statements:
        yield problem or _compare(engine, rule, test, sql)


def _fill(engine: DuckDBEngine, test: RuleTest) -> str:
    for name in readable_tables():
        engine.connection.execute(f'delete from "{name}"')  # noqa: S608 - names are the schema's own
    try:
        for name, rows in test.given.items():
            for row in rows:
                _insert(engine, name, row)
    except duckdb.Error as error:
        return f"given rows do not fit: {str(error).splitlines()[0]}"
    return ""


def _insert(engine: DuckDBEngine, name: str, row: Mapping[str, Value]) -> None:
    """One row; what the test leaves out is the column's value of absence, else its example."""
    columns = readable_tables()[name].columns
    values = ", ".join("$" + column.name if column.name in row else _absent(column) for column in columns)
    engine.connection.execute(f'insert into "{name}" values ({values})', dict(row) or None)  # noqa: S608


def _absent(column: Column) -> str:
    if column.default:
        return column.default
    if column.nullable:
        return "null"
    example = column.example.replace("'", "''")
    return f"cast('{example}' as {column.type})"


def _compare(engine: DuckDBEngine, rule: Rule, test: RuleTest, sql: str) -> str:
    defaults = {param.name: param.default for param in rule.params}
    try:
        actual = engine.query(sql, {**defaults, **test.params}).dicts()
    except duckdb.Error as error:
        return f"sql failed: {str(error).splitlines()[0]}"
    found = sorted((_written(row) for row in actual), key=str)
    unmatched = [row for row in found if not any(_agrees(row, expected) for expected in test.expect)]
    absent = [expected for expected in test.expect if not any(_agrees(row, expected) for row in found)]
    if not unmatched and not absent and len(found) == len(test.expect):
        return ""
    return f"expected {_shown(test.expect)}, got {_shown(found)}"


def _agrees(row: Mapping[str, Value], expected: Mapping[str, Value]) -> bool:
    return all(row.get(name) == value for name, value in expected.items())


def _written(row: Mapping[str, Any]) -> dict[str, Value]:
    """A row as a person writes it in a test."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Value:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(rows: Sequence[Mapping[str, Value]]) -> str:
    return "no rows" if not rows else "; ".join(str(dict(row)) for row in rows)
