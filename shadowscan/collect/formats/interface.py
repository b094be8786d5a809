"""The port of a format: recognise by content, then normalise into declared tables.

A format is one module of this folder with a module-level `FORMAT` object that serves this protocol.
The module's docstring is its documentation page: real shape, field by field mapping, sources, doubts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shadowscan.engines.duckdb import DuckDBEngine

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Head:
    """What recognition may look at: the first decompressed bytes, and the name only as a tie-breaker."""

    name: str
    data: bytes

    @property
    def lines(self) -> list[str]:
        """Complete first lines as text; the last, cut line is left out unless it is the only one."""
        text = self.data.decode("utf-8-sig", errors="replace")
        parts = text.splitlines()
        cut = len(self.data) >= HEAD_BYTES and len(parts) > 1
        return parts[:-1] if cut else parts

    @property
    def begins_json(self) -> bool:
        """Whether the first byte that is no space opens a JSON object or list."""
        return self.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


@dataclass(frozen=True, slots=True)
class LocalObject:
    """One object on local disk, ready for DuckDB: text (plain or .gz) or Parquet. `source_id` goes on every row.

    `path` has a suffix DuckDB reads by (`.gz` where still compressed). `scope` is what an ownership file speaks for,
    such as a repository; `observed_at` is the object's own time, used where the content has none.
    """

    source_id: int
    name: str
    path: str
    head: Head
    scope: str = ""
    observed_at: datetime | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Normalised:
    """What one object gave: rows by table, rejected records with a sample of why, and event bounds (UTC, naive)."""

    tables: dict[str, int]
    rejected: int = 0
    reject_sample: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None


class Format(Protocol):
    """One format. `id` is the module's name, as in `FORMAT=TARGET`."""

    id: str
    title: str
    tables: tuple[str, ...]

    def sniff(self, head: Head) -> float:
        """How sure this is our format, 0 to 1; 0.5 and more may be taken. Total on hostile bytes."""
        ...

    def group_key(self, item: LocalObject) -> str:
        """Objects with one key may be normalised in one call (the same header, say)."""
        ...

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert the rows of these objects inside the caller's transaction; result by `source_id`.

        Raises `BadInputError` naming what is wrong; the caller rolls back and retries object by object.
        """
        ...
