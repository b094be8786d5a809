"""Collecting: every object of every target into its tables, once, and again only when it changed."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.collect.batch import add_item, flush
from shadowscan.collect.compression import Opened, open_object
from shadowscan.collect.describe import describe
from shadowscan.collect.keep import option_mark, unmarked, window_mark
from shadowscan.collect.recognise import Unrecognised, find_format, recognise
from shadowscan.collect.session import CollectOptions, Item, Session
from shadowscan.collect.sources import find_source
from shadowscan.collect.sources.interface import RemoteObject, Source
from shadowscan.errors import BadInputError, ShadowscanError, TargetError
from shadowscan.model.outcome import SourceReport
from shadowscan.model.target import Target
from shadowscan.progress import SILENT, Progress
from shadowscan.store.connection import Store
from shadowscan.store.ledger import Entry, Ledger, forget_objects, write_entries

__all__ = ["CollectOptions", "collect", "collect_bytes"]

# Each checkpoint merges row groups that are not full, by writing whole groups again: measured at a seventh of the CPU
# of a collection. One merge a checkpoint keeps small runs from leaving many small groups.
FEW_VACUUMS = "set max_vacuum_tasks = 1"


def collect(
    store: Store, targets: Sequence[Target], options: CollectOptions, progress: Progress = SILENT
) -> list[SourceReport]:
    """Take in the targets: one report a target and format, one for each object that is partial, skipped or failed.

    Raises `TargetError` for a target that does not exist, `UsageError` for a forced format that does not.
    """
    with TemporaryDirectory(prefix="shadowscan-") as folder:
        store.query(FEW_VACUUMS)
        session = Session(store, options, Path(folder), Ledger(store), progress)
        for target in targets:
            _collect_target(session, target)
        return session.tally.reports()


def collect_bytes(
    store: Store, *, target: str, name: str, data: bytes, scope: str, options: CollectOptions
) -> SourceReport | None:
    """Take in one object held in memory, such as CODEOWNERS of a repository; None where no format reads it.

    `scope` is what it speaks for: the same bytes of two repositories are two objects.
    """
    with TemporaryDirectory(prefix="shadowscan-") as folder:
        session = Session(store, options, Path(folder), Ledger(store))
        path = session.next_place().with_suffix(".bytes")
        path.write_bytes(data)
        here = Target(target, "path", str(path))
        found = _Found(f"{target}/{name}", "", options.collected_at, scope)
        _take(session, here, found, open_object(path, found.address, session.next_place()))
        flush(session)
        reports = [report for report in session.tally.reports() if report.format != "unrecognised"]
        # It has no time of its own, and the run's would make the same input give other bytes.
        return dataclasses.replace(reports[0], first_at=None, last_at=None) if reports else None


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    """One object as met: its own address, the version its source gives (empty = known by content alone)."""

    address: str
    version: str
    observed_at: datetime | None
    scope: str = ""


def _collect_target(session: Session, target: Target) -> None:
    source = find_source(target.source)
    options = dict(target.options)
    try:
        for remote in source.list_objects(target.location, session.options.window, options):
            _collect_object(session, source, target, remote)
    except TargetError:
        raise
    except (ShadowscanError, OSError) as error:
        session.tally.add_failed(target.text, target.format or "unrecognised", str(error))
    finally:
        flush(session)


def _collect_object(session: Session, source: Source, target: Target, remote: RemoteObject) -> None:
    session.progress.step("collect", remote.name)
    known = session.ledger.find_object(remote.name)
    if known and remote.version and _is_current(session, target, known, remote.version):
        session.tally.add_entry(target.text, known, unchanged=True)
        return
    found = _Found(remote.name, remote.version, remote.modified_at)
    try:
        path = source.fetch(target.location, remote, session.folder, dict(target.options))
        opened = open_object(path, remote.name, session.next_place())
    except (ShadowscanError, OSError) as error:
        session.tally.add_failed(remote.name, target.format or "unrecognised", _short(error))
        return
    _take(session, target, found, opened)


def _take(session: Session, target: Target, found: _Found, opened: Opened) -> None:
    """Put an opened object into its batch, unless its bytes are in the store already."""
    digest = f"{opened.digest}:{found.scope}" if found.scope else opened.digest
    if not found.version:
        found = dataclasses.replace(found, address=f"{found.address}#{opened.digest[:16]}", version=digest)
    if session.is_waiting(digest, found.address):
        flush(session)
    twin = session.ledger.find_digest(digest)
    if twin and _is_current(session, target, twin, unmarked(twin.version)):
        _keep_twin(session, target, found, twin)
        return
    try:
        format_ = find_format(target.format) if target.format else recognise(opened.head)
    except BadInputError as error:
        session.tally.add_failed(found.address, "unrecognised", str(error))
        return
    if isinstance(format_, Unrecognised):
        _report_unrecognised(session, found, opened, format_)
        return
    known = session.ledger.find_object(found.address)
    source_id = known.source_id if known else session.ledger.reserve_id()
    observed_at = found.observed_at.astimezone(UTC).replace(tzinfo=None) if found.observed_at else None
    item = Item(
        target=target.text,
        address=found.address,
        version=found.version + option_mark(target.options),
        opened=opened,
        format=format_,
        source_id=source_id,
        digest=digest,
        known=known,
        scope=found.scope,
        observed_at=observed_at,
        options=target.options,
    )
    add_item(session, item)


def _is_current(session: Session, target: Target, entry: Entry, version: str) -> bool:
    """Whether the entry holds this version, in the format and with the options asked for, whole or for this window."""
    forced = target.format.replace("-", "_")
    whole = version + option_mark(target.options)
    return entry.version in (whole, whole + window_mark(session.options.window)) and forced in ("", entry.format)


def _keep_twin(session: Session, target: Target, found: _Found, twin: Entry) -> None:
    """The same bytes are in the store: a touched file gets its new version, a renamed copy is not taken twice."""
    known = session.ledger.find_object(found.address)
    if known is twin and found.version != unmarked(twin.version):
        marks = twin.version.removeprefix(unmarked(twin.version))
        twin = dataclasses.replace(twin, version=found.version + marks)
        with session.store.transaction():
            write_entries(session.store, [twin])
        session.ledger.remember(twin)
    elif known is not None and known is not twin:
        forget_objects(session.store, [known.source_id])
        session.ledger.forget(known)
    session.tally.add_entry(target.text, twin, unchanged=True)


def _report_unrecognised(session: Session, found: _Found, opened: Opened, answer: Unrecognised) -> None:
    if opened.broken and not opened.head.data:
        session.tally.add_failed(found.address, "unrecognised", opened.broken)
        return
    nearest = f"; nearest format {answer.nearest}" if answer.nearest else ""
    session.tally.add_skipped(found.address, f"not recognised: {describe(opened.head)}{nearest}")


def _short(error: Exception) -> str:
    return str(error) if isinstance(error, ShadowscanError) else f"cannot be read: {getattr(error, 'strerror', error)}"
