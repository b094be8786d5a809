"""DNS questions and answers of any log into tables `dns_query` and `dns_answer`.

A format gives one query over its files, `read`, with one row a record and these columns, null where the log has none:

- `file`: position of the object in the call; `line`: its record number, null where rows are staged in that order
- `queried_at`: timestamp, UTC
- `name`: the name asked for, in any case and with or without a final dot; `query_type` `response_code`: in any case
- `client_text`: address of who asked
- `answers`: list of structs with at least `rdata` and `type`

`columns` gives the other columns of `dns_query`, each an expression over the record: all of `account_id vpc_id
instance_id action` are needed. `path_account_id` and `path_region` are what the delivery path says of the object.
`ttl` is the time to live of one `answer`, -1 where the log has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shadowscan.collect.formats import _dns_sql as sql
from shadowscan.collect.formats._address import create_macros, map_ipv6
from shadowscan.collect.formats._delivery_path import list_objects
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class DnsRecords:
    """The records of some objects, as SQL: see the module. Only our own constants go into it."""

    read: str
    columns: Mapping[str, str]
    parameters: Mapping[str, object] = field(default_factory=dict)
    ttl: str = "-1"


@dataclass(frozen=True, slots=True)
class DnsCount:
    """What one object gave: questions, answers, refused records with the first in words, and bounds."""

    queries: int
    answers: int
    refused: int
    sample: str
    first_at: datetime | None
    last_at: datetime | None

    def normalised(self) -> Normalised:
        """The result of a format that gives DNS only."""
        tables = {"dns_query": self.queries, "dns_answer": self.answers}
        return Normalised(tables, self.refused, self.sample, self.first_at, self.last_at)


def take_questions(engine: DuckDBEngine, items: Sequence[LocalObject], records: DnsRecords) -> dict[int, DnsCount]:
    """Insert the questions and answered addresses of these objects; by `source_id`."""
    source_ids = [item.source_id for item in items]
    list_objects(engine, items)
    create_macros(engine)
    columns = ",\n  ".join(f"{value} as {name}" for name, value in records.columns.items())
    statement = sql.STAGE.replace("{read}", records.read).replace("{columns}", columns)
    engine.query(statement, dict(records.parameters))
    engine.query(sql.FIRST_ROWS)
    _insert(engine, records.ttl)
    rows = engine.query(sql.RESULTS, {"source_ids": source_ids}).rows
    for table in ("dns_staged", "dns_first", "read_object"):
        engine.query(f"drop table {table}")
    return {row[0]: _count(row) for row in rows}


def _insert(engine: DuckDBEngine, ttl: str) -> None:
    has_ipv6 = map_ipv6(engine, sql.IPV6_TEXTS) > 0
    if has_ipv6:
        engine.query(sql.CANONICAL_CLIENTS)
    engine.query(sql.INSERT_QUERIES)
    engine.query(sql.INSERT_IPV4_ANSWERS.replace("{ttl}", ttl))
    if has_ipv6:
        engine.query(sql.INSERT_IPV6_ANSWERS.replace("{ttl}", ttl))


def _count(row: tuple[Any, ...]) -> DnsCount:
    _, queries, answers, refused, line, verdict, first_at, last_at = row
    return DnsCount(queries, answers, refused, f"line {line}: {verdict}" if refused else "", first_at, last_at)
