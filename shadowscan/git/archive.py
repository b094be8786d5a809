"""Members of archives, and of archives in them: ZIP (jar, whl), tar (Docker images and layers), gzip, bzip2, xz.

Everything is bounded, and what a bound leaves out is named: a bomb is refused, never read to its end and never silent.
"""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from shadowscan.git.name import printable

DEPTH = 5  # a jar in a layer of an image, gzipped: tar, gzip, tar, ZIP
MEMBERS, MEMBER_BYTES, ARCHIVE_BYTES = 20_000, 64 * 1024 * 1024, 256 * 1024 * 1024
NAMED = 100
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, RuntimeError, NotImplementedError, OSError,
    EOFError, ValueError, OverflowError, KeyError, IndexError,
)  # fmt: skip


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(slots=True)
class Budget:
    """What one outermost content may still unfold to. `refused` names what was left out, and why."""

    members: int = MEMBERS
    bytes: int = ARCHIVE_BYTES
    refused: list[str] = field(default_factory=list)

    def refuse(self, name: str, reason: str) -> None:
        """Name what is not read; a hostile archive does not make the list endless."""
        if len(self.refused) < NAMED:
            self.refused.append(f"{name}: {reason}" if name else reason)

    def take(self, name: str, size: int) -> bool:
        """Whether a member of this size may still be read; named where not."""
        if self.members <= 0:
            return False
        self.members -= 1
        if not self.members:
            self.refuse(name, f"more than {MEMBERS} members")
        elif size > min(MEMBER_BYTES, self.bytes):
            self.refuse(name, "larger than an archive may unfold to")
        else:
            return True
        return False


def unfold(data: bytes, budget: Budget, name: str = "", depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """(member path, content) of everything inside, `a.jar!b.env` in nested ones, each container after its members.

    Content that is no archive comes back alone. Compression without names (`.gz`) adds nothing to the path.
    """
    kind = _kind(data)
    if kind and depth >= DEPTH:
        budget.refuse(name, f"nested deeper than {DEPTH} archives")
        kind = ""
    if kind in _STREAMS:
        content = _decompress(data, kind, name, budget)
        yield from unfold(content, budget, name, depth + 1)
        return
    for member, content in _members(data, kind, name, budget) if kind else ():
        yield from unfold(content, budget, f"{name}!{member}" if name else member, depth + 1)
    yield name, data


def _kind(data: bytes) -> str:
    """`zip`, `tar`, a compression, or empty."""
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data[257:262] == b"ustar":
        return "tar"
    return next((kind for kind, (mark, _) in _STREAMS.items() if data.startswith(mark)), "")


_STREAMS: dict[str, tuple[bytes, Callable[[], Any]]] = {
    "gzip": (b"\x1f\x8b\x08", lambda: zlib.decompressobj(31)),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(memlimit=MEMBER_BYTES)),
}


MARKS = (b"PK\x03\x04", *(mark for mark, _ in _STREAMS.values()))  # tar has its own, after a name padded with zeros


def _decompress(data: bytes, kind: str, name: str, budget: Budget) -> bytes:
    """The stream's content as far as the budget goes; several streams may follow one another."""
    limit, parts, taken = min(MEMBER_BYTES, budget.bytes), [], 0
    try:
        while data and taken <= limit:
            stream: _Decompressor = _STREAMS[kind][1]()
            parts.append(stream.decompress(data, limit + 1 - taken))
            taken += len(parts[-1])
            if not stream.eof:
                budget.refuse(name, f"{kind} larger than it may unfold to" if taken > limit else f"{kind} is cut short")
                break
            data = stream.unused_data.lstrip(b"\0")
    except _DAMAGE as error:
        budget.refuse(name, f"{kind} is damaged: {type(error).__name__}")
    budget.bytes -= taken
    return b"".join(parts)


def _members(data: bytes, kind: str, name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    try:
        yield from (_zip_members if kind == "zip" else _tar_members)(data, name, budget)
    except _DAMAGE as error:
        budget.refuse(name, f"{kind} is damaged: {type(error).__name__}")


def _zip_members(data: bytes, name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            member = printable(entry.filename.encode("utf-8", "replace"))
            place = f"{name}!{member}" if name else member
            if entry.is_dir() or not budget.take(place, entry.file_size):
                continue
            try:
                with archive.open(entry) as content:
                    yield member, _read(content, budget)
            except _DAMAGE as error:
                budget.refuse(place, "encrypted" if entry.flag_bits & 1 else f"damaged: {type(error).__name__}")


def _tar_members(data: bytes, name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Regular files only: links and devices hold nothing of their own."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            member = printable(entry.name.encode("utf-8", "surrogateescape"))
            if not entry.isreg() or not budget.take(f"{name}!{member}" if name else member, entry.size):
                continue
            content = archive.extractfile(entry)
            if content is not None:
                yield member, _read(content, budget)


def _read(content: IO[bytes], budget: Budget) -> bytes:
    """A member's bytes; a header that lies about the size does not get more than the bound."""
    data = content.read(min(MEMBER_BYTES, budget.bytes) + 1)
    budget.bytes -= len(data)
    return data
