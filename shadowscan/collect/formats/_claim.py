"""Rows of `owner_claim` made in Python: places filled, bad records counted alone, address ranges as one reads them."""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from shadowscan.collect.formats._asset import REFUSED, plain
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]
Reading = tuple[int, Callable[[], Iterable[Row]]]

CIDR_CONFIDENCE = 0.55
SERVICE_CONFIDENCE = 0.60
_BLANK = {"scope": "", "ordinal": 0, "detail": ""}
TEAM_FIELDS = ("team", "ownerteam", "owningteam", "squad", "owner")
_PLACES = {
    "account": ("account", "accountid", "awsaccount", "awsaccountid", "subscription", "subscriptionid", "project"),
    "vpc": ("vpc", "vpcid", "network", "networkid", "vnet"),
}


def insert_claims(engine: DuckDBEngine, item: LocalObject, readings: Iterable[Reading]) -> Normalised:
    """Insert the statements of every record; a record that cannot be read is counted, the first one shown."""
    rows: list[Row] = []
    refused: list[str] = []
    for number, read in readings:
        try:
            found = [complete(row, item, number) for row in read()]
        except REFUSED as error:
            refused.append(plain(f"record {number}: {error}")[:200])
            continue
        rows.extend(found)
    count = insert_rows(engine, "owner_claim", rows)
    sample = refused[0] if refused else ""
    return Normalised({"owner_claim": count}, len(refused), sample, item.observed_at, item.observed_at)


def complete(row: Row, item: LocalObject, number: int) -> Row:
    """The row with its source; a value with an @ inside is a person."""
    is_person = "@" in str(row["value"]).lstrip("@")
    where = {"source_id": item.source_id, "line": number, "observed_at": item.observed_at, "is_person": is_person}
    return {**_BLANK, **where, **row, "value": plain(row["value"])}


def cidr_claim(cidr: object, value: object, account: object = "", vpc: object = "", detail: object = "") -> Row:
    """A statement about one address range in its network; raises ValueError where it is no range."""
    scope = f"{plain(account) or 'unknown'}/{plain(vpc) or 'unknown'}"
    return {
        "evidence": "cidr",
        "key_kind": "cidr",
        "key": str(ip_network(str(cidr).strip(), strict=False)),
        "scope": scope,
        "value": value,
        "confidence": CIDR_CONFIDENCE,
        "detail": plain(detail),
    }


def fold_name(name: object) -> str:
    """A column or field name as compared."""
    return "".join(character for character in str(name).casefold() if character.isalnum())


def fold_names(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A record by folded names."""
    return {fold_name(name): value for name, value in record.items()}


def team_in(record: Mapping[str, Any]) -> str:
    """The first field that names a team, of a record with folded names; empty where none does."""
    return next(
        (plain(record[name]) for name in TEAM_FIELDS if isinstance(record.get(name), str) and plain(record[name])), ""
    )


def place_in(record: Mapping[str, Any]) -> tuple[str, str]:
    """(account, network) that a record with folded names states, empty where it does not."""
    account, vpc = (
        next((plain(record[name]) for name in names if isinstance(record.get(name), str | int)), "")
        for names in _PLACES.values()
    )
    return account, vpc


def service_claim(evidence: str, name: object, team: object) -> Row:
    """A statement about a service by name."""
    if not plain(name):
        raise ValueError("a service without a name")
    return {
        "evidence": evidence,
        "key_kind": "service",
        "key": plain(name),
        "value": team,
        "confidence": SERVICE_CONFIDENCE,
        "detail": f"service {plain(name)}",
    }


def entity_claim(evidence: str, entity: str, value: object) -> Row:
    """What an entity leads on to, for statements of any file that name it."""
    return {"evidence": evidence, "key_kind": "entity", "key": entity, "value": value, "confidence": SERVICE_CONFIDENCE}
