"""DuckDB in this process: bounded, no extension downloaded, and sealed while other people's SQL runs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from shadowscan.engines.interface import Rows
from shadowscan.errors import StoreError, UsageError

PROCESS_RESERVE_MB = 300  # Python, SDKs and Arrow buffers live outside DuckDB's own limit
MINIMUM_MB = 128
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(MB|GB|MiB|GiB)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the process: `memory_mb` is the whole process, of which DuckDB gets the rest after the reserve."""

    memory_mb: int = 2048
    threads: int = 2
    temp_directory: str = ""

    @property
    def engine_mb(self) -> int:
        return max(MINIMUM_MB, self.memory_mb - PROCESS_RESERVE_MB)


def parse_memory(text: str) -> int:
    """Megabytes in a size such as `2GB` or `900MB`; raises `UsageError` on anything else."""
    found = _SIZE.match(text)
    if not found:
        raise UsageError(f"--memory {text!r} is not a size", hint="write it as 900MB or 2GB")
    unit = 1024 if found.group(2).upper().startswith("G") else 1
    return int(float(found.group(1)) * unit)


class DuckDBEngine:
    """One DuckDB connection with our settings. `sealed` means no file, network or setting can be reached from SQL."""

    name = "duckdb"

    def __init__(self, path: str, limits: Limits, *, read_only: bool = False, sealed: bool = False) -> None:
        try:
            self.connection = duckdb.connect(path, read_only=read_only, config=_settings(limits))
        except duckdb.Error as error:
            raise StoreError(f"cannot open the store {path}: {error}", hint="is it a shadowscan store?") from error
        self.connection.execute("set TimeZone = 'UTC'")  # refused while connecting: ICU loads after the settings
        self.connection.execute("set enable_progress_bar = false")  # it writes to stdout, which is the report's
        if sealed:
            self.seal()

    def query(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any] | None = None) -> Rows:
        """Run one statement; `$name` parameters from a mapping, `?` from a sequence."""
        cursor = self.connection.execute(sql, parameters or None)
        columns = tuple(column[0] for column in cursor.description or ())
        return Rows(columns, cursor.fetchall() if columns else [])

    def seal(self) -> None:
        """Turn external access off and lock the configuration; one-way for the life of the database instance."""
        self.connection.execute("set enable_external_access = false")
        self.connection.execute("set lock_configuration = true")

    def close(self) -> None:
        self.connection.close()


def _settings(limits: Limits) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "memory_limit": f"{limits.engine_mb}MB",
        "threads": limits.threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if limits.temp_directory:
        Path(limits.temp_directory).mkdir(parents=True, exist_ok=True)
        settings["temp_directory"] = limits.temp_directory
    return settings
