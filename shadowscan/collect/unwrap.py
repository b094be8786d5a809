"""Opening containers before recognition: the logs inside become plain files, each taken as if it had come alone."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from shadowscan.collect.batch import FATAL
from shadowscan.collect.compression import Opened, salvage
from shadowscan.collect.containers import load_containers
from shadowscan.collect.containers.interface import MARK, Container, Unwrapped
from shadowscan.collect.formats.interface import HEAD_BYTES, Head, LocalObject
from shadowscan.collect.recognise import is_known
from shadowscan.collect.session import Session
from shadowscan.collect.unreadable import cut_lines, is_unreadable_line
from shadowscan.errors import BadInputError

_BREAKS = (duckdb.Error, EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Content:
    """One log: the object itself, or what a container holds under `name`; `options` are what the container says."""

    name: str
    opened: Opened
    options: Mapping[str, str] = field(default_factory=dict)


def find_container(head: Head) -> Container | None:
    """The container this is; one that is not certain counts only where a format knows what is inside."""
    for container in load_containers():
        inside = container.peek(head)
        if inside is not None and (container.is_certain or is_known(inside)):
            return container
    return None


def unwrap(session: Session, container: Container, opened: Opened, name: str) -> list[Content]:
    """The logs inside. Raises `BadInputError` where the container cannot be read."""
    opened, found = _unwrap_or_mend(session, container, opened, name)
    contents = []
    for number, part in enumerate(found.parts):
        if number == 0 and found.refused:
            _add_marks(part.path, found.refused)
        digest = f"{opened.digest}!{part.name}" if part.name else opened.digest
        inside = replace(
            opened,
            path=part.path,
            head=Head(name, _first_bytes(part.path)),
            digest=digest,
            size_bytes=part.path.stat().st_size,
            refused=opened.refused or found.first_refused,
        )
        contents.append(Content(part.name, inside, part.options))
    return contents


def _unwrap_or_mend(session: Session, container: Container, opened: Opened, name: str) -> tuple[Opened, Unwrapped]:
    """What is inside; of a cut object its complete lines, of one with unreadable lines the others."""
    try:
        return opened, _unwrap(session, container, opened, name)
    except FATAL:
        raise
    except _BREAKS as error:
        mended = salvage(opened, name)
        if mended is None and is_unreadable_line(error):
            mended = cut_lines(opened, name)
        if mended is None:
            text = str(error).replace(str(opened.path), name).splitlines()[0]
            raise BadInputError(f"{name} cannot be read: {text}", hint="is the file complete?") from error
        return _unwrap_or_mend(session, container, mended, name)


def _unwrap(session: Session, container: Container, opened: Opened, name: str) -> Unwrapped:
    folder = session.next_place()
    folder.mkdir()
    item = LocalObject(0, name, str(opened.path), opened.head)
    return container.unwrap(session.store.engine, item, folder)


def _add_marks(path: Path, count: int) -> None:
    """Records that could not be had are counted by the format, as lines that are none of its records."""
    with path.open("ab") as out:
        out.write(f"{MARK}\n".encode() * count)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
