"""Where content came from: one pass over the log, made only when something was found."""

import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO

from shadowscan.git.name import printable
from shadowscan.git.refs import read_refs
from shadowscan.git.repository import Repository, safe_environment

_FORMAT = "--format=tformat:%x01%H%x02%P%x02%aN <%aE>%x02%ct"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `at` is naive UTC, `position` counts from the newest: an ancestor's is always higher."""

    id: str
    parents: tuple[str, ...]
    author: str
    at: datetime
    position: int


@dataclass
class History:
    """`added` and `dropped`: by (object id, path), the commits that brought and that removed that content there."""

    commits: dict[str, Commit] = field(default_factory=dict)
    added: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    dropped: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    is_cut: bool = False  # the log stopped at a commit that is missing or damaged

    def paths(self, object_id: str) -> list[str]:
        """Paths at which this content ever was."""
        return sorted(path for id, path in self.added if id == object_id)

    def first(self, object_id: str, path: str) -> Commit:
        """The oldest commit that introduced the content at the path."""
        return max((self.commits[id] for id in self.added[(object_id, path)]), key=lambda c: c.position)

    def last(self, object_id: str, path: str) -> Commit:
        """The newest commit that still had it: before its removal, else the one that brought it."""
        parents = [p for id in self.dropped.get((object_id, path), ()) for p in self.commits[id].parents]
        known = [self.commits[id] for id in (*parents, *self.added[(object_id, path)]) if id in self.commits]
        return min(known, key=lambda c: c.position)


def read_history(repository: Repository, wanted: Collection[str], span: tuple[str, ...] = ()) -> History:
    """Commits of all refs, or of the `span` of revisions, and which of them brought or removed the wanted object ids.

    Paths are printable. Where a commit is missing, those behind it are lost and `is_cut` says so.
    """
    revisions = span or read_refs(repository).tips
    if not revisions:
        return History()
    history = _log(repository, wanted, revisions, "--date-order")
    # Order needs every commit before the first line; without it there is a log as far as it goes.
    return _log(repository, wanted, revisions) if history.is_cut else history


def _log(repository: Repository, wanted: Collection[str], revisions: Sequence[str], *order: str) -> History:
    history = History()
    arguments = ["log", *order, "--stdin", "--raw", "-c", "--root", "--no-abbrev", "--no-renames"]
    call = repository.command(*arguments, "-z", "--no-ext-diff", "--no-textconv", _FORMAT)
    with TemporaryFile() as listed:
        listed.write("".join(f"{revision}\n" for revision in revisions).encode())
        listed.seek(0)
        with subprocess.Popen(
            call, stdin=listed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=safe_environment()
        ) as process:
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            _read(process.stdout, history, wanted)
    history.is_cut = process.returncode != 0
    return history


def head_tree(repository: Repository, ref: str = "HEAD") -> dict[str, str]:
    """Printable path to object id of every file in the tree of `ref`; empty where there is no such commit."""
    out = repository.text("ls-tree", "-r", "-z", "--full-tree", ref, check=False)
    found = {}
    for record in out.split(b"\0"):
        head, _, path = record.partition(b"\t")
        if head.split()[1:2] == [b"blob"]:
            found[printable(path)] = head.split()[2].decode()
    return found


def _read(pipe: IO[bytes], history: History, wanted: Collection[str]) -> None:
    ids = frozenset(id.encode() for id in wanted)
    tokens = _split(pipe)
    commit = ""
    for token in tokens:
        mark = token.lstrip(b"\n")
        if mark.startswith(b":"):
            path = next(tokens, b"")
            if commit and not ids.isdisjoint(mark.split(b" ")):
                _record(history, commit, mark, path, ids)
        elif mark.startswith(b"\x01"):
            made = _commit(mark, len(history.commits))
            history.commits[made.id] = made
            commit = made.id


def _record(history: History, commit: str, mark: bytes, path: bytes, wanted: frozenset[bytes]) -> None:
    """One raw line: `:` per parent, that many modes and one, that many ids and one, status."""
    parents = len(mark) - len(mark.lstrip(b":"))
    *before, after = mark.lstrip(b":").split(b" ")[parents + 1 : 2 * parents + 2]
    if after in wanted:
        history.added.setdefault((after.decode(), printable(path)), []).append(commit)
    for old in set(before) & wanted - {after}:
        history.dropped.setdefault((old.decode(), printable(path)), []).append(commit)


def _commit(mark: bytes, position: int) -> Commit:
    id, parents, rest = mark[1:].split(b"\x02", 2)
    author, _, at = rest.rpartition(b"\x02")
    return Commit(id.decode(), tuple(parents.decode().split()), printable(author), _moment(at.strip()), position)


def _moment(text: bytes) -> datetime:
    """Seconds since 1970 as a moment; what no calendar knows is 1970."""
    try:
        return datetime.fromtimestamp(int(text), UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as stored


def _split(pipe: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := pipe.read(1 << 20):
        *tokens, rest = (rest + chunk).split(b"\0")
        yield from tokens
    if rest:
        yield rest
