"""The port every engine serves: named bound SQL in, typed rows out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to one query: column names, and rows as tuples in the query's order."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Engine(Protocol):
    """Runs the portable SQL of rules and reports. DuckDB in this process, or a Spark cluster later."""

    name: str

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run one statement with `$name` parameters; raises the engine's own error on bad SQL."""
        ...

    def close(self) -> None: ...
