"""Collecting: every object of every target into its tables, once, and again only when it changed."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from shadowscan.collect.batch import flush
from shadowscan.collect.compression import open_object
from shadowscan.collect.session import CollectOptions, Session
from shadowscan.collect.sources import find_source
from shadowscan.collect.sources.interface import RemoteObject, Source
from shadowscan.collect.take import Found, is_current, remember_empty, take
from shadowscan.errors import ShadowscanError, TargetError
from shadowscan.model.outcome import SourceReport
from shadowscan.model.target import Target
from shadowscan.progress import SILENT, Progress
from shadowscan.store.connection import Store
from shadowscan.store.ledger import Ledger

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
        found = Found(f"{target}/{name}", "", options.collected_at, scope)
        take(session, here, found, open_object(path, found.address, session.next_place()))
        flush(session)
        reports = [report for report in session.tally.reports() if report.format != "unrecognised"]
        # It has no time of its own, and the run's would make the same input give other bytes.
        return dataclasses.replace(reports[0], first_at=None, last_at=None) if reports else None


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
    known = session.ledger.find_parts(remote.name)
    if known and remote.version and all(is_current(session, target, entry, remote.version) for entry in known):
        for entry in known:
            session.tally.add_entry(target.text, entry, unchanged=True)
        return
    found = Found(remote.name, remote.version, remote.modified_at)
    try:
        path = source.fetch(target.location, remote, session.folder, dict(target.options))
        opened = open_object(path, remote.name, session.next_place())
    except (ShadowscanError, OSError) as error:
        session.tally.add_failed(remote.name, target.format or "unrecognised", _short(error))
        return
    if remote.may_be_empty and not opened.head.data:
        remember_empty(session, target, found, opened)
        return
    take(session, target, found, opened)


def _short(error: Exception) -> str:
    return str(error) if isinstance(error, ShadowscanError) else f"cannot be read: {getattr(error, 'strerror', error)}"
