"""Storing one batch: rows and ledger entries in one transaction, and a bad object alone."""

import dataclasses

import duckdb

from shadowscan.collect.compression import salvage
from shadowscan.collect.formats.interface import Normalised
from shadowscan.collect.keep import keep_windows, window_mark, windows_to_keep
from shadowscan.collect.session import BATCH_BYTES, BATCH_OBJECTS, Item, Session
from shadowscan.collect.unreadable import cut_lines, is_unreadable_line
from shadowscan.errors import ShadowscanError
from shadowscan.store.ledger import Entry, delete_rows, mark_days, write_entries

# Not the object's fault: no use in trying the next one.
FATAL = (duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.InterruptException)
MAX_REASON = 300


def add_item(session: Session, item: Item) -> None:
    """Put an object into its batch, and store the batch once it is full."""
    batch = session.waiting.setdefault((item.format.id, item.format.group_key(item.local)), [])
    batch.append(item)
    session.held |= {item.digest, item.address}
    if len(batch) >= BATCH_OBJECTS or sum(waiting.weight for waiting in batch) >= BATCH_BYTES:
        flush(session)


def flush(session: Session) -> None:
    """Store everything that waits."""
    while session.waiting:
        key = next(iter(session.waiting))
        items = session.waiting.pop(key)
        _store_or_split(session, items)
        for item in items:
            session.discard(item.opened)
    session.held.clear()


def _store_or_split(session: Session, items: list[Item]) -> None:
    """Store a batch; when it fails, its halves, so that a bad object ends up alone and fails alone."""
    try:
        stored = _store(session, items)
    except FATAL:
        raise
    except Exception as error:
        if len(items) == 1:
            _save_what_can(session, items[0], error)
            return
        middle = len(items) // 2
        _store_or_split(session, items[:middle])
        _store_or_split(session, items[middle:])
        return
    for item, entry, sample in stored:
        session.ledger.remember(entry)
        session.tally.add_entry(item.target, entry, unchanged=False, sample=sample)


def _save_what_can(session: Session, item: Item, error: Exception) -> None:
    """Keep the complete lines of a cut object, and the readable ones of any; what cannot be mended has failed."""
    try:
        opened = salvage(item.opened, item.address)
        if opened is None and is_unreadable_line(error):
            opened = cut_lines(item.opened, item.address)
    except ShadowscanError as refused:
        error, opened = refused, None
    if opened is None or not opened.head.data:
        reason = opened.broken if opened else _reason(item, error)
        session.tally.add_failed(item.address, item.format.id, reason)
        return
    _store_or_split(session, [dataclasses.replace(item, opened=opened)])
    opened.path.unlink(missing_ok=True)


def _store(session: Session, items: list[Item]) -> list[tuple[Item, Entry, str]]:
    """Rows, ledger entries and dirty days of one batch: all or nothing."""
    store = session.store
    ids = [item.source_id for item in items]
    replaced = [item.source_id for item in items if item.known]
    with store.transaction():
        if replaced:
            delete_rows(store, replaced)
        found = items[0].format.normalise(store.engine, [item.local for item in items])
        wanted = {item.source_id: windows_to_keep(session.options.window, item.known) for item in items}
        found, narrowed = keep_windows(store, wanted, found)
        stored = [
            (
                item,
                _entry(session, item, found[id], window_mark(wanted[id]) if id in narrowed else ""),
                _sample(item, found[id]),
            )
            for id, item in zip(ids, items, strict=True)
        ]
        write_entries(store, [entry for _, entry, _ in stored])
        mark_days(store, ids)
    return stored


def _entry(session: Session, item: Item, found: Normalised, mark: str) -> Entry:
    return Entry(
        source_id=item.source_id,
        target=item.target,
        object=item.address,
        format=item.format.id,
        digest=item.digest,
        version=item.version + mark,
        size_bytes=item.opened.size_bytes,
        collected_at=session.options.collected_at.replace(tzinfo=None),
        run_id=session.options.run_id,
        state="partial" if item.opened.broken else "collected",
        reason=item.opened.broken,
        rows=found.tables,
        rejected=found.rejected,
        first_at=found.first_at,
        last_at=found.last_at,
    )


def _sample(item: Item, found: Normalised) -> str:
    return item.opened.refused if found.rejected and item.opened.refused else found.reject_sample


def _reason(item: Item, error: Exception) -> str:
    """The error in one line, without the places where we laid the object."""
    text = str(error).replace(str(item.opened.path), item.address)
    line = (
        text
        if isinstance(error, ShadowscanError)
        else f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"
    )
    return line[:MAX_REASON]
