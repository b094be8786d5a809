"""Keeping the window: rows of other times are taken out again in the transaction that brought them."""

import dataclasses
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shadowscan.collect.formats.interface import Normalised
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from shadowscan.store.ledger import TRAFFIC_TIME

EVENT_TIME = {**TRAFFIC_TIME, "charge": "period_start_at"}
ANSWER_LEAD = timedelta(days=1)  # an answer names flows that start hours later: those before the window are kept

OPEN_START = datetime(1, 1, 1, tzinfo=UTC)
OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)


def window_mark(window: Window) -> str:
    """What is added to the version of an object of which only a window was kept: another window reads it again."""
    if window.start is None and window.end is None:
        return ""
    start, end = (f"{bound:%Y-%m-%dT%H:%M:%S}" if bound else "" for bound in (window.start, window.end))
    return f"|{start}/{end}"


def option_mark(options: Sequence[tuple[str, str]]) -> str:
    """What is added to the version of an object read with options of its source: other options read it again."""
    return "~" + hashlib.sha256(repr(sorted(options)).encode()).hexdigest()[:8] if options else ""


def unmarked(version: str) -> str:
    """The version as the source gave it."""
    return version.split("|", maxsplit=1)[0].split("~", maxsplit=1)[0]


def keep_window(store: Store, window: Window, found: dict[int, Normalised]) -> tuple[dict[int, Normalised], set[int]]:
    """Delete rows outside the window; gives corrected results, and the ids that lost rows. Bounds are event time."""
    if window.start is None and window.end is None:
        return found, set()
    narrowed: set[int] = set()
    for source_id, result in found.items():
        kept = {
            table: _keep(store, table, source_id, window) if table in EVENT_TIME else rows
            for table, rows in result.tables.items()
        }
        if kept != result.tables:
            narrowed.add(source_id)
            first_at, last_at = _bounds(store, source_id, kept)
            found[source_id] = dataclasses.replace(result, tables=kept, first_at=first_at, last_at=last_at)
    return found, narrowed


def _keep(store: Store, table: str, source_id: int, window: Window) -> int:
    """Delete what is outside; gives the rows left."""
    column = EVENT_TIME[table]
    start = (window.start or OPEN_START) - (ANSWER_LEAD if table == "dns_answer" and window.start else timedelta())
    values: dict[str, object] = {"id": source_id, "start": _naive(start), "end": _naive(window.end or OPEN_END)}
    store.query(
        f'delete from "{table}" where source_id = $id and ({column} < $start or {column} >= $end)',  # noqa: S608
        values,
    )
    rows = store.query(f'select count(*) from "{table}" where source_id = $id', {"id": source_id}).rows  # noqa: S608
    return int(rows[0][0])


def _bounds(store: Store, source_id: int, tables: dict[str, int]) -> tuple[datetime | None, datetime | None]:
    moments: list[datetime] = []
    for table in tables:
        if table in EVENT_TIME:
            column = EVENT_TIME[table]
            sql = f'select min({column}), max({column}) from "{table}" where source_id = $id'  # noqa: S608
            moments.extend(moment for moment in store.query(sql, {"id": source_id}).rows[0] if moment)
    return min(moments, default=None), max(moments, default=None)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
