"""The ledger: which objects are in the store, so that nothing is taken in twice and nothing is lost.

Rows and ledger entry are written in one transaction by the caller. A replaced object keeps its `source_id`.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shadowscan.schema import tables_of
from shadowscan.store.connection import Store

# Traffic tables feed daily roll-ups; charges are rolled up by period and mark nothing.
TRAFFIC_TIME = {
    "flow": "started_at",
    "dns_query": "queried_at",
    "dns_answer": "answered_at",
    "tls_connection": "started_at",
    "model_call": "called_at",
}

SELECT_ENTRIES = """
select
  source_id, target, object, format, digest, version, size_bytes, state, reason,
  rows, rejected, first_at, last_at, collected_at, run_id
from source_object
order by source_id
"""

INSERT_ENTRY = """
insert or replace into source_object by name
select
  $source_id as source_id,
  $target as target,
  $object as object,
  $format as format,
  $digest as digest,
  $version as version,
  $size_bytes as size_bytes,
  $state as state,
  $reason as reason,
  $rows as rows,
  $rejected as rejected,
  $first_at::timestamp as first_at,
  $last_at::timestamp as last_at,
  $collected_at::timestamp as collected_at,
  $run_id as run_id
"""

INSERT_DIRTY_DAYS = """
insert or ignore into dirty_day
select distinct unnest($days::date[])
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One taken-in object, as in table `source_object`; `rows` counts rows held by table, times are naive UTC."""

    source_id: int
    target: str
    object: str
    format: str
    digest: str
    version: str
    size_bytes: int
    collected_at: datetime
    run_id: str
    state: str = "collected"
    reason: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


class Ledger:
    """All entries of the store in memory, by address and by digest. `remember` only what was committed."""

    def __init__(self, store: Store) -> None:
        self._by_object: dict[str, Entry] = {}
        self._by_digest: dict[str, Entry] = {}
        self._parts: dict[str, dict[str, Entry]] = {}
        self._next_id = 1
        for entry in read_entries(store):
            self.remember(entry)

    def find_object(self, address: str) -> Entry | None:
        """The entry of the object at this address."""
        return self._by_object.get(address)

    def find_parts(self, address: str) -> list[Entry]:
        """The entry of the object at this address and those of the logs inside it, `ADDRESS!NAME`."""
        return list(self._parts.get(address, {}).values())

    def find_digest(self, digest: str) -> Entry | None:
        """The completely collected entry that holds the same bytes, under whatever name."""
        return self._by_digest.get(digest)

    def reserve_id(self) -> int:
        """A source id that no entry has."""
        self._next_id += 1
        return self._next_id - 1

    def remember(self, entry: Entry) -> None:
        """Keep in step with what is now committed."""
        old = self._by_object.get(entry.object)
        if old is not None and self._by_digest.get(old.digest) is old:
            del self._by_digest[old.digest]
        self._by_object[entry.object] = entry
        for whole in _wholes(entry.object):
            self._parts.setdefault(whole, {})[entry.object] = entry
        if entry.state == "collected":
            self._by_digest.setdefault(entry.digest, entry)
        self._next_id = max(self._next_id, entry.source_id + 1)

    def forget(self, entry: Entry) -> None:
        """Drop an entry that was removed from the store."""
        self._by_object.pop(entry.object, None)
        for whole in _wholes(entry.object):
            self._parts[whole].pop(entry.object, None)
        if self._by_digest.get(entry.digest) is entry:
            del self._by_digest[entry.digest]


def _wholes(address: str) -> tuple[str, ...]:
    """The addresses this entry is found under: its own, and that of the object it lies in."""
    whole, mark, _ = address.partition("!")
    return (address, whole) if mark else (address,)


def read_entries(store: Store) -> list[Entry]:
    """Every entry of the ledger, by id."""
    entries = []
    for values in store.query(SELECT_ENTRIES).dicts():
        values["rows"] = json.loads(values["rows"])
        entries.append(Entry(**values))
    return entries


def write_entries(store: Store, entries: Iterable[Entry]) -> None:
    """Insert or replace ledger rows; call inside the transaction that holds the objects' rows."""
    for entry in entries:
        values: dict[str, object] = {name: getattr(entry, name) for name in Entry.__slots__}
        values["rows"] = json.dumps(entry.rows, sort_keys=True)
        store.query(INSERT_ENTRY, values)


def delete_rows(store: Store, source_ids: Collection[int]) -> None:
    """Delete every row read from these objects, and mark their days; the ledger rows stay."""
    mark_days(store, source_ids)
    for table in tables_of("base"):
        store.query(
            f'delete from "{table.name}" where list_contains($ids, source_id)',  # noqa: S608 - a declared name
            {"ids": list(source_ids)},
        )


def mark_days(store: Store, source_ids: Collection[int]) -> None:
    """Mark the UTC days these objects touch as dirty, and each day after (an answer names flows past midnight)."""
    days: set[date] = set()
    for table, column in TRAFFIC_TIME.items():
        found = store.query(
            f'select distinct {column}::date from "{table}" where list_contains($ids, source_id)',  # noqa: S608
            {"ids": list(source_ids)},
        ).rows
        days.update(day for (day,) in found)
    touched = sorted(days | {day + timedelta(days=1) for day in days})
    if touched:
        store.query(INSERT_DIRTY_DAYS, {"days": touched})


def forget_objects(store: Store, source_ids: Sequence[int]) -> None:
    """Remove these objects with all their rows, in one transaction; what is forgotten is collected again if met."""
    with store.transaction():
        delete_rows(store, source_ids)
        store.query("delete from source_object where list_contains($ids, source_id)", {"ids": list(source_ids)})
