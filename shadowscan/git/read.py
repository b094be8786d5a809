"""Reading a repository: history, HEAD and working tree, each as far as it is not known from before."""

from shadowscan.git.complete import why_incomplete
from shadowscan.git.head_signals import SIGNAL_BYTES, read_signals, signal_rows
from shadowscan.git.history import head_tree
from shadowscan.git.ignore import ignored_in, mark_ignored
from shadowscan.git.keep import Reading, Session, kept_rows
from shadowscan.git.objects import Listing, list_objects
from shadowscan.git.place import place_hits
from shadowscan.git.read_range import read_added
from shadowscan.git.read_worktree import read_worktree
from shadowscan.git.repository import Repository
from shadowscan.git.scan import ObjectScan, scan_objects
from shadowscan.git.state import state_of
from shadowscan.git.uncovered import uncovered
from shadowscan.git.unit import unit_of
from shadowscan.git.where import locate

Tree = dict[str, str]


def read_repository(repository: Repository, session: Session) -> Reading:
    """Keys of history, messages and working tree, and signals of HEAD; with `--diff` only what the range adds."""
    return read_added(repository, session) if session.diff else _read_all(repository, session)


def _read_all(repository: Repository, session: Session) -> Reading:
    listing, tree = list_objects(repository), head_tree(repository)
    state = state_of(repository, listing, f"{session.memory.ruleset}/{session.repo}")
    reading = _recall(session, state) or _read_history(repository, session, listing, tree, state)
    read_worktree(repository, session, reading, tree)
    units = frozenset(tree) | {row["path"] for row in reading.rows}
    rows = [row | {"unit": unit_of(row["path"], units)} for row in reading.rows]
    reading.rows = mark_ignored(rows, ignored_in(repository, tree))
    return reading


def _recall(session: Session, state: str) -> Reading | None:
    """What the store says of this very state; None where the repository is in another."""
    known = session.memory.state(state)
    if known is None:
        return None
    return Reading(rows=kept_rows(session), head=known["head"], notes=known["notes"], reason=known["reason"])


def _read_history(repository: Repository, session: Session, listing: Listing, tree: Tree, state: str) -> Reading:
    sizes = {entry.id: entry.size for entry in listing.objects}
    reading = Reading(head=repository.line("rev-parse", "--verify", "--quiet", "HEAD"))
    scan = _scan(repository, session, listing, reading)
    is_readable = not scan.missing and not listing.damaged
    # A listed tree may name content that was never fetched or is gone: the listing alone would not tell.
    scan.missing = sorted({*scan.missing, *listing.damaged, *(set(tree.values()) - set(sizes))})
    small = {path: id for path, id in tree.items() if sizes.get(id, SIGNAL_BYTES) < SIGNAL_BYTES}
    signals = read_signals(repository, session, small, reading.learned)
    where = locate(repository, {*scan.hits, *(tree[path] for path in signals)}, tree)
    reading.rows = place_hits(scan, where, session.base_row) + signal_rows(signals, where, session.base_row)
    reading.notes = uncovered(repository, scan, tree, "HEAD")
    reading.reason = why_incomplete(repository, scan, tree)
    if state and is_readable:  # else the same state may be read better next time
        content = {"head": reading.head, "notes": reading.notes, "reason": reading.reason}
        reading.learned.state = (state, content)
    return reading


def _scan(repository: Repository, session: Session, listing: Listing, reading: Reading) -> ObjectScan:
    """Objects not read before, and what is known of the others."""
    fresh = [entry for entry in listing.objects if not session.memory.knows(entry.id)]
    scan = scan_objects(repository, session.scanner, fresh)
    reading.learned.learn_objects(scan, scan.read)
    session.memory.recall_objects(scan, {entry.id: entry.kind for entry in listing.objects})
    return scan
