"""Roster: a CSV of people with their team, as HR or an identity provider exports it.

Real shape: a header line with an e-mail column and a team, department or cost centre column; comma, semicolon or tab.

| column of `person` | header names taken (case and `-_ .` make no difference) |
|---|---|
| `email` | email, e-mail, mail, work email, user principal name |
| `name` | name, full name, display name, employee |
| `team` | team, squad, group, team name |
| `department` | department, dept, division, org unit |
| `cost_center` | cost center, cost centre, cc, cost center code |
| `manager` | manager, manager email, reports to |
| `is_active` | active, status, employment status: `no false 0 inactive terminated left suspended` are not |

Doubts: none of this is standard. Rows without an e-mail address are refused and counted.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location
from shadowscan.store.rows import insert_rows

_NAMES = {
    "email": ("email", "mail", "workemail", "userprincipalname", "emailaddress"),
    "name": ("name", "fullname", "displayname", "employee", "employeename"),
    "team": ("team", "squad", "group", "teamname"),
    "department": ("department", "dept", "division", "orgunit"),
    "cost_center": ("costcenter", "costcentre", "cc", "costcentercode"),
    "manager": ("manager", "manageremail", "reportsto"),
    "is_active": ("active", "isactive", "status", "employmentstatus"),
}
_MONEY = frozenset({"amount", "cost", "billedcost", "debit", "total", "price", "spend"})
_GONE = frozenset({"no", "false", "0", "n", "inactive", "terminated", "left", "suspended", "deprovisioned"})
_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+$")


class RosterCsv:
    """People and their teams."""

    id = "roster_csv"
    title = "Roster (CSV of people and teams)"
    tables = ("person",)

    def sniff(self, head: Head) -> float:
        lines = head.lines
        columns = _columns(lines[0]) if lines and "\x00" not in lines[0] else {}
        if "email" not in columns or not columns.keys() & {"team", "department", "cost_center"}:
            return 0.0
        return 0.0 if _MONEY & {_fold(name) for name in _split(lines[0])} else 0.85

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = RosterCsv()


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    text = read_object(item)
    columns = _columns(text.split("\n", 1)[0])
    if "email" not in columns:
        raise BadInputError("no e-mail column in the first line", location=Location(item.name, 1))
    rows: list[dict[str, object]] = []
    rejected, sample = 0, ""
    for line, fields in _records(text, item):
        row = {name: _cell(fields, place) for name, place in columns.items()}
        if _EMAIL.match(row["email"]):
            rows.append(_person(row, item.source_id, line))
        else:
            rejected, sample = rejected + 1, sample or f"line {line}: no e-mail address in {row['email']!r}"[:200]
    seen: datetime | None = item.observed_at
    return Normalised({"person": insert_rows(engine, "person", rows)}, rejected, sample, seen, seen)


def _records(text: str, item: LocalObject) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text.split("\n", 1)[0]))
    try:
        for number, fields in enumerate(reader):
            if number and any(field.strip() for field in fields):
                yield reader.line_num, fields
    except csv.Error as error:
        raise BadInputError(f"not valid CSV: {error}", location=Location(item.name, reader.line_num)) from error


def _person(row: dict[str, str], source_id: int, line: int) -> dict[str, object]:
    return {
        "source_id": source_id,
        "line": line,
        "email": row["email"].casefold(),
        "name": row.get("name", ""),
        **{name: row.get(name) or "unknown" for name in ("team", "department", "cost_center")},
        "manager": row.get("manager", "").casefold() or "unknown",
        "is_active": row.get("is_active", "").casefold() not in _GONE,
    }


def _columns(header: str) -> dict[str, int]:
    """Our column → its place in the line; the first header name that fits wins."""
    places = {_fold(name): place for place, name in reversed(list(enumerate(_split(header))))}
    found = {ours: next((places[name] for name in names if name in places), None) for ours, names in _NAMES.items()}
    return {ours: place for ours, place in found.items() if place is not None}


def _split(header: str) -> list[str]:
    return [part.strip().strip('"') for part in header.strip("\r\n\ufeff").split(_delimiter(header))]


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _fold(name: str) -> str:
    return re.sub(r"[-_ ./]+", "", name.casefold())


def _cell(fields: list[str], place: int) -> str:
    return fields[place].strip() if place < len(fields) else ""
