"""What an object is by its first bytes: plain, gzip or zstd; never by its name. Bounded against bombs by name."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import zstandard

from shadowscan.collect.formats.interface import HEAD_BYTES, Head
from shadowscan.errors import BadInputError, TruncatedError

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
PARQUET = b"PAR1"
CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 16_384
MAX_LINE_BYTES = 16 << 20
ZSTD_STEP_BYTES = 1024  # four bytes of zstd may stand for 128 KiB, so a step stays below 32 MiB

# Logs shrink 5 to 30 times. Past this ratio and this size the content is made to fill the disk, not to be read.
MAX_RATIO = 200
FREE_BYTES = 1 << 30

_BREAKS = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError)


@dataclass(frozen=True, slots=True)
class Opened:
    """An object ready for a format: a path DuckDB reads by its suffix, the head, and the digest of the stored bytes.

    `broken` says where a cut stream ends; `path` then holds the lines before the break. `refused` names the first of
    the lines that were marked as unreadable.
    """

    path: Path
    head: Head
    digest: str
    size_bytes: int
    broken: str = ""
    refused: str = ""


def open_object(path: Path, name: str, link: Path) -> Opened:
    """Look at an object and lay it at `link` plus the suffix its bytes ask for; the link has a name safe for globs.

    Raises `BadInputError` for a bomb.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    digest, repetitive = _digest(path)
    size = path.stat().st_size
    if magic.startswith(GZIP):
        _refuse_bomb(path, name, suspicious=repetitive or _claims_much(path))
        return Opened(_link(path, link, ".gz"), Head(name, _gzip_head(path)), digest, size)
    if magic == ZSTD:
        return _open_unpacked(path, name, link, (digest, size))
    suffix = ".parquet" if magic == PARQUET else ".txt"
    return Opened(_link(path, link, suffix), Head(name, _plain_head(path)), digest, size)


def salvage(opened: Opened, name: str) -> Opened | None:
    """The lines before the break of a cut gzip object; None where its stream is sound or it was never compressed."""
    if opened.broken or opened.path.suffix != ".gz":
        return None
    found = _open_unpacked(opened.path, name, opened.path.with_suffix(""), (opened.digest, opened.size_bytes))
    return found if found.broken else None


def _open_unpacked(path: Path, name: str, link: Path, stored: tuple[str, int]) -> Opened:
    plain, broken = link.with_suffix(".txt"), ""
    try:
        _unpack(path, plain, name)
    except TruncatedError as error:
        broken = error.message
    plain = _rename_parquet(plain)
    return Opened(plain, Head(name, _plain_head(plain)), *stored, broken)


def _unpack(path: Path, target: Path, name: str) -> None:
    """Decompress a whole gzip or zstd file; raises `TruncatedError`, with the lines before the break in `target`."""
    size = path.stat().st_size
    try:
        with target.open("wb") as out:
            written = 0
            for chunk in _chunks(path):
                written += len(chunk)
                _refuse_ratio(written, size, name)
                out.write(chunk)
    except _BREAKS as error:
        kept = _drop_last_line(target)
        raise TruncatedError(
            f"{name} breaks off after {kept} bytes of content ({_reason(error)})",
            hint="the lines before the break are kept; the object is read again when it comes whole",
        ) from error


def _digest(path: Path) -> tuple[str, bool]:
    """SHA-256, and whether any chunk shrinks again, which honest compressed data never does."""
    digest = hashlib.sha256()
    repetitive = False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            sample = chunk[-SAMPLE_BYTES:]
            repetitive = repetitive or len(zlib.compress(sample, 1)) * 2 < len(sample)
    return digest.hexdigest(), repetitive


def _claims_much(path: Path) -> bool:
    """Whether the last gzip member's own size field is past the ratio (RFC 1952: last four bytes, modulo 2^32)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        claimed = int.from_bytes(file.read(4), "little")
    return claimed > size * MAX_RATIO


def _refuse_bomb(path: Path, name: str, *, suspicious: bool) -> None:
    if not suspicious:
        return
    size, written = path.stat().st_size, 0
    try:
        for chunk in _chunks(path):
            written += len(chunk)
            _refuse_ratio(written, size, name)
    except _BREAKS:
        return  # a broken stream is dealt with when it is read


def _refuse_ratio(written: int, size: int, name: str) -> None:
    if written > FREE_BYTES and written > size * MAX_RATIO:
        raise BadInputError(
            f"{name} is a decompression bomb: {size} bytes grow past {written}",
            hint=f"content may grow {MAX_RATIO} times; decompress it yourself if you trust it",
        )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        if file.read(4) == ZSTD:
            file.seek(0)
            yield from _zstd_chunks(file)
            return
        file.seek(0)
        stream = gzip.GzipFile(fileobj=file)
        while chunk := stream.read1(CHUNK_BYTES):
            yield chunk


def _zstd_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """All frames of a zstd file. The library ends quietly on a cut frame, so the end of each is checked here."""
    expander = zstandard.ZstdDecompressor(max_window_size=128 << 20).decompressobj()
    fresh = True
    while data := file.read(ZSTD_STEP_BYTES):
        while data:
            yield expander.decompress(data)
            data, fresh = expander.unused_data, expander.eof
            if fresh:
                expander = zstandard.ZstdDecompressor(max_window_size=128 << 20).decompressobj()
    if not fresh:
        raise EOFError("compressed file ended before the end of its last frame")


def _gzip_head(path: Path) -> bytes:
    parts, length = [], 0
    try:
        for chunk in _chunks(path):
            parts.append(chunk)
            length += len(chunk)
            if length >= HEAD_BYTES:
                break
    except _BREAKS:
        pass  # the head may end where the object breaks; reading it reports that
    return b"".join(parts)[:HEAD_BYTES]


def _plain_head(path: Path) -> bytes:
    """First bytes; of a Parquet file its magic and its footer, where the column names are."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(HEAD_BYTES)
        if not data.startswith(PARQUET) or size <= HEAD_BYTES:
            return data
        file.seek(size - HEAD_BYTES + len(PARQUET))
        return PARQUET + file.read()


def _rename_parquet(path: Path) -> Path:
    with path.open("rb") as file:
        is_parquet = file.read(4) == PARQUET
    return path.rename(path.with_suffix(".parquet")) if is_parquet else path


def _link(path: Path, link: Path, suffix: str) -> Path:
    place = link.with_suffix(suffix)
    place.unlink(missing_ok=True)
    place.symlink_to(path.resolve())
    return place


def _drop_last_line(path: Path) -> int:
    """Cut the file after its last complete line; returns the bytes kept."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        start = max(0, size - MAX_LINE_BYTES)
        file.seek(start)
        end = file.read().rfind(b"\n")
        kept = start + end + 1 if end >= 0 else 0
        file.truncate(kept)
    return kept


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".").lower() or type(error).__name__
