"""OpenAI projects: the answer of `GET /v1/organization/projects`.

Real shape: `{"object": "list", "data": [{"id": "proj_…", "object": "organization.project", "name", "status",
"created_at", "archived_at", …}], "has_more", …}`, pages one after another.

| column of `asset` | from |
|---|---|
| `asset_id` | `account:openai/` and `id`, the subject that a bill's project is |
| `name` | `name`: a declared team of that name owns it |

Doubts: the default project has a name like any other.
Sources: the types `openai.types.admin.organization.Project` of the openai package;
https://platform.openai.com/docs/api-reference/projects
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shadowscan.collect.formats._asset import Row, asset_row, insert_assets, read_each
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_OBJECT = re.compile(rb'"object"\s*:\s*"organization\.project"')


class OpenaiProjects:
    """Names of OpenAI projects."""

    id = "openai_projects"
    title = "OpenAI projects (organization/projects answer)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _OBJECT.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {
            item.source_id: insert_assets(engine, item, read_each(read_records(item, "data"), _read)) for item in items
        }


FORMAT = OpenaiProjects()


def _read(record: dict[str, Any]) -> Iterable[Row]:
    yield asset_row(
        f"account:openai/{record['id']}", "vendor_account", name=record.get("name"), account_id=record["id"]
    )
