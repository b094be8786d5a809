"""Reading a repository whole, or only what a range adds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from shadowscan.git.archive import Budget
from shadowscan.git.diff import base_content, read_range
from shadowscan.git.history import History, head_tree, read_history
from shadowscan.git.ignore import ignored_in, mark_ignored
from shadowscan.git.keep import Reading, Row, Session
from shadowscan.git.objects import list_objects, read_objects
from shadowscan.git.place import Where, key_row, place_hits, with_member
from shadowscan.git.repository import Repository
from shadowscan.git.scan import ObjectScan, scan_objects
from shadowscan.git.signals import Signal, find_signals
from shadowscan.git.uncovered import uncovered
from shadowscan.git.unit import unit_of
from shadowscan.git.worktree import worktree_files

Tree = dict[str, str]
SIGNAL_BYTES = 1024 * 1024


def read_repository(repository: Repository, session: Session) -> Reading:
    """Keys of history, messages and working tree, and signals of HEAD; with `--diff` only what the range adds."""
    return _read_diff(repository, session) if session.diff else _read_all(repository, session)


def _read_all(repository: Repository, session: Session) -> Reading:
    objects, damaged = list_objects(repository)
    sizes = {entry.id: entry.size for entry in objects}
    scan = scan_objects(repository, session.scanner, [entry for entry in objects if entry.id not in session.clean])
    tree = head_tree(repository)
    small = {path: id for path, id in tree.items() if sizes.get(id, SIGNAL_BYTES) < SIGNAL_BYTES}
    signals = dict(_signals(repository, session, small))
    history = _history(repository, {*scan.hits, *(tree[path] for path in signals)})
    where = _where(repository, history, tree)
    rows = place_hits(scan, where, session.base_row)
    rows += [row for path, found in signals.items() for row in _signal_rows(found, path, where, session)]
    reading = Reading(rows=rows, head=repository.line("rev-parse", "--verify", "--quiet", "HEAD"))
    told = {*scan.hits, *scan.lfs, *scan.refused}
    reading.clean = [id for id in scan.read if id not in told]
    # A listed tree may name content that was never fetched or is gone: the listing alone would not tell.
    scan.missing = sorted({*scan.missing, *damaged, *(set(tree.values()) - set(sizes))})
    reading.notes = uncovered(repository, scan, tree, "HEAD")
    _read_worktree(repository, session, reading, tree)
    reading.reason = _why_incomplete(repository, scan)
    units = frozenset(tree) | {row["path"] for row in reading.rows}
    rows = [row | {"unit": unit_of(row["path"], units)} for row in reading.rows]
    reading.rows = mark_ignored(rows, ignored_in(repository, tree))
    return reading


def _read_diff(repository: Repository, session: Session) -> Reading:
    span = read_range(repository, session.diff)
    reading = Reading(head=span.head, reason=span.reason)
    if not span.base or not span.head:
        return reading
    scan = scan_objects(repository, session.scanner, span.objects)
    tree = head_tree(repository, span.head)
    added = {entry.id for entry in span.objects}
    changed = {path: id for path, id in tree.items() if id in added}
    signals = dict(_signals(repository, session, changed))
    # Of the range alone: its head may be a commit that no reference names, and a long history is not walked for it.
    history = _history(repository, {*scan.hits, *(tree[path] for path in signals)}, (span.head, f"^{span.base}"))
    where = replace(_where(repository, history, tree), head_commit=history.commits.get(span.head))
    rows = place_hits(scan, where, session.base_row)
    rows += [row for path, found in signals.items() for row in _signal_rows(found, path, where, session)]
    before = _at_base(repository, session, span.base, frozenset(row["path"].split("!")[0] for row in rows))
    kept = [row for row in rows if _mark(row) not in before]
    units = frozenset(tree)
    allow = {} if session.inline_allow else {"allow_comment": ""}
    rows = [row | {"unit": unit_of(row["path"], units)} | allow for row in kept]
    reading.rows = mark_ignored(rows, ignored_in(repository, head_tree(repository, span.base)))
    reading.notes = uncovered(repository, scan, tree, span.head)
    reading.reason = reading.reason or _damaged(scan)
    return reading


def _at_base(repository: Repository, session: Session, base: str, paths: frozenset[str]) -> set[tuple[str, ...]]:
    """What BASE says already at these paths: the range did not add that."""
    marks = set()
    for path, data in base_content(repository, base, paths).items():
        for hit in session.scanner.scan(data):
            marks.add(_mark(key_row(hit, session.base_row) | {"path": with_member(path, hit)}))
        for signal in find_signals(path, data, session.lexicon):
            marks.add(_mark(_signal_row(signal, session.base_row) | {"path": path}))
    return marks


def _mark(row: Row) -> tuple[str, ...]:
    return (row["path"], row["kind"], row["key_id"], row["vendor_id"], "" if row["key_id"] else row["detail"])


def _read_worktree(repository: Repository, session: Session, reading: Reading, head: Tree) -> None:
    """Files that are no objects: untracked, ignored and changed ones."""
    placed = {_mark(row) for row in reading.rows if row["in_head"]}
    for path, data in worktree_files(repository, head):
        if data is None:
            reading.notes.setdefault("oversize", []).append(path)
            continue
        base = session.base_row | {"place": "worktree"}
        rows: list[Row] = []
        budget = Budget()
        for hit in session.scanner.scan(data, budget):
            rows.append(key_row(hit, base) | {"path": with_member(path, hit)})
        found = find_signals(path, data, session.lexicon) if len(data) < SIGNAL_BYTES else []
        rows.extend(_signal_row(signal, base) | {"path": path} for signal in found)
        reading.rows.extend(row for row in rows if _mark(row) not in placed)
        reading.notes["archive"].extend(f"{path}: {reason}" for reason in budget.refused)


def _signals(repository: Repository, session: Session, files: Tree) -> Iterator[tuple[str, list[Signal]]]:
    paths: dict[str, list[str]] = {}
    for path, id in files.items():
        paths.setdefault(id, []).append(path)
    for id, data in read_objects(repository, list(paths)):
        for path in paths[id] if data is not None else ():
            found = find_signals(path, data or b"", session.lexicon)
            if found:
                yield path, found


def _signal_rows(signals: Iterable[Signal], path: str, where: Where, session: Session) -> Iterator[Row]:
    id = where.head[path]
    dates: Row = {}
    if (id, path) in where.history.added:
        first = where.history.first(id, path)
        last = where.head_commit or first
        dates = {
            "commit_id": first.id,
            "author": first.author,
            "committed_at": first.at,
            "last_commit_id": last.id,
            "last_seen_at": last.at,
        }
    for signal in signals:
        yield _signal_row(signal, session.base_row) | {"path": path, "object_id": id, "in_head": True} | dates


def _signal_row(signal: Signal, base: Row) -> Row:
    return base | {
        "kind": signal.kind,
        "vendor_id": signal.vendor_id,
        "service": signal.service,
        "line": signal.line,
        "detail": signal.detail,
        "weight": signal.weight,
    }


def _history(repository: Repository, wanted: set[str], span: tuple[str, ...] = ()) -> History:
    return read_history(repository, wanted, span) if wanted else History()


def _where(repository: Repository, history: History, tree: Tree) -> Where:
    refs = repository.text("for-each-ref", "--format=%(objectname) %(objecttype) %(refname)", check=False)
    listed = [line.split(" ", 2) for line in refs.decode("utf-8", "replace").splitlines()]
    notes = {id for _, _, name in listed if name.startswith("refs/notes/") for id in _note_ids(repository, name)}
    return Where(
        history=history,
        head=tree,
        head_commit=history.commits.get(repository.line("rev-parse", "--verify", "--quiet", "HEAD")),
        tags=frozenset(id for id, kind, _ in listed if kind == "tag"),
        notes=frozenset(notes),
    )


def _note_ids(repository: Repository, ref: str) -> set[str]:
    commits = repository.text("rev-list", ref, "--", check=False).decode().split()
    return {*commits, *head_tree(repository, ref).values()}


def _why_incomplete(repository: Repository, scan: ObjectScan) -> str:
    if (repository.git_dir / "shallow").is_file():
        return "shallow clone: older history is not here; run `git fetch --unshallow`"
    if repository.line("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"):
        absent = repository.text("rev-list", "--objects", "--all", "--missing=print", check=False).count(b"\n?")
        if absent:
            return f"partial clone: {absent} objects are not here; run `git fetch --refetch --no-filter`"
    return _damaged(scan)


def _damaged(scan: ObjectScan) -> str:
    return f"{len(scan.missing)} objects are missing or damaged; run `git fsck`" if scan.missing else ""
