"""SCIM 2.0 users: what an identity provider answers to `GET /Users`.

Real shape: `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults", "Resources": [{"id",
"userName", "displayName", "name", "emails": [{"value", "primary"}], "active", "groups": [{"value", "display"}],
"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department", "costCenter", "manager"}}]}`, pages one
after another.

| column of `person` | from |
|---|---|
| `email` | the primary of `emails`, else the first, else a `userName` that is an address |
| `name` | `displayName`, else `name.formatted` |
| `team` | `groups`, where it is one; of several none is the team |
| `department` `cost_center` | the enterprise extension |
| `manager` | the address of the user whose id `manager.value` is, in this file |
| `is_active` | `active` |

A user without an address is refused and counted; groups among the resources are passed over.
Doubts: whether a group is a team is for the company to say: owners.yaml may name it as an alias.
Sources: RFC 7643 (sections 4.1, 4.3 and 8), RFC 7644 (section 3.4.2)
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shadowscan.collect.formats._asset import REFUSED, plain
from shadowscan.collect.formats._json_documents import read_records
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.rows import insert_rows

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_LIST = re.compile(rb"urn:ietf:params:scim:(?:api:messages:2\.0:ListResponse|schemas:core:2\.0:User)")


class Scim:
    """People and their teams."""

    id = "scim"
    title = "SCIM users (ListResponse of an identity provider)"
    tables = ("person",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _LIST.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = Scim()


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    listed = list(read_records(item, "Resources"))
    addresses = dict(_address_by_id(record) for _, record in listed if isinstance(record, dict))
    rows: list[dict[str, object]] = []
    rejected, sample = 0, ""
    for number, record in listed:
        if isinstance(record, dict) and _GROUP in (record.get("schemas") or ()):
            continue
        try:
            rows.append({"source_id": item.source_id, "line": number, **_person(record, addresses)})
        except REFUSED as error:
            rejected, sample = rejected + 1, sample or plain(f"record {number}: {error}")[:200]
    seen = item.observed_at
    return Normalised({"person": insert_rows(engine, "person", rows)}, rejected, sample, seen, seen)


def _person(record: Any, addresses: Mapping[str, str]) -> dict[str, object]:
    """One user; raises where it has no address."""
    email = _address(record)
    if not email:
        raise ValueError(f"no e-mail address of user {record.get('id')}")
    work = record.get(_ENTERPRISE) or {}
    groups = [plain(group.get("display") or "") for group in record.get("groups") or ()]
    manager = work.get("manager")
    boss = str(manager.get("value") if isinstance(manager, dict) else manager or "")
    return {
        "email": email,
        "name": plain(record.get("displayName") or (record.get("name") or {}).get("formatted") or ""),
        "team": groups[0] if len(groups) == 1 and groups[0] else "unknown",
        "department": plain(work.get("department") or "") or "unknown",
        "cost_center": plain(work.get("costCenter") or "") or "unknown",
        "manager": addresses.get(boss) or (boss.casefold() if "@" in boss else "unknown"),
        "is_active": record.get("active") is not False,
    }


def _address_by_id(record: Mapping[str, Any]) -> tuple[str, str]:
    try:
        return str(record.get("id") or ""), _address(record)
    except REFUSED:
        return "", ""


def _address(record: Mapping[str, Any]) -> str:
    emails = [entry for entry in record.get("emails") or () if entry.get("value")]
    chosen = next((entry for entry in emails if entry.get("primary")), emails[0] if emails else {})
    address = str(chosen.get("value") or record.get("userName") or "")
    return plain(address).casefold() if "@" in address else ""
