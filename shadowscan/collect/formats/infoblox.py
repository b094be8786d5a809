"""Infoblox NIOS networks: the CSV that its CSV export writes.

Real shape: blocks, each with a header line whose first cell is `header-network`, `header-networkcontainer` or
`header-ipv6network` (any case), then lines whose first cell names the block. Comma, semicolon or tab. Other blocks
(hosts, ranges) may stand between and are passed over.

| column of `owner_claim` | from |
|---|---|
| `key` | `address*` with `netmask*` (dotted, or a length), `cidr*` of IPv6 |
| `value` | the extensible attribute `EA-Team`, `EA-Owner-Team`, `EA-Owning-Team`, `EA-Squad`, `EA-Owner` |
| `scope` | `EA-Account…`, `EA-Vpc…` and the like; else unknown |

A network without such an attribute says nothing. `EAInherited-…` only tells where a value came from. `evidence` is
`cidr`. Doubts: extensible attributes are named by each company, so other names than these are not read.
Sources: https://docs.infoblox.com/ (CSV import reference, file format and network objects), exported files in public
repositories
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from shadowscan.collect.formats._claim import Reading, Row, cidr_claim, fold_names, insert_claims, place_in, team_in
from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location

_HEADER = re.compile(
    r"^\"?header-(?:ipv6)?network(?:container)?\"?\s*[,;\t]\s*\"?address\*", re.IGNORECASE | re.MULTILINE
)
_NETWORKS = frozenset({"network", "networkcontainer", "ipv6network", "ipv6networkcontainer"})


class Infoblox:
    """Owners of address ranges."""

    id = "infoblox"
    title = "Infoblox networks (CSV export)"
    tables = ("owner_claim",)

    def sniff(self, head: Head) -> float:
        return 0.95 if _HEADER.search(head.data.decode("utf-8-sig", errors="replace")) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_claims(engine, item, _readings(item)) for item in items}


FORMAT = Infoblox()


def _readings(item: LocalObject) -> Iterator[Reading]:
    """Every network with the names of its block."""
    names: list[str] = []
    for number, cells in _lines(item):
        kind = cells[0].strip().casefold()
        if kind.startswith("header-"):
            names = cells
        elif kind in _NETWORKS:
            yield number, partial(_read, dict(zip(names, cells, strict=False)))


def _lines(item: LocalObject) -> Iterator[tuple[int, list[str]]]:
    text = read_object(item)
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=text.split("\n", 1)[0].count))
    try:
        for cells in reader:
            if cells and cells[0].strip():
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadInputError(f"not valid CSV: {error}", location=Location(item.name, reader.line_num)) from error


def _read(record: Mapping[str, str]) -> Iterable[Row]:
    """The statement of one network; none where no attribute names a team. Raises where it is no range."""
    fields = fold_names(record)
    cidr = f"{fields['address'].strip()}/{str(fields.get('netmask') or fields['cidr']).strip()}"
    attributes = fold_names({name[3:]: value for name, value in record.items() if name.casefold().startswith("ea-")})
    account, vpc = place_in(attributes)
    claim = cidr_claim(cidr, team_in(attributes), account, vpc, fields.get("comment") or "")
    if claim["value"]:
        yield claim
