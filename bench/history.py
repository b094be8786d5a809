"""What scanning a repository's history costs, against bare `git cat-file --batch` of the same objects, and rivals.

Every line is a process of its own, so CPU (children's included) and memory are its own; ratios hold on any machine, the
seconds do not. Run: `python -m bench.history [PATH|MEGABYTES] [--rivals] [--runs N]`. A PATH is only read: what is
scanned is a mirror of it. `--part` is for the benchmark itself.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bench.rivals import history_rivals, tree_rival
from bench.source_repository import add_commits, make_repository
from bench.spent import Spent, least, run
from shadowscan.catalog import load_catalog
from shadowscan.git.collect import collect_repository
from shadowscan.git.history import head_tree
from shadowscan.git.keep import EMPTY_HIT, open_scanner
from shadowscan.git.objects import list_objects
from shadowscan.git.options import GitOptions
from shadowscan.git.place import place_hits
from shadowscan.git.repository import open_folder
from shadowscan.git.scan import scan_objects
from shadowscan.git.where import locate
from shadowscan.model.target import RepositoryTarget
from shadowscan.store.connection import Store

NEW_COMMITS = 10


def main() -> None:
    """Make or mirror the repository, run everything on it, print the table."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="shadowscan-bench-") as folder:
        scratch, repository = Path(folder), Path(folder) / "repository.git"
        if given.repository.isdigit():
            make_repository(repository, int(given.repository) * 1_000_000)
        else:
            subprocess.run(["git", "clone", "-q", "--mirror", given.repository, str(repository)], check=True)
        print(_describe(repository))
        bare = least([run(_bare(repository)) for _ in range(given.runs)])
        print(f"{'':44}{'CPU s':>8}{'ratio':>8}{'wall s':>8}{'ratio':>8}{'MB':>7}")
        for name, spent in _lines(repository, scratch, bare, given):
            print(_line(name, spent, bare), flush=True)


def _lines(
    repository: Path, scratch: Path, bare: Spent, given: argparse.Namespace
) -> Iterator[tuple[str, Spent | None]]:
    runs = range(given.runs)
    yield "git cat-file --batch, all objects", bare
    yield "  through a pipe, unread", least([_part("pipe", repository, scratch) for _ in runs])
    yield "shadowscan: every object read and matched", least([_part("match", repository, scratch) for _ in runs])
    yield "  with attribution of the keys found", least([_part("keys", repository, scratch) for _ in runs])
    yield "  collected: with code signals, into a store", least([_first(repository, scratch) for _ in runs])
    yield "  again, unchanged", least([_part("collect", repository, scratch) for _ in runs])
    add_commits(repository, NEW_COMMITS)
    yield f"  again, {NEW_COMMITS} new commits", _part("collect", repository, scratch)
    store = str(scratch / "whole.duckdb")
    yield "shadowscan collect, the whole command", run([*_program(), "collect", str(repository), "--db", store, "-q"])
    yield "  again, unchanged", run([*_program(), "collect", str(repository), "--db", store, "-q"])
    if given.rivals:
        for name, command in history_rivals(repository, scratch):
            yield name, run(command) if command else None
        yield from _tree_lines(repository, scratch)


def _first(repository: Path, scratch: Path) -> Spent:
    (scratch / "store.duckdb").unlink(missing_ok=True)
    return _part("collect", repository, scratch)


def _tree_lines(repository: Path, scratch: Path) -> Iterator[tuple[str, Spent | None]]:
    """The working tree alone: a folder that is no repository, so both read the same files."""
    tree = scratch / "tree"
    tree.mkdir()
    listed = subprocess.run(["git", f"--git-dir={repository}", "archive", "HEAD"], capture_output=True, check=True)
    subprocess.run(["tar", "-xm", "-C", str(tree)], input=listed.stdout, check=True)
    yield "shadowscan: keys of the working tree", _part("tree", tree, scratch)
    command = tree_rival(tree)
    yield "detect-secrets, the working tree", run(command, folder=tree) if command else None


