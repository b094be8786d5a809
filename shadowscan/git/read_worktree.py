"""Reading the working tree: files that are no objects, looked at again only where they were written since.

What is kept of a file, by path: its `stamp`; the `id` its content has in git; and, unless HEAD held just that content,
the `hits`, `signals` and `refused` of looking at it.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict

from shadowscan.git.archive import Budget
from shadowscan.git.head_signals import SIGNAL_BYTES, signal_row
from shadowscan.git.keep import Reading, Row, Session
from shadowscan.git.memory import Content
from shadowscan.git.place import key_row, mark, with_member
from shadowscan.git.repository import Repository
from shadowscan.git.scan import KeyHit
from shadowscan.git.signal import Signal
from shadowscan.git.signals import find_signals
from shadowscan.git.worktree import Lying, Unread, object_id, worktree_files

SHA1_DIGITS = 40
SETTLED = 2_000_000_000
"""Nanoseconds after which a file system surely gives another write another time."""


def read_worktree(repository: Repository, session: Session, reading: Reading, head: Mapping[str, str]) -> None:
    """Add the keys and signals of untracked, ignored and changed files, and what could not be read."""
    placed = {mark(row) for row in reading.rows if row["in_head"]}
    known, learned = session.memory.lying(), {}
    settled_before = time.time_ns() - SETTLED
    digits = len(next(iter(head.values()), "")) or SHA1_DIGITS
    for path, file in worktree_files(repository):
        content = _content_of(session, path, file, known.get(path, {}), head.get(path, "0" * digits))
        if isinstance(content, Unread):
            reading.notes.setdefault(content.kind, []).append(path)
            continue
        if isinstance(file, Lying) and file.changed_at < settled_before:
            learned[path] = content
        rows = _rows(session, path, content)
        reading.rows.extend(row for row in rows if mark(row) not in placed)
        reading.notes.setdefault("archive", []).extend(f"{path}: {reason}" for reason in content.get("refused", ()))
    reading.learned.lying = learned


def _content_of(session: Session, path: str, file: Lying | Unread, known: Content, in_head: str) -> Content | Unread:
    """What the file holds: as known where nobody wrote it since, else looked at."""
    if isinstance(file, Unread):
        return file
    is_same = known.get("stamp") == [*file.stamp] and len(known["id"]) == len(in_head)
    if is_same and ("hits" in known or known["id"] == in_head):
        return known if known["id"] != in_head else {"stamp": known["stamp"], "id": in_head}
    data = file.read()
    if isinstance(data, Unread):
        return data
    content: Content = {"stamp": [*file.stamp], "id": object_id(data, len(in_head))}
    return content if content["id"] == in_head else content | _look(session, path, data)


def _look(session: Session, path: str, data: bytes) -> Content:
    budget = Budget()
    hits = [] if session.scanner.is_clear(memoryview(data)) else session.scanner.scan(data, budget)
    found = find_signals(path, data, session.lexicon) if len(data) < SIGNAL_BYTES else []
    return {
        "hits": [asdict(hit) for hit in hits],
        "signals": [asdict(signal) for signal in found],
        "refused": budget.refused,
    }


def _rows(session: Session, path: str, content: Content) -> list[Row]:
    base = session.base_row | {"place": "worktree"}
    hits = [KeyHit(**words) for words in content.get("hits", ())]
    rows = [key_row(hit, base) | {"path": with_member(path, hit)} for hit in hits]
    return rows + [signal_row(Signal(**words), base) | {"path": path} for words in content.get("signals", ())]
