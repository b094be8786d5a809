"""Reading only what a range adds: its objects, its head's signals, less what BASE says already."""

from dataclasses import replace

from shadowscan.git.complete import why_damaged
from shadowscan.git.diff import base_content, read_range
from shadowscan.git.head_signals import read_signals, signal_row, signal_rows
from shadowscan.git.history import head_tree
from shadowscan.git.ignore import ignored_in, mark_ignored
from shadowscan.git.keep import Reading, Row, Session
from shadowscan.git.memory import Learned
from shadowscan.git.place import key_row, mark, place_hits, with_member
from shadowscan.git.repository import Repository
from shadowscan.git.scan import scan_objects
from shadowscan.git.signals import find_signals
from shadowscan.git.uncovered import uncovered
from shadowscan.git.unit import unit_of
from shadowscan.git.where import locate


def read_added(repository: Repository, session: Session) -> Reading:
    """Rows of keys and signals that `session.diff` adds; nothing of it is remembered."""
    span = read_range(repository, session.diff)
    reading = Reading(head=span.head, reason=span.reason)
    if not span.base or not span.head:
        return reading
    scan = scan_objects(repository, session.scanner, span.objects)
    tree = head_tree(repository, span.head)
    added = {entry.id for entry in span.objects}
    changed = {path: id for path, id in tree.items() if id in added}
    signals = read_signals(repository, session, changed, Learned())
    # Of the range alone: its head may be a commit that no reference names, and a long history is not walked for it.
    wanted = {*scan.hits, *(tree[path] for path in signals)}
    where = locate(repository, wanted, tree, (span.head, f"^{span.base}"))
    where = replace(where, head_commit=where.history.commits.get(span.head))
    rows = place_hits(scan, where, session.base_row) + signal_rows(signals, where, session.base_row)
    before = _at_base(repository, session, span.base, frozenset(row["path"].split("!")[0] for row in rows))
    kept = [row for row in rows if mark(row) not in before]
    units = frozenset(tree)
    allow = {} if session.inline_allow else {"allow_comment": ""}
    rows = [row | {"unit": unit_of(row["path"], units)} | allow for row in kept]
    reading.rows = mark_ignored(rows, ignored_in(repository, head_tree(repository, span.base)))
    reading.notes = uncovered(repository, scan, tree, span.head)
    reading.reason = reading.reason or why_damaged(scan)
    return reading


def _at_base(repository: Repository, session: Session, base: str, paths: frozenset[str]) -> set[tuple[str, ...]]:
    """What BASE says already at these paths: the range did not add that."""
    marks = set()
    for path, data in base_content(repository, base, paths).items():
        rows: list[Row] = [
            key_row(hit, session.base_row) | {"path": with_member(path, hit)} for hit in session.scanner.scan(data)
        ]
        found = find_signals(path, data, session.lexicon)
        rows += [signal_row(signal, session.base_row) | {"path": path} for signal in found]
        marks |= {mark(row) for row in rows}
    return marks