def _part(name: str, repository: Path, scratch: Path) -> Spent:
    """One part in a process of its own, which counts from when everything is imported and the catalogue is loaded."""
    call = [sys.executable, "-m", "bench.history", "--part", name, str(repository), "--scratch", str(scratch)]
    return Spent(**json.loads(subprocess.check_output(call)))


def run_part(name: str, repository: Path, scratch: Path) -> Spent:
    """Run one part here and count it."""
    options = GitOptions("bench", datetime(2026, 11, 1), load_catalog(), "acme")  # noqa: DTZ001 - naive UTC, as stored
    before, begun = _used(), time.monotonic()
    _PARTS[name](repository, scratch, options)
    resident = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Spent(_used() - before, time.monotonic() - begun, resident / 1024)


def _pipe(repository: Path, scratch: Path, options: GitOptions) -> None:
    with subprocess.Popen(_bare(repository), stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        while process.stdout.read(1 << 20):
            pass


def _match(repository: Path, scratch: Path, options: GitOptions) -> None:
    opened = open_folder(str(repository))
    scan_objects(opened, open_scanner(options), list_objects(opened).objects)


def _keys(repository: Path, scratch: Path, options: GitOptions) -> None:
    opened = open_folder(str(repository))
    scan = scan_objects(opened, open_scanner(options), list_objects(opened).objects)
    place_hits(scan, locate(opened, scan.hits, head_tree(opened)), EMPTY_HIT)


def _tree(folder: Path, scratch: Path, options: GitOptions) -> None:
    scanner = open_scanner(options)
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if not scanner.is_clear(memoryview(data)):
            scanner.scan(data)


def _collect(repository: Path, scratch: Path, options: GitOptions) -> None:
    with Store.open(str(scratch / "store.duckdb")) as store:
        collect_repository(store, RepositoryTarget(str(repository), str(repository)), options)


_PARTS = {"pipe": _pipe, "match": _match, "keys": _keys, "tree": _tree, "collect": _collect}


def _used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _bare(repository: Path) -> list[str]:
    """Every object's bytes, and nothing else."""
    call = ["git", f"--git-dir={repository}", "cat-file", "--batch-all-objects"]
    return [*call, "--unordered", "--buffer", "--batch"]


def _program() -> list[str]:
    return [sys.executable, "-m", "shadowscan"]


def _describe(repository: Path) -> str:
    form = "--batch-check=%(objecttype) %(objectsize)"
    call = ["git", f"--git-dir={repository}", "cat-file", "--batch-all-objects", "--unordered", "--buffer", form]
    listed = [line.split() for line in subprocess.check_output(call, text=True).splitlines()]
    sizes = [int(size) for kind, size in listed if kind == "blob"]
    commits = sum(kind == "commit" for kind, _ in listed)
    return f"{len(sizes):,} blobs of {sum(sizes) / 1e6:,.0f} MB, {commits:,} commits"


def _line(name: str, spent: Spent | None, bare: Spent) -> str:
    if spent is None:
        return f"{name:44}not installed"
    cpu, wall = spent.cpu / bare.cpu, spent.wall / bare.wall
    code = f"  exit {spent.code}" if spent.code else ""
    return f"{name:44}{spent.cpu:8.2f}{cpu:8.2f}{spent.wall:8.2f}{wall:8.2f}{spent.megabytes:7.0f}{code}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", nargs="?", default="300", help="a repository, or megabytes of one to be made")
    parser.add_argument("--rivals", action="store_true", help="run the other scanners too")
    parser.add_argument("--runs", type=int, default=3, help="of each line; the least is printed")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    parser.add_argument("--scratch", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    arguments = _arguments()
    if arguments.part:
        print(json.dumps(asdict(run_part(arguments.part, Path(arguments.repository), Path(arguments.scratch)))))
    else:
        main()
