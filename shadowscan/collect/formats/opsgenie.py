"""Opsgenie services and teams: the answers of `GET /v1/services` and `GET /v2/teams`.

Real shape: `{"data": [{"id", "name", "description", "teamId", "tags", "links": {"web", "api"}, "isExternal"}], …}` and
`{"data": [{"id", "name", "description", "links"}], …}`, in one file one after another or in two.

| record | rows in `owner_claim` |
|---|---|
| service | `key` its `name`, `value` `opsgenie:` and `teamId` |
| team | of the entity `opsgenie:` and `id`: its `name`, for services of any file |

`evidence` is `opsgenie`. An external service (`isExternal`) is somebody else's and says nothing.
Doubts: Opsgenie ends in April 2027, its successors write the same lists otherwise.
Sources: https://docs.opsgenie.com/docs/service-api, https://docs.opsgenie.com/docs/team-api, saved answers in public
repositories
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shadowscan.collect.formats._asset import read_each
from shadowscan.collect.formats._claim import Row, entity_claim, insert_claims, service_claim
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_LINK = re.compile(rb'"(?:web|api)"\s*:\s*"https://[\w.-]*opsgenie\.com/(?:v1/services|v2/teams|service|teams)')


class Opsgenie:
    """Teams that answer for services."""

    id = "opsgenie"
    title = "Opsgenie services and teams (API answers)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _LINK.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {
            item.source_id: insert_claims(engine, item, read_each(read_records(item, "data"), _read)) for item in items
        }


FORMAT = Opsgenie()


def _read(record: dict[str, Any]) -> Iterable[Row]:
    if "teamId" not in record and "isExternal" not in record:
        yield entity_claim("opsgenie", f"opsgenie:{record['id']}", record["name"])
    elif record.get("teamId") and not record.get("isExternal"):
        yield service_claim("opsgenie", record["name"], f"opsgenie:{record['teamId']}")
