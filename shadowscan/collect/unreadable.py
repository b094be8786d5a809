"""Lines of JSON that DuckDB refuses together with their whole file: too long, or nested too deep.

DuckDB has no way to skip them, so a file that holds one is copied with a mark in the place of each: the mark is no
JSON, hence every format counts it as a rejected record, and the lines after it keep their numbers.
"""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from shadowscan.collect.compression import Opened

MAX_LINE_BYTES = 16 << 20  # `maximum_object_size` of DuckDB: its buffers are twice that for each thread
MAX_DEPTH = 100  # DuckDB stops at 128
MARK = b"?\n"
REFUSALS = ("maximum_object_size", "maximum recursion depth")
_CHUNK = 1 << 20
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def is_unreadable_line(error: Exception) -> bool:
    """Whether DuckDB refused a file for one of its lines."""
    return isinstance(error, duckdb.InvalidInputException) and any(word in str(error) for word in REFUSALS)


def cut_lines(opened: Opened, name: str) -> Opened | None:
    """A plain copy with a mark for each such line, `refused` naming the first; None where there is none."""
    if opened.refused:
        return None
    copy = opened.path.with_suffix(".marked.txt")
    first = _copy_marked(opened.path, copy)
    if not first:
        copy.unlink()
        return None
    return replace(opened, path=copy, refused=first)


def read_lines(source: Path) -> Iterator[tuple[bytes, int]]:
    """Each line of a plain or gzip file with its size; of one that is too long only its start is held."""
    with gzip.open(source) if source.suffix == ".gz" else source.open("rb") as file:
        while line := file.readline(MAX_LINE_BYTES + 1):
            size = len(line)
            part = line
            while size > MAX_LINE_BYTES and not part.endswith(b"\n") and (part := file.readline(_CHUNK)):
                size += len(part)
            yield line, size


def is_too_deep(record: bytes) -> bool:
    """Whether a JSON text nests deeper than is read, brackets inside its strings counted too."""
    brackets = record.translate(None, _NO_BRACKETS)
    if len(brackets) <= MAX_DEPTH:
        return False
    depth = deepest = 0
    for byte in brackets:
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


def _copy_marked(source: Path, target: Path) -> str:
    """Copy line by line; gives the first refusal in words."""
    first = ""
    with target.open("wb") as out:
        for number, (line, size) in enumerate(read_lines(source), start=1):
            why = _refusal(line, size)
            out.write(MARK if why else line)
            first = first or (f"line {number} {why}" if why else "")
    return first


def _refusal(line: bytes, size: int) -> str:
    if size > MAX_LINE_BYTES:
        return f"holds {size} bytes, more than the {MAX_LINE_BYTES} that are read"
    return f"is JSON nested deeper than {MAX_DEPTH}" if is_too_deep(line) else ""
