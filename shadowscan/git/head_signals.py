"""Code signals of the files of one tree as rows; a file whose content was looked at before is not read again."""

from collections.abc import Iterable, Iterator, Mapping

from shadowscan.git.keep import Row, Session
from shadowscan.git.memory import Learned
from shadowscan.git.objects import read_objects
from shadowscan.git.place import Where
from shadowscan.git.repository import Repository
from shadowscan.git.signals import Signal, find_signals

SIGNAL_BYTES = 1024 * 1024
Signals = dict[str, list[Signal]]


def read_signals(repository: Repository, session: Session, files: Mapping[str, str], learned: Learned) -> Signals:
    """Signals by path, of the paths that have any; `files` maps paths to object ids."""
    found: Signals = {}
    fresh: dict[str, list[str]] = {}
    learned.files = {}
    for path, id in files.items():
        known = session.memory.signals(path, id)
        if known is None:
            fresh.setdefault(id, []).append(path)
        else:
            found[path] = known
            learned.learn_file(path, id, known)
    for path, id, data in _contents(repository, fresh):
        found[path] = find_signals(path, data, session.lexicon)
        learned.learn_file(path, id, found[path])
    return {path: found[path] for path in files if found.get(path)}


def signal_rows(signals: Signals, where: Where, base: Row) -> list[Row]:
    """A row a signal, with the commit that brought the file's content and the newest that has it."""
    return [
        signal_row(signal, base) | {"path": path, "object_id": where.head[path], "in_head": True} | _dates(path, where)
        for path, listed in signals.items()
        for signal in listed
    ]


def signal_row(signal: Signal, base: Row) -> Row:
    """A row with everything the signal itself knows."""
    return base | {
        "kind": signal.kind,
        "vendor_id": signal.vendor_id,
        "service": signal.service,
        "line": signal.line,
        "detail": signal.detail,
        "weight": signal.weight,
    }


def _contents(repository: Repository, fresh: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, bytes]]:
    for id, data in read_objects(repository, list(fresh)):
        if data is not None:
            yield from ((path, id, data) for path in fresh[id])


def _dates(path: str, where: Where) -> Row:
    id = where.head[path]
    if (id, path) not in where.history.added:
        return {}
    first = where.history.first(id, path)
    last = where.head_commit or first
    return {
        "commit_id": first.id,
        "author": first.author,
        "committed_at": first.at,
        "last_commit_id": last.id,
        "last_seen_at": last.at,
    }
