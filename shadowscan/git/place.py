"""Hits to places: rows of `repo_hit` with path, commit, author and whether HEAD still has it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shadowscan.git.history import Commit, History
from shadowscan.git.scan import KeyHit, ObjectScan

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Where:
    """What placing needs: the history, HEAD's tree, ids reachable as tags, contents and commits of notes."""

    history: History
    head: dict[str, str]
    head_commit: Commit | None
    tags: frozenset[str]
    notes: frozenset[str]

    def is_note(self, id: str, path: str) -> bool:
        """Whether only note commits ever held this content at this path."""
        return self.notes.issuperset(self.history.added[(id, path)])

    def age(self, row: Row) -> int:
        """Position of a row's commit; the oldest is highest, one without a commit comes last."""
        commit = self.history.commits.get(row["commit_id"])
        return commit.position if commit else -1


def place_hits(scan: ObjectScan, where: Where, base: Row) -> list[Row]:
    """One row a key and path (a key and object where there is no path), best place first kept."""
    rows = [
        row for id, hits in scan.hits.items() for hit in hits for row in _rows(id, scan.kinds[id], hit, where, base)
    ]
    return list(_merge(rows, where))


def key_row(hit: KeyHit, base: Row) -> Row:
    """A row with everything the hit itself knows."""
    form = f", in {hit.form}" if hit.form else ""
    return base | {
        "kind": "key",
        "vendor_id": hit.vendor_id,
        "service": hit.kind,
        "key_id": hit.key_id,
        "mask": hit.mask,
        "severity": hit.severity,
        "line": hit.line,
        "detail": f"{hit.format_id}{form}",
        "allow_comment": hit.allow_comment,
    }


def with_member(path: str, hit: KeyHit) -> str:
    """The path, and the archive member behind `!`."""
    return f"{path}!{hit.member}" if hit.member else path


def mark(row: Row) -> tuple[str, ...]:
    """What is said, and at which path: two rows with one mark say the same."""
    return (row["path"], row["kind"], row["key_id"], row["vendor_id"], "" if row["key_id"] else row["detail"])


def _rows(id: str, kind: str, hit: KeyHit, where: Where, base: Row) -> Iterator[Row]:
    row = key_row(hit, base) | {"object_id": id}
    is_message = id in where.notes or kind in ("commit", "tag")
    if is_message:
        commit = where.history.commits.get(id)
        is_reachable = commit is not None or id in where.tags or id in where.notes
        place = "message" if is_reachable else "unreachable"
        yield row | {"place": place, "commit_id": id if is_reachable else ""} | _dates(commit, commit)
    paths = [path for path in where.history.paths(id) if not where.is_note(id, path)]
    for path in paths:
        yield _at_path(row, id, path, hit, where)
    if not paths and not is_message:
        # The log may break off before the commit that brought it.
        held = [path for path, held_id in where.head.items() if held_id == id]
        yield from (row | {"path": with_member(path, hit), "in_head": True, "place": "history"} for path in held)
        if not held:
            yield row | {"place": "unreachable"}


def _at_path(row: Row, id: str, path: str, hit: KeyHit, where: Where) -> Row:
    first = where.history.first(id, path)
    in_head = where.head.get(path) == id
    last = where.head_commit if in_head else where.history.last(id, path)
    named = {"path": with_member(path, hit), "commit_id": first.id, "in_head": in_head, "place": "history"}
    return row | named | _dates(first, last)


def _dates(first: Commit | None, last: Commit | None) -> Row:
    if first is None or last is None:
        return {}
    return {
        "author": first.author,
        "committed_at": first.at,
        "last_commit_id": last.id,
        "last_seen_at": last.at,
    }


def _merge(rows: Iterable[Row], where: Where) -> Iterator[Row]:
    """Versions of one file that hold the same key are one place: the newest one, with the oldest commit's origin."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        place = (row["path"],) if row["path"] else (row["path"], row["object_id"])
        groups.setdefault((row["key_id"], *place), []).append(row)
    for group in groups.values():
        best = max(group, key=lambda r: (r["in_head"], str(r["last_seen_at"]), -r["line"]))
        first = max(group, key=where.age)
        yield best | {name: first[name] for name in ("commit_id", "author", "committed_at")}
