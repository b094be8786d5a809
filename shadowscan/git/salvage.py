"""Listing the objects of a damaged store: git gives up at the first damaged one, so each pack is asked alone."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from shadowscan.git.repository import Repository, safe_environment

RESTARTS = 20  # behind so many damaged objects of one pack the rest of it counts as damaged


def list_piecewise(repository: Repository, form: str) -> bytes:
    """What `cat-file` says in this form of every object it can read, `… missing` of the others; empty where none is."""
    said: list[bytes] = []
    for ids in _groups(repository):
        left, starts = list(ids), 0
        while left and starts <= RESTARTS:
            starts += 1
            lines = _ask(repository, form, left)
            said += lines
            said += [b"%s missing" % id.encode() for id in left[len(lines) : len(lines) + 1]]
            left = left[len(lines) + 1 :]
        said += [b"%s missing" % id.encode() for id in left]
    return b"".join(b"%s\n" % line for line in dict.fromkeys(said))


def _ask(repository: Repository, form: str, ids: Sequence[str]) -> list[bytes]:
    call = repository.command("cat-file", "--buffer", form)
    asked = "".join(f"{id}\n" for id in ids).encode()
    done = subprocess.run(call, input=asked, capture_output=True, env=safe_environment(), check=False)
    return done.stdout.splitlines()


def _groups(repository: Repository) -> Iterator[list[str]]:
    """Ids of the loose objects, then of each pack that has an index."""
    folder = repository.path("objects")
    yield sorted(path.parent.name + path.name for path in folder.glob("[0-9a-f][0-9a-f]/*") if len(path.name) >= 38)
    for index in sorted(folder.glob("pack/*.idx")):
        yield _indexed(repository, index)


def _indexed(repository: Repository, index: Path) -> list[str]:
    call = repository.command("show-index", f"--object-format={repository.line('rev-parse', '--show-object-format')}")
    with index.open("rb") as listed:
        done = subprocess.run(call, stdin=listed, capture_output=True, env=safe_environment(), check=False)
    return [line.split()[1] for line in done.stdout.decode("ascii", "replace").splitlines()]
