"""Keeping the windows asked for: rows of other times are taken out again in the transaction that brought them."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from shadowscan.collect.formats.interface import Normalised
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from shadowscan.store.ledger import TRAFFIC_TIME, Entry

EVENT_TIME = {**TRAFFIC_TIME, "charge": "period_start_at"}
ANSWER_LEAD = timedelta(days=1)  # an answer names flows that start hours later: those before the window are kept

OPEN_START = datetime(1, 1, 1, tzinfo=UTC)
OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def window_mark(windows: Sequence[Window]) -> str:
    """What is added to the version of an object of which only these windows were kept: more is read again."""
    return "".join(f"|{_text(window.start)}/{_text(window.end)}" for window in windows)


def kept_windows(version: str) -> tuple[Window, ...]:
    """The windows that a version says were kept; none where the object was kept whole."""
    pairs = (mark.split("/", maxsplit=1) for mark in version.split("|")[1:])
    return tuple(Window(_moment(start), _moment(end)) for start, end in pairs)


def holds_window(version: str, window: Window) -> bool:
    """Whether an object of this version was kept whole or at least for the window."""
    kept = kept_windows(version)
    return not kept or any(_start(one) <= _start(window) and _end(window) <= _end(one) for one in kept)


def windows_to_keep(asked: Window, known: Entry | None) -> tuple[Window, ...]:
    """The times of an object to keep: those asked for, and those that earlier runs kept, or they would be lost.

    In order, apart from each other; none where everything is kept.
    """
    earlier = kept_windows(known.version) or _bounds_of(known) if known else ()
    joined: list[Window] = []
    for window in sorted((asked, *earlier), key=_start):
        if joined and _start(window) <= _end(joined[-1]):
            last = joined.pop()
            joined.append(Window(last.start, max(last, window, key=_end).end))
        else:
            joined.append(window)
    return () if joined[0] == Window() else tuple(joined)


def option_mark(options: Sequence[tuple[str, str]]) -> str:
    """What is added to the version of an object read with options of its source: other options read it again."""
    return "~" + hashlib.sha256(repr(sorted(options)).encode()).hexdigest()[:8] if options else ""


def without_windows(version: str) -> str:
    """The version without the windows kept of it."""
    return version.split("|", maxsplit=1)[0]


def unmarked(version: str) -> str:
    """The version as the source gave it."""
    return without_windows(version).split("~", maxsplit=1)[0]


def keep_windows(
    store: Store, wanted: Mapping[int, Sequence[Window]], found: dict[int, Normalised]
) -> tuple[dict[int, Normalised], set[int]]:
    """Delete rows outside the windows of their object; gives corrected results, and the ids that lost rows.

    Bounds are event time; no window keeps everything.
    """
    narrowed: set[int] = set()
    for source_id, result in found.items():
        windows = wanted[source_id]
        if not windows:
            continue
        kept = {
            table: _keep(store, table, source_id, windows) if table in EVENT_TIME else rows
            for table, rows in result.tables.items()
        }
        if kept != result.tables:
            narrowed.add(source_id)
            first_at, last_at = _bounds(store, source_id, kept)
            found[source_id] = dataclasses.replace(result, tables=kept, first_at=first_at, last_at=last_at)
    return found, narrowed


def _keep(store: Store, table: str, source_id: int, windows: Sequence[Window]) -> int:
    """Delete what is outside; gives the rows left."""
    column = EVENT_TIME[table]
    lead = ANSWER_LEAD if table == "dns_answer" else timedelta()
    bounds = [(_start(window) - lead if window.start else OPEN_START, _end(window)) for window in windows]
    inside = " or ".join(f"({column} >= ? and {column} < ?)" for _ in bounds)
    values = [source_id, *(_naive(moment) for pair in bounds for moment in pair)]
    store.query(f'delete from "{table}" where source_id = ? and not ({inside})', values)  # noqa: S608
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


def _bounds_of(entry: Entry) -> tuple[Window, ...]:
    """What is held of an object that no window was cut from: nothing lies outside its first and last event."""
    if entry.first_at is None or entry.last_at is None:
        return ()
    return (Window(entry.first_at.replace(tzinfo=UTC), entry.last_at.replace(tzinfo=UTC) + MOMENT),)


def _start(window: Window) -> datetime:
    return window.start or OPEN_START


def _end(window: Window) -> datetime:
    return window.end or OPEN_END


def _text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
