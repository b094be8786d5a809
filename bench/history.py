"""CPU of collecting a repository's history, against bare `git cat-file --batch` of the same objects.

Both run in this process and its children, one after the other, so the ratio holds on any machine; the seconds do not.
Run: `python bench/history.py [MEGABYTES]`.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from shadowscan.catalog import load_catalog
from shadowscan.git.collect import collect_repository
from shadowscan.git.options import GitOptions
from shadowscan.model.target import RepositoryTarget
from shadowscan.store.connection import Store

FILES, LINES = 40, 300
WORDS = ("client", "request", "return", "value", "config", "token", "index", "import", "class", "key", "data", "page")
AUTHOR = b"Sam Doe <sam@acme.example>"


def main(megabytes: int) -> None:
    """Make the repository, read it both ways, print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        size = make_repository(repo, megabytes * 1_000_000)
        warm = Path(folder) / "warm"
        make_repository(warm, 100_000)
        read_whole(warm, Path(folder) / "warm.duckdb")  # imports and the compiled expressions are paid once a process
        read_bare(repo)
        bare = min(cpu_of(read_bare, repo) for _ in range(3))
        first = cpu_of(read_whole, repo, Path(folder) / "a.duckdb")
        again = cpu_of(read_whole, repo, Path(folder) / "a.duckdb")
    print(f"{size / 1e6:.0f} MB of blobs; git cat-file --batch: {bare:.2f} s CPU")
    print(f"collect: {first:.2f} s, ratio {first / bare:.1f}; again: {again:.2f} s, ratio {again / bare:.1f}")


def make_repository(path: Path, size: int) -> int:
    """A bare history of edited source files, through `git fast-import`; gives the bytes of its blobs."""
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    source = random.Random(7)  # noqa: S311 - text to read, not a secret
    total, stream, number = 0, [], 0
    files = [[_line(source) for _ in range(LINES)] for _ in range(FILES)]
    while total < size:
        lines = files[number % FILES]
        lines[source.randrange(LINES)] = _line(source)
        data = "\n".join(lines).encode()
        stream.append(_commit(number, data))
        total, number = total + len(data), number + 1
    call = ["git", f"--git-dir={path}", "fast-import", "--quiet"]
    subprocess.run(call, input=b"".join(stream), check=True)
    subprocess.run(["git", f"--git-dir={path}", "repack", "-q", "-a", "-d"], check=True)
    return total


def read_bare(path: Path) -> None:
    """Every object's bytes through a pipe, and nothing else."""
    call = ["git", f"--git-dir={path}", "cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch"]
    with subprocess.Popen(call, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.read(1 << 20):
            pass


def read_whole(path: Path, file: Path) -> None:
    """The same through shadowscan into a store."""
    options = GitOptions("bench", datetime(2026, 11, 1), load_catalog(), "acme")  # noqa: DTZ001 - naive UTC, as stored
    with Store.open(str(file)) as store:
        collect_repository(store, RepositoryTarget(str(path), str(path)), options)


def cpu_of(read, *arguments: Path) -> float:  # type: ignore[no-untyped-def]
    """CPU seconds of this process and its finished children."""
    before = _used()
    read(*arguments)
    return _used() - before


def _used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _line(source: random.Random) -> str:
    return " ".join(source.choice(WORDS) for _ in range(8)) + f" {source.getrandbits(64):x}"


def _commit(number: int, data: bytes) -> bytes:
    head = b"commit refs/heads/main\ncommitter %s %d +0000\ndata 6\nchange\n" % (AUTHOR, 1_700_000_000 + number)
    return head + b"M 100644 inline src/file%d.py\ndata %d\n%s\n" % (number % FILES, len(data), data)


if __name__ == "__main__":
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
