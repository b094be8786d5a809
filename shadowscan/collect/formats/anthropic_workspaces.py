"""Anthropic workspaces: the answer of `GET /v1/organizations/workspaces`.

Real shape: `{"data": [{"id": "wrkspc_…", "type": "workspace", "name", "tags": {…}, "data_residency", "created_at",
"archived_at", …}], "has_more", "first_id", "last_id"}`, pages one after another.

| column of `asset` | from |
|---|---|
| `asset_id` | `account:anthropic/` and `id`, the subject that a bill's workspace is |
| `name` | `name`: a declared team of that name owns it |
| `tags` | `tags`: a team tag says whose it is |

Doubts: the default workspace is not listed; a bill shows it as null.
Sources: the type `anthropic.types.organization.Workspace` of the anthropic package;
https://docs.claude.com/en/api/admin-api/workspaces/list-workspaces
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shadowscan.collect.formats._asset import Row, asset_row, insert_assets, read_each
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_TYPE = re.compile(rb'"type"\s*:\s*"workspace"')
_ID = re.compile(rb'"id"\s*:\s*"wrkspc_')


class AnthropicWorkspaces:
    """Names and tags of Anthropic workspaces."""

    id = "anthropic_workspaces"
    title = "Anthropic workspaces (organizations/workspaces answer)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _TYPE.search(head.data) and _ID.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {
            item.source_id: insert_assets(engine, item, read_each(read_records(item, "data"), _read)) for item in items
        }


FORMAT = AnthropicWorkspaces()


def _read(record: dict[str, Any]) -> Iterable[Row]:
    workspace, tags = str(record["id"]), record.get("tags")
    yield asset_row(
        f"account:anthropic/{workspace}",
        "vendor_account",
        name=record.get("name"),
        account_id=workspace,
        tags=tags if isinstance(tags, dict) else {},
    )
