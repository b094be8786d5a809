"""LiteLLM teams and keys: the answers of `GET /team/list` and `GET /key/list?return_full_object=true`.

Real shape: an array of `{"team_id", "team_alias", "metadata", "members_with_roles", "keys", …}`; `{"keys": [{"token",
"key_alias", "team_id", "metadata", …}], "total_count", "current_page", "total_pages"}`.

| column of `asset` | from |
|---|---|
| `asset_id` | `account:litellm/` and `team_id`, or the key's `token`, which is its SHA-256 |
| `name` | `team_alias`, `key_alias` |
| `parent_id` | of a key its team |
| `tags` | the texts of `metadata` |

A `token` that is no hash is a key somebody wrote down: such a record is refused, and never kept or shown.
Doubts: which of these a release lists differs; `/key/list` without full objects gives hashes alone, which name nobody.
Sources: `litellm/proxy/_types.py` and `management_endpoints` of the litellm package
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shadowscan.collect.formats._asset import Row, asset_row, insert_assets, read_each
from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_TEAM = re.compile(rb'"team_id"\s*:')
_LITELLM = re.compile(rb'"(?:team_alias|key_alias|members_with_roles)"\s*:')
_SPEND_LOG = re.compile(rb'"(?:request_id|call_type|startTime|api_requests)"\s*:')
_HASH = re.compile(r"^[0-9a-f]{64}$")


class LitellmTeams:
    """Names of teams and keys at a LiteLLM gateway."""

    id = "litellm_teams"
    title = "LiteLLM teams and keys (team/list and key/list answers)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        if _SPEND_LOG.search(head.data):
            return 0.0
        return 0.9 if _TEAM.search(head.data) and _LITELLM.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, read_each(_records(item), _read)) for item in items}


FORMAT = LitellmTeams()


def _records(item: LocalObject) -> Iterator[tuple[int, Any]]:
    """Records of every page; a team's own list of keys makes it no page."""
    number = 0
    for document in read_documents(item):
        page = document.value
        pages = page if isinstance(page, dict) and "team_id" not in page else {}
        listed = next((pages[name] for name in ("keys", "teams", "data") if isinstance(pages.get(name), list)), [page])
        for record in listed:
            number += 1
            yield number, record


def _read(record: dict[str, Any]) -> Iterable[Row]:
    """A team, or a key under its team; raises where a key stands in clear, without showing it."""
    team, metadata = record.get("team_id"), record.get("metadata")
    tags = metadata if isinstance(metadata, dict) else {}
    if "token" in record:
        token = str(record["token"])
        if not _HASH.match(token):
            raise ValueError("a key that is not hashed")
        parent = f"account:litellm/{team}" if team else ""
        name = record.get("key_alias")
        yield asset_row(f"account:litellm/{token}", "vendor_account", name=name, parent_id=parent, tags=tags)
    else:
        name = record.get("team_alias")
        yield asset_row(f"account:litellm/{record['team_id']}", "vendor_account", name=name, tags=tags)
