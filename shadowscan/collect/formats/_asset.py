"""Rows of `asset`: text of authors made plain, places filled, bad records counted alone.

Names and tags are written by whoever made the resource. Control and direction characters are taken out and white space
is one space, so that a tag `team` with a line end after it still names the team, and nothing acts on a terminal.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]
Reading = tuple[int, Callable[[], Iterable[Row]]]  # record or line number, and what reads its rows

MAXIMUM_TEXT = 1_000
MAXIMUM_TAGS = 200
BATCH_ROWS = 20_000
_UNKNOWN = ("account_id", "vpc_id", "subnet_id", "region", "parent_id", "role", "repo")
_EMPTY = ("name", "address", "cidr", "placement")
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co"})
REFUSED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def asset_row(asset_id: object, kind: str, *, tags: Mapping[str, Any] | None = None, **places: Any) -> Row:
    """One row, what is left out `unknown` or empty; raises ValueError where there is no id."""
    known = {name: plain(value) for name, value in places.items() if value and name != "observed_at"}
    row = {
        "asset_id": plain(asset_id),
        "kind": kind,
        **dict.fromkeys(_UNKNOWN, "unknown"),
        **dict.fromkeys(_EMPTY, ""),
        **{name: value for name, value in known.items() if value},
        "tags": write_tags(tags or {}),
    }
    if not row["asset_id"]:
        raise ValueError(f"a {kind} without an id")
    return {**row, "observed_at": places["observed_at"]} if places.get("observed_at") else row


def insert_assets(engine: DuckDBEngine, item: LocalObject, readings: Iterable[Reading]) -> Normalised:
    """Insert the rows of every record; a record that cannot be read is counted, the first one shown."""
    refused: list[str] = []
    rows, count = _rows(item, readings, refused), 0
    while batch := list(islice(rows, BATCH_ROWS)):
        count += insert_rows(engine, "asset", batch)
    sample = refused[0] if refused else ""
    return Normalised({"asset": count}, len(refused), sample, item.observed_at, item.observed_at)


def _rows(item: LocalObject, readings: Iterable[Reading], refused: list[str]) -> Iterator[Row]:
    for number, read in readings:
        try:
            found = list(read())
        except REFUSED as error:
            refused.append(plain(f"record {number}: {type(error).__name__} {error}")[:200])
            continue
        for row in found:
            yield {"observed_at": item.observed_at, **row, "source_id": item.source_id, "line": number}


def read_each(records: Iterable[tuple[int, Any]], read: Callable[[dict[str, Any]], Iterable[Row]]) -> Iterator[Reading]:
    """A reading of every record; one that is no object, or whose document was broken, is refused."""
    for number, record in records:
        if isinstance(record, dict):
            yield number, partial(read, record)
        else:
            broken = record if isinstance(record, Exception) else TypeError(f"{type(record).__name__} is no record")
            yield number, partial(refuse, broken)


def refuse(error: Exception) -> Iterable[Row]:
    """What reads a record that is known to be bad."""
    raise ValueError(str(error))


def plain(value: object) -> str:
    """Text without control, direction and unpaired characters, white space as one space, cut at a thousand."""
    text = str(value)[: 2 * MAXIMUM_TEXT]
    if not text.isprintable():
        text = "".join(character for character in text if _is_text(character))
    return " ".join(text.split())[:MAXIMUM_TEXT]


def _is_text(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _NOT_TEXT


def write_tags(tags: Mapping[str, Any]) -> str:
    """Tags as sorted JSON; nested values are left out, and what is empty once made plain."""
    texts = {plain(key): plain(value) for key, value in tags.items() if isinstance(value, str | int | float)}
    kept = {key: texts[key] for key in sorted(texts)[:MAXIMUM_TAGS] if key and texts[key]}
    return json.dumps(kept, ensure_ascii=False)


def pairs(listed: Any, key: str = "Key", value: str = "Value") -> dict[str, Any]:
    """A list of tags as a mapping; raises KeyError where an entry has no key."""
    return {str(tag[key]): tag.get(value) or "" for tag in listed or ()}


def moment(value: Any) -> datetime | None:
    """A time as APIs write it, naive UTC; None where it is none."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
