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
from shadowscan.git.salvage import list_piecewise

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
    """All objects, unreachable ones too; of a damaged store what can be listed, `BadInputError` where nothing can."""
    form = "--batch-check=%(objecttype) %(objectname) %(objectsize)"
    try:
        out = repository.text("cat-file", "--batch-all-objects", "--unordered", "--buffer", form)
    except BadInputError:
        out = list_piecewise(repository, form)
        if not out:
            raise
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
            answered = yield from _contents(process.stdout, ids)
        if process.returncode and is_last:
            errors.seek(0)
            raise BadInputError(f"git cat-file failed: {last_line(errors.read())}", hint="run `git fsck`")
    return answered


def _contents(pipe: IO[bytes], ids: Sequence[str]) -> Generator[tuple[str, memoryview | None], None, int]:
    """Each object is a line with its size, or with what is wrong, then so many bytes and a line end.

    This runs for every object of a history: it holds the buffer's edges in its own variables and calls little.
    """
    buffer = _Buffer(pipe)
    content, at, end = buffer.content, 0, 0
    for number, id in enumerate(ids):
        while (stop := content.find(b"\n", at, end)) < 0:
            if not buffer.fill(at, end, end - at + 1):
                return number
            content, at, end = buffer.content, buffer.begin, buffer.end
        header = content[at:stop]
        at = stop + 1
        if not header.isdigit():
            if not header.endswith(b" missing"):
                return number
            yield id, None
            continue
        size = int(header)
        while end - at <= size:
            if not buffer.fill(at, end, size + 1):
                return number
            content, at, end = buffer.content, buffer.begin, buffer.end
        yield id, buffer.view[at : at + size]
        at += size + 1
    return len(ids)


class _Buffer:
    """What git writes, in one buffer that is filled again and again: what is unread lies from `begin` to `end`."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self.content = bytearray(CHUNK)
        self.view = memoryview(self.content)
        self.begin = self.end = 0
        _widen(pipe)

    def fill(self, begin: int, end: int, size: int) -> bool:
        """Read more behind what is unread, with room for `size` bytes of it in all; whether there was more."""
        if begin + size > len(self.content):
            rest = bytes(self.view[begin:end])
            if size > len(self.content):
                self.content = bytearray(size + CHUNK)
                self.view = memoryview(self.content)
            self.view[: len(rest)] = rest
            begin, end = 0, len(rest)
        count = int(self._pipe.readinto(self.view[end:]))  # type: ignore[attr-defined]
        self.begin, self.end = begin, end + count
        return bool(count)


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
