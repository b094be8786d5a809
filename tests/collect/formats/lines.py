"""Text logs for the tests: written with a time of their own, taken in, and asked."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shadowscan.store.connection import Store

WRITTEN_AT = datetime(2026, 8, 2, 12, tzinfo=UTC)


def write(path: Path, *lines: str | bytes, at: datetime = WRITTEN_AT) -> Path:
    """One line each, last written `at`."""
    path.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def asked(store: Store, columns: str = "line, client_ip, qname, qtype, rcode") -> Sequence[tuple[Any, ...]]:
    return store.query(f"select {columns} from dns_query order by source_id, line").rows
