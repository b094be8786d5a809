"""Every object of a repository, listed once in pack order and read as one stream."""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from shadowscan.errors import BadInputError
from shadowscan.git.repository import Repository, last_line, safe_environment

SIZE_LIMIT = 64 * 1024 * 1024  # larger blobs are named in the coverage, not read


@dataclass(frozen=True, slots=True)
class GitObject:
    """One listed object: blob, commit, tag or tree, id, size in bytes."""

    kind: str
    id: str
    size: int


def list_objects(repository: Repository) -> tuple[list[GitObject], list[str]]:
    """All objects, unreachable ones too, in pack order, and the ids of damaged ones.

    Raises `BadInputError` where git cannot read its store.
    """
    form = "--batch-check=%(objecttype) %(objectname) %(objectsize)"
    out = repository.text("cat-file", "--batch-all-objects", "--unordered", "--buffer", form)
    return _parse_all(out)


def describe_objects(repository: Repository, ids: Iterable[str]) -> tuple[list[GitObject], list[str]]:
    """Kind and size of these ids, and those that are missing."""
    form = "--batch-check=%(objecttype) %(objectname) %(objectsize)"
    listed = "".join(f"{id}\n" for id in ids).encode()
    call = repository.command("cat-file", "--buffer", form)
    done = subprocess.run(call, input=listed, capture_output=True, env=safe_environment(), check=False)
    return _parse_all(done.stdout)


def read_objects(repository: Repository, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Id and content of each, in the order given; None where the object is missing or damaged."""
    if not ids:
        return
    with TemporaryFile() as listed, TemporaryFile() as errors:
        listed.write("".join(f"{id}\n" for id in ids).encode())
        listed.seek(0)
        call = repository.command("cat-file", "--batch=%(objectsize)", "--buffer")
        with subprocess.Popen(
            call, stdin=listed, stdout=subprocess.PIPE, stderr=errors, env=safe_environment(), bufsize=1 << 20
        ) as process:
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            yield from _stream(process.stdout, ids)
        if process.returncode:
            errors.seek(0)
            raise BadInputError(f"git cat-file failed: {last_line(errors.read())}", hint="run `git fsck`")


def _stream(pipe: IO[bytes], ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    for id in ids:
        header = pipe.readline()
        if not header.strip().isdigit():
            yield id, None
            continue
        size = int(header)
        data = pipe.read(size)
        pipe.read(1)
        yield id, data if len(data) == size else None


def _parse_all(out: bytes) -> tuple[list[GitObject], list[str]]:
    lines = out.decode("ascii", "replace").splitlines()
    missing = [line.split()[0] for line in lines if line.endswith(" missing")]
    return [_parse(line) for line in lines if not line.endswith(" missing")], missing


def _parse(line: str) -> GitObject:
    kind, id, size = line.split()
    return GitObject(kind, id, int(size))
