"""Address ranges and their teams: a CSV of one's own, `cidr,team,vpc,account`, or an address plan saved as CSV.

Real shape: a header line with a range column and a team column; comma, semicolon or tab. AWS VPC IPAM's columns
(`ResourceCidr`, `ResourceOwnerId`, `VpcId`) are among the names taken.

| column of `owner_claim` | header names taken (case, spaces and `-_.` make no difference) |
|---|---|
| `key` | cidr, range, prefix, subnet cidr, resource cidr, ip range, network cidr |
| `value` | team, owner team, owning team, squad, owner |
| `scope` | account, account id, resource owner id, subscription, project; vpc, vpc id, vnet, network |
| `detail` | name, description, comment, resource name |

`evidence` is `cidr`. A line without a team says nothing; one whose range is none is refused and counted. Two lines that
give one range to two teams disagree: the conflict is shown where an address lies in it.
Doubts: none of this is a standard.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from ipaddress import ip_network

from shadowscan.collect.formats._claim import (
    TEAM_FIELDS,
    Reading,
    Row,
    cidr_claim,
    fold_name,
    fold_names,
    insert_claims,
    place_in,
    team_in,
)
from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location

_RANGES = ("cidr", "range", "prefix", "subnetcidr", "resourcecidr", "iprange", "networkcidr", "cidrblock")
_DETAILS = ("name", "description", "comment", "resourcename")
_MONEY = frozenset({"amount", "cost", "bytes", "packets", "debit", "total"})


class CidrCsv:
    """Owners of address ranges."""

    id = "cidr_csv"
    title = "Address ranges and their teams (CSV)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        lines = head.lines
        if len(lines) < 2 or "\x00" in lines[0]:
            return 0.0
        names = _split(lines[0])
        place = next((names.index(name) for name in _RANGES if name in names), None)
        if place is None or not set(TEAM_FIELDS) & set(names) or _MONEY & set(names):
            return 0.0
        cells = [cell.strip().strip('"') for cell in lines[1].split(_delimiter(lines[0]))]
        return 0.85 if place < len(cells) and _is_range(cells[place]) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_claims(engine, item, _readings(item)) for item in items}


FORMAT = CidrCsv()


def _readings(item: LocalObject) -> Iterator[Reading]:
    text = read_object(item)
    header = text.split("\n", 1)[0]
    if not set(_RANGES) & set(_split(header)):
        raise BadInputError("no column of address ranges in the first line", location=Location(item.name, 1))
    reader = csv.DictReader(io.StringIO(text), delimiter=_delimiter(header))
    try:
        for record in reader:
            yield reader.line_num, partial(_read, fold_names(record))
    except csv.Error as error:
        raise BadInputError(f"not valid CSV: {error}", location=Location(item.name, reader.line_num)) from error


def _read(record: Mapping[str, str]) -> Iterable[Row]:
    """The statement of one line; none where it names no team. Raises ValueError where it has no range."""
    cidr = next((record[name] for name in _RANGES if record.get(name)), "")
    account, vpc = place_in({**record, "account": record.get("resourceownerid") or record.get("account")})
    detail = next((record[name] for name in _DETAILS if record.get(name)), "")
    claim = cidr_claim(cidr, team_in(record), account, vpc, detail)
    if claim["value"]:
        yield claim


def _is_range(text: str) -> bool:
    try:
        return bool(ip_network(text, strict=False))
    except ValueError:
        return False


def _split(header: str) -> list[str]:
    return [fold_name(part) for part in header.strip("\r\n\ufeff").split(_delimiter(header))]


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)
