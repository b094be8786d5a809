"""Repository hits for enrichment tests, written straight into `repo_hit`."""

from datetime import datetime
from typing import Any

from shadowscan.store.connection import Store
from tests.enrich.records import insert

COMMITTED_AT = datetime(2026, 5, 4, 10)  # noqa: DTZ001 - the store holds naive UTC


def hit(store: Store, kind: str, vendor: str = "unknown", **more: Any) -> None:
    row = {
        "source_id": 7, "repo": "acme/api", "kind": kind, "vendor_id": vendor, "path": "app.py", "line": 3,
        "commit_id": "4b825dc6", "committed_at": COMMITTED_AT, "last_seen_at": COMMITTED_AT, "in_head": True,
    }  # fmt: skip
    insert(store, "repo_hit", **{**row, **more})
