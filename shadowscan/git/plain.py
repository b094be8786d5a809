"""Keys in files that lie in no repository and that no log format knows: a `.env`, a folder of scripts."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from shadowscan.git.archive import Budget
from shadowscan.git.keep import Reading, Session, keep, open_scanner, open_session
from shadowscan.git.memory import Learned
from shadowscan.git.name import name_from_folder, printable
from shadowscan.git.objects import SIZE_LIMIT
from shadowscan.git.options import GitOptions
from shadowscan.git.place import key_row, with_member
from shadowscan.git.scan import KeyHit, KeyScanner
from shadowscan.model.outcome import Collected, Skipped, SourceReport
from shadowscan.model.target import RepositoryTarget, Target
from shadowscan.store.connection import Store


def collect_plain(
    store: Store, reports: Sequence[SourceReport], targets: Sequence[Target], options: GitOptions
) -> Iterator[SourceReport]:
    """The reports; one of an unrecognised local file that holds a key, or held one, says so in its place.

    A file without any stays unrecognised: a log that nothing could read is no clean file.
    """
    known = {row[0] for row in store.query("select object from source_object where format = 'git'").rows}
    scanner = open_scanner(options)
    roots = [Path(target.location).resolve() for target in targets if target.source == "path"]
    for report in reports:
        path, budget = Path(report.target), Budget()
        is_open = is_plain(report) and not options.diff
        hits = _scan(path, scanner, budget) if is_open else []
        is_told = bool(hits) or (is_open and report.target in known)
        yield _keep(store, path, _root_of(path, roots), hits, budget, options) if is_told else report


def is_plain(report: SourceReport) -> bool:
    """Whether it speaks of a local file that no format recognised."""
    is_skipped = report.format == "unrecognised" and isinstance(report.outcome, Skipped)
    return is_skipped and Path(report.target).is_file()


def _scan(path: Path, scanner: KeyScanner, budget: Budget) -> list[KeyHit]:
    """Keys of a file that is not too large to read whole; an unreadable one has its report already."""
    try:
        return scanner.scan(path.read_bytes(), budget) if path.stat().st_size <= SIZE_LIMIT else []
    except OSError:
        return []


def _keep(
    store: Store, path: Path, root: Path, hits: Sequence[KeyHit], budget: Budget, options: GitOptions
) -> SourceReport:
    target = RepositoryTarget(str(path), str(path), "")
    session = open_session(store, target, name_from_folder(str(root)), replace(options, diff=""))
    rows = [_row(session, path, root, hit) for hit in hits]
    # Content known to be clean is what makes "no key any more" an answer and not a missing input.
    clean = [] if hits else [hashlib.sha256(path.read_bytes()).hexdigest()]
    notes = {"archive": [f"{path.name}: {why}" for why in budget.refused]}
    count = keep(session, Reading(rows=rows, learned=Learned(clean=clean), notes=notes))
    return SourceReport(str(path), "git", Collected({"repo_hit": count}), source_ids=(session.source_id,))


def _row(session: Session, path: Path, root: Path, hit: KeyHit) -> dict[str, object]:
    name = printable(path.resolve().relative_to(root).as_posix().encode("utf-8", "surrogateescape"))
    return key_row(hit, session.base_row) | {"place": "worktree", "path": with_member(name, hit)}


def _root_of(path: Path, roots: Sequence[Path]) -> Path:
    """The folder given as a target; of a file given by itself, the folder it lies in."""
    inside = [root for root in roots if root.is_dir() and path.resolve().is_relative_to(root)]
    return max(inside, key=lambda root: len(root.parts), default=path.resolve().parent)
