"""Taking one opened object: bytes known already, a container of other logs, or one log of one format."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime

from shadowscan.collect.batch import add_item, flush
from shadowscan.collect.compression import Opened
from shadowscan.collect.describe import describe
from shadowscan.collect.formats.interface import Format
from shadowscan.collect.keep import holds_window, option_mark, unmarked, without_windows
from shadowscan.collect.recognise import Unrecognised, find_format, recognise
from shadowscan.collect.session import Item, Session
from shadowscan.collect.unwrap import Content, find_container, unwrap
from shadowscan.errors import BadInputError
from shadowscan.model.target import Target
from shadowscan.store.ledger import Entry, forget_objects, write_entries


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One object as met: its own address, the version its source gives (empty = known by content alone)."""

    address: str
    version: str
    observed_at: datetime | None
    scope: str = ""


def take(session: Session, target: Target, found: Found, opened: Opened) -> None:
    """Put an opened object, or each log in it, into its batch, unless its bytes are in the store already."""
    if not found.version:
        digest = _scoped(opened.digest, found.scope)
        found = dataclasses.replace(found, address=f"{found.address}#{opened.digest[:16]}", version=digest)
    container = find_container(opened.head)
    if container is None:
        _take_content(session, target, found, Content("", opened))
        return
    try:
        contents = unwrap(session, container, opened, found.address)
    except BadInputError as error:
        session.tally.add_failed(found.address, container.id, str(error))
        return
    finally:
        session.discard(opened)
    for content in contents:
        address = f"{found.address}!{content.name}" if content.name else found.address
        _take_content(session, target, dataclasses.replace(found, address=address), content)
    _forget_parts(session, found.address, {content.name for content in contents})


def remember_empty(session: Session, target: Target, found: Found, opened: Opened) -> None:
    """Keep in the ledger that a window of time holds nothing, so that it is not asked for again."""
    known = session.ledger.find_object(found.address)
    entry = Entry(
        source_id=known.source_id if known else session.ledger.reserve_id(),
        target=target.text,
        object=found.address,
        format=target.format.replace("-", "_") or "none",
        digest=f"{opened.digest}:{found.address}",
        version=found.version + option_mark(target.options),
        size_bytes=0,
        collected_at=session.options.collected_at.replace(tzinfo=None),
        run_id=session.options.run_id,
    )
    with session.store.transaction():
        write_entries(session.store, [entry])
    session.ledger.remember(entry)
    session.tally.add_entry(target.text, entry, unchanged=False)
    session.discard(opened)


def is_current(session: Session, target: Target, entry: Entry, version: str) -> bool:
    """Whether the entry holds this version, in the format and with the options asked for, at least for this window."""
    is_same = without_windows(entry.version) == version + option_mark(target.options)
    is_right = target.format.replace("-", "_") in ("", entry.format)
    return is_same and is_right and holds_window(entry.version, session.options.window)


def _take_content(session: Session, target: Target, found: Found, content: Content) -> None:
    digest = _scoped(content.opened.digest, found.scope)
    if session.is_waiting(digest, found.address):
        flush(session)
    twin = session.ledger.find_digest(digest)
    if twin and is_current(session, target, twin, unmarked(twin.version)):
        _keep_twin(session, target, found, twin)
        session.discard(content.opened)
        return
    format_ = _format_of(session, target, found, content.opened)
    if format_ is None:
        session.discard(content.opened)
        return
    item = _item(session, target, found, content.opened, format_)
    add_item(session, dataclasses.replace(item, options=_merged(content.options, target)))


def _format_of(session: Session, target: Target, found: Found, opened: Opened) -> Format | None:
    """The forced or recognised format; None where that was reported as skipped or failed."""
    try:
        format_ = find_format(target.format) if target.format else recognise(opened.head)
    except BadInputError as error:
        session.tally.add_failed(found.address, "unrecognised", str(error))
        return None
    if isinstance(format_, Unrecognised):
        _report_unrecognised(session, found, opened, format_)
        return None
    return format_


def _item(session: Session, target: Target, found: Found, opened: Opened, format_: Format) -> Item:
    known = session.ledger.find_object(found.address)
    observed_at = found.observed_at.astimezone(UTC).replace(tzinfo=None) if found.observed_at else None
    return Item(
        target=target.text,
        address=found.address,
        version=found.version + option_mark(target.options),
        opened=opened,
        format=format_,
        source_id=known.source_id if known else session.ledger.reserve_id(),
        digest=_scoped(opened.digest, found.scope),
        known=known,
        scope=found.scope,
        observed_at=observed_at,
    )


def _merged(inside: Mapping[str, str], target: Target) -> tuple[tuple[str, str], ...]:
    """What the container says of the log, and over it what the user says of the source."""
    return tuple(sorted((dict(inside) | dict(target.options)).items()))


def _keep_twin(session: Session, target: Target, found: Found, twin: Entry) -> None:
    """The same bytes are in the store: a touched file gets its new version, a renamed copy is not taken twice."""
    known = session.ledger.find_object(found.address)
    if known is twin and found.version != unmarked(twin.version):
        marks = twin.version.removeprefix(unmarked(twin.version))
        twin = dataclasses.replace(twin, version=found.version + marks)
        with session.store.transaction():
            write_entries(session.store, [twin])
        session.ledger.remember(twin)
    elif known is not None and known is not twin:
        _forget(session, known)
    session.tally.add_entry(target.text, twin, unchanged=True)


def _forget_parts(session: Session, address: str, names: set[str]) -> None:
    """Drop what an earlier version of a container held and this one does not."""
    for entry in session.ledger.find_parts(address):
        if entry.object.removeprefix(address).removeprefix("!") not in names:
            _forget(session, entry)


def _forget(session: Session, entry: Entry) -> None:
    forget_objects(session.store, [entry.source_id])
    session.ledger.forget(entry)


def _report_unrecognised(session: Session, found: Found, opened: Opened, answer: Unrecognised) -> None:
    if opened.broken and not opened.head.data:
        session.tally.add_failed(found.address, "unrecognised", opened.broken)
        return
    nearest = f"; nearest format {answer.nearest}" if answer.nearest else ""
    session.tally.add_skipped(found.address, f"not recognised: {describe(opened.head)}{nearest}")


def _scoped(digest: str, scope: str) -> str:
    return f"{digest}:{scope}" if scope else digest
