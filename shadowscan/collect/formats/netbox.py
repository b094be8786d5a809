"""NetBox prefixes: the answer of `/api/ipam/prefixes/`, and the CSV of the list of prefixes.

Real shape: `{"count", "next", "previous", "results": [{"id", "url", "prefix", "vrf", "tenant", "owner", "tags",
"custom_fields", …}]}`, pages one after another, or the `results` alone. The CSV has the table's column titles
(`ID,Prefix,…,Status,VRF,Tenant,…`), custom fields by their labels.

| column of `owner_claim` | from |
|---|---|
| `key` | `prefix` |
| `value` | a custom field named team, owner-team, owning-team, squad or owner; else `owner`; else `tenant`, its name |
| `scope` | account and network: custom fields (account_id, vpc_id, …), else a `vrf` that is named like a VPC |

A prefix without any of these says nothing: a wider one that has a team stands for it. `evidence` is `cidr`.
Doubts: VRFs have names of their own, so those that are no cloud networks scope nothing; two VRFs that give one range to
two tenants then disagree, and the conflict is shown.
Sources: https://github.com/netbox-community/netbox `netbox/ipam/api/serializers_/ip.py`, `netbox/ipam/tables/ip.py`
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats._claim import Reading, Row, cidr_claim, fold_names, insert_claims, place_in, team_in
from shadowscan.collect.formats._json_documents import read_documents
from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location

_PREFIX = re.compile(rb'"prefix"\s*:\s*"[0-9a-fA-F.:]+/\d+"')
_URL = re.compile(rb'"url"\s*:\s*"[^"]*/api/ipam/prefixes/')
_CLOUD = re.compile(r"^vpc-[0-9a-f]+$|^[\w-]+:[\w-]+$")
_COLUMNS = frozenset({"prefix", "vrf", "tenant", "status"})


class Netbox:
    """Owners of address ranges."""

    id = "netbox"
    title = "NetBox prefixes (API answer or CSV)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        if head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return 0.95 if _PREFIX.search(head.data) and _URL.search(head.data) else 0.0
        lines = head.lines
        names = {name.strip().strip('"').casefold() for name in lines[0].split(",")} if lines else set()
        return 0.9 if names >= _COLUMNS else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_claims(engine, item, _readings(item)) for item in items}


FORMAT = Netbox()


def _readings(item: LocalObject) -> Iterator[Reading]:
    is_json = item.head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    records = _results(item) if is_json else _lines(item)
    yield from ((number, partial(_read, record)) for number, record in enumerate(records, start=1))


def _results(item: LocalObject) -> Iterator[Any]:
    for document in read_documents(item):
        page = document.value
        listed = page.get("results") if isinstance(page, dict) else None
        yield from listed if isinstance(listed, list) else [page]


def _lines(item: LocalObject) -> Iterator[Any]:
    reader = csv.DictReader(io.StringIO(read_object(item)))
    try:
        yield from reader
    except csv.Error as error:
        raise BadInputError(f"not valid CSV: {error}", location=Location(item.name, reader.line_num)) from error


def _read(record: Any) -> Iterable[Row]:
    """The statement of one prefix; none where it names no team. Raises where it is no prefix."""
    if not isinstance(record, Mapping):
        raise TypeError(f"{type(record).__name__} is no prefix")
    fields = fold_names(record)
    own = fields.get("customfields")
    stated = fold_names(own) if isinstance(own, Mapping) else fields
    team = team_in(stated) or _name(fields.get("owner")) or _name(fields.get("tenant"))
    account, vpc = place_in(stated)
    network = _name(fields.get("vrf"))
    claim = cidr_claim(
        fields["prefix"],
        team,
        account,
        vpc or (network if _CLOUD.match(network) else ""),
        fields.get("description") or "",
    )
    if team:
        yield claim


def _name(value: Any) -> str:
    """A related object's name, or the text that a CSV has in its place."""
    name = value.get("name") if isinstance(value, Mapping) else value
    return str(name or "").strip().strip("—")
