"""Every object of a repository, listed once in pack order and read as one stream."""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from shadowscan.errors import BadInputError
from shadowscan.git.repository import Repository, last_line, safe_environment

CHUNK = 1024 * 1024
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
    return ((id, None if data is None else bytes(data)) for id, data in stream_objects(repository, ids))


def stream_objects(repository: Repository, ids: Sequence[str]) -> Iterator[tuple[str, memoryview | None]]:
    """The same without a copy: each content lies in a buffer that the next step writes over."""
    if not ids:
        return
    with TemporaryFile() as listed, TemporaryFile() as errors:
        listed.write("".join(f"{id}\n" for id in ids).encode())
        listed.seek(0)
        call = repository.command("cat-file", "--batch=%(objectsize)", "--buffer")
        with subprocess.Popen(
            call, stdin=listed, stdout=subprocess.PIPE, stderr=errors, env=safe_environment(), bufsize=0
        ) as process:
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            yield from _contents(_Pipe(process.stdout), ids)
        if process.returncode:
            errors.seek(0)
            raise BadInputError(f"git cat-file failed: {last_line(errors.read())}", hint="run `git fsck`")


def _contents(pipe: "_Pipe", ids: Sequence[str]) -> Iterator[tuple[str, memoryview | None]]:
    """Each object is a line with its size, or with what is wrong, then so many bytes and a line end."""
    for id in ids:
        header = pipe.line()
        if header.isdigit():
            content = pipe.take(int(header) + 1)
            yield id, None if content is None else content[:-1]
        else:
            yield id, None


class _Pipe:
    """What git writes, in one buffer that is filled again and again."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._buffer = bytearray(CHUNK)
        self._view = memoryview(self._buffer)
        self._at = self._end = 0
        _widen(pipe)

    def line(self) -> bytes:
        """The bytes up to the next line end; what there is at the end of everything."""
        while (stop := self._buffer.find(b"\n", self._at, self._end)) < 0:
            if not self._fill(self._end - self._at + 1):
                return b""
        found = bytes(self._view[self._at : stop])
        self._at = stop + 1
        return found

    def take(self, size: int) -> memoryview | None:
        """So many bytes, valid until the next call; None where git ends before."""
        while self._end - self._at < size:
            if not self._fill(size):
                return None
        self._at += size
        return self._view[self._at - size : self._at]

    def _fill(self, size: int) -> bool:
        """Read more, with room for `size` bytes in all; whether there was more."""
        if self._at + size > len(self._buffer):
            self._make_room(size)
        count = self._pipe.readinto(self._view[self._end :])  # type: ignore[attr-defined]
        self._end += count
        return bool(count)

    def _make_room(self, size: int) -> None:
        """What is not yet taken moves to the front, of a larger buffer where it does not fit."""
        rest = bytes(self._view[self._at : self._end])
        if size > len(self._buffer):
            self._buffer = bytearray(size + CHUNK)
            self._view = memoryview(self._buffer)
        self._view[: len(rest)] = rest
        self._at, self._end = 0, len(rest)


def _widen(pipe: IO[bytes]) -> None:
    """A pipe that holds more wakes both ends less often; Linux only, and no more than a wish."""
    with suppress(ImportError, OSError, AttributeError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)


def _parse_all(out: bytes) -> tuple[list[GitObject], list[str]]:
    lines = out.decode("ascii", "replace").splitlines()
    missing = [line.split()[0] for line in lines if line.endswith(" missing")]
    return [_parse(line) for line in lines if not line.endswith(" missing")], missing


def _parse(line: str) -> GitObject:
    kind, id, size = line.split()
    return GitObject(kind, id, int(size))
