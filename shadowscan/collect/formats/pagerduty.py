"""PagerDuty services and their teams: the answer of `GET /services`.

Real shape: `{"services": [{"id", "type": "service", "name", "summary", "teams": [{"id", "type": "team_reference",
"summary"}], "escalation_policy": {"type": "escalation_policy_reference", "summary"}, "html_url", …}], "limit",
"offset", "more", "total"}`, pages one after another.

| column of `owner_claim` | from |
|---|---|
| `key` | `name`, which is compared with names of workloads and repositories |
| `value` | one row a team: `summary` of each of `teams` |

A service without a team says nothing: an escalation policy is a list of people on call. `evidence` is `pagerduty`.
Doubts: services are named by hand; `teams` of a service are those of its escalation policy.
Sources: https://developer.pagerduty.com/api-reference/ (services), saved answers in public repositories
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shadowscan.collect.formats._asset import read_each
from shadowscan.collect.formats._claim import Row, insert_claims, service_claim
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_SERVICES = re.compile(rb'"services"\s*:\s*\[')
_REFERENCE = re.compile(rb'"type"\s*:\s*"(?:team_reference|escalation_policy_reference)"')


class Pagerduty:
    """Teams that answer for services."""

    id = "pagerduty"
    title = "PagerDuty services (API answer)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _SERVICES.search(head.data) and _REFERENCE.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {
            item.source_id: insert_claims(engine, item, read_each(read_records(item, "services"), _read))
            for item in items
        }


FORMAT = Pagerduty()


def _read(record: dict[str, Any]) -> Iterable[Row]:
    name = record.get("name") or record["summary"]
    for team in record.get("teams") or ():
        yield service_claim("pagerduty", name, team.get("summary") or team["name"])
