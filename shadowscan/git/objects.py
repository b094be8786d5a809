"""Every object of a repository, listed once in pack order and read as one stream."""

import hashlib
import subprocess
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from shadowscan.errors import BadInputError
from shadowscan.git.repository import Repository, last_line, safe_environment

CHUNK = 1024 * 1024
RESTARTS = 200
SIZE_LIMIT = 64 * 1024 * 1024  # larger blobs are named in the coverage, not read


@dataclass(frozen=True, slots=True)
class GitObject:
    """One listed object: blob, commit or tag, id, size in bytes."""

    kind: str
    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Objects in pack order, ids of damaged ones, and a digest that is the same while the store is."""

    objects: list[GitObject]
    damaged: list[str]
    digest: bytes


def list_objects(repository: Repository) -> Listing:
    """All objects, unreachable ones too. Raises `BadInputError` where git cannot read its store."""
    form = "--batch-check=%(objecttype) %(objectname) %(objectsize)"
    out = repository.text("cat-file", "--batch-all-objects", "--unordered", "--buffer", form)
    return Listing(*_parse_all(out), hashlib.sha256(out).digest())


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
    """The same without a copy: each content lies in a buffer that the next step writes over.

    Git ends at a damaged object, and is started again behind it. Raises `BadInputError` where that happens too often.
    """
    left, starts = list(ids), 0
    while left:
        starts += 1
        ended = yield from _stream(repository, left, is_last=starts > RESTARTS)
        if ended < len(left):
            yield left[ended], None
        left = left[ended + 1 :]


def _stream(
    repository: Repository, ids: Sequence[str], *, is_last: bool
) -> Generator[tuple[str, memoryview | None], None, int]:
    """One run of git; gives how many of the ids it answered."""
    with TemporaryFile() as listed, TemporaryFile() as errors:
        listed.write("".join(f"{id}\n" for id in ids).encode())
        listed.seek(0)
        call = repository.command("cat-file", "--batch=%(objectsize)", "--buffer")
        with subprocess.Popen(
            call, stdin=listed, stdout=subprocess.PIPE, stderr=errors, env=safe_environment(), bufsize=0
        ) as process:
            assert process.stdout is not None  # noqa: S101 - PIPE was asked for
            answered = yield from _contents(_Pipe(process.stdout), ids)
        if process.returncode and is_last:
            errors.seek(0)
            raise BadInputError(f"git cat-file failed: {last_line(errors.read())}", hint="run `git fsck`")
    return answered


def _contents(pipe: "_Pipe", ids: Sequence[str]) -> Generator[tuple[str, memoryview | None], None, int]:
    """Each object is a line with its size, or with what is wrong, then so many bytes and a line end."""
    for number, id in enumerate(ids):
        header = pipe.line()
        content = pipe.take(int(header) + 1) if header.isdigit() else None
        if content is None and not header.endswith(b" missing"):
            return number
        yield id, None if content is None else content[:-1]
    return len(ids)


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
    """Listed objects but trees, which hold names only; and ids of missing ones, which git says in two words."""
    lines = [line.split(" ") for line in out.decode("ascii", "replace").splitlines() if not line.startswith("tree ")]
    found = [GitObject(words[0], words[1], int(words[2])) for words in lines if len(words) == 3]
    return found, [words[0] for words in lines if len(words) != 3]
