"""Small tables on stdout: aligned text, one JSON document, or one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def write_rows(rows: Sequence[Row], format: str) -> None:
    """Rows in the format asked for."""
    if format == "json":
        sys.stdout.write(json.dumps(list(rows), indent=2, ensure_ascii=False, default=str) + "\n")
    else:
        stream_rows(rows, format)


def stream_rows(rows: Iterable[Row], format: str) -> None:
    """Rows as they come: flat memory for `jsonl`; a table and one JSON document need them all."""
    if format == "jsonl":
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return
    if format == "json":
        write_rows(list(rows), format)
        return
    table = [{key: printable(value) for key, value in row.items()} for row in rows]
    if table:
        _write_table(table)


def write_document(document: Row, format: str) -> None:
    """One object: indented JSON, or `key  value` lines."""
    if format == "json":
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n")
    elif format == "jsonl":
        sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
    else:
        for key, value in document.items():
            if isinstance(value, list | tuple):
                sys.stdout.write(f"{key}:\n")
                sys.stdout.writelines(f"  {printable(item)}\n" for item in value)
            else:
                sys.stdout.write(f"{key}: {printable(value)}\n")


def printable(value: Any) -> str:
    """Text without control characters, safe for a terminal."""
    if value is None:
        return "-"
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    if isinstance(value, dict):
        value = ", ".join(f"{key}={item}" for key, item in value.items() if item not in ("", None))
    return "".join(char if char.isprintable() else "?" for char in str(value))


def _write_table(table: Sequence[Mapping[str, str]]) -> None:
    columns = list(table[0])
    widths = {column: max(len(column), *(len(row[column]) for row in table)) for column in columns}
    sys.stdout.write("  ".join(column.ljust(widths[column]) for column in columns).rstrip() + "\n")
    for row in table:
        sys.stdout.write("  ".join(row[column].ljust(widths[column]) for column in columns).rstrip() + "\n")
