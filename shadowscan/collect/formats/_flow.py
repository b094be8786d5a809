"""Flow records of any log into table `flow`: sides, addresses as numbers, lines, refusals and lost intervals.

A format gives one query over its files; everything that all flow logs share is done here, once. The query, `read`,
gives one row a record with these columns, null where the log has none:

- `file`: position of the object in the call (`file_index` of DuckDB's readers); `line`: its line or record number, null
  where records are staged in the order of lines and the first of them is on `first_line`
- `status`: `nodata` or `skipdata` for what is no flow, `duplicate` for a flow that another record tells too, `foreign`
  for a record of another log, which is refused; anything else for a flow
- `started_at` `ended_at`: timestamps, UTC; `epoch_time(n)` makes one from epoch seconds or milliseconds
- `source_text` `target_text`: addresses; packet level where the log has it
- `interface_source_text` `interface_target_text`: those of the interface, null = the same
- `source_port` `target_port` `protocol` `bytes` `packets`: numbers
- `flow_direction`: `egress` = the source is the client, `ingress` = the target is; else the private side is

`columns` gives the other columns of `flow`, each an expression over the record; `is_out` says that the source is the
client. `path_account_id` and `path_region` are what the delivery path says of the object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shadowscan.collect.formats import _flow_sql as sql
from shadowscan.collect.formats._address import create_macros, map_ipv6
from shadowscan.collect.formats._delivery_path import list_objects
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class FlowRecords:
    """The records of some objects, as SQL: see the module. Only our own constants go into `read` and `columns`.

    `text_paths` are the files where `read` is a `read_csv` that stores rejects: lines it refused are counted too.
    `one_a_line` says that a line is one record, of which a refused one may be two rows.
    """

    read: str
    columns: Mapping[str, str]
    parameters: Mapping[str, object] = field(default_factory=dict)
    first_line: int = 1
    text_paths: Sequence[str] = ()
    one_a_line: bool = False


@dataclass(frozen=True, slots=True)
class FlowCount:
    """What one object gave: flows, coverage notes, refused records with the first in words, and bounds."""

    flows: int
    notes: int
    refused: int
    sample: str
    first_at: datetime | None
    last_at: datetime | None

    def normalised(self) -> Normalised:
        """The result of a format that gives flows only."""
        tables = {"flow": self.flows} | ({"coverage_note": self.notes} if self.notes else {})
        return Normalised(tables, self.refused, self.sample, self.first_at, self.last_at)


def create_time_macros(engine: DuckDBEngine) -> None:
    """Create the temporary macros `epoch_time` and `is_sound_time`."""
    for macro in sql.MACROS:
        engine.query(macro)


def answer_direction(source: str, target: str) -> str:
    """An expression for the `flow_direction` of the answer's row, where one record counts both ways.

    The query's row has none: then the private side is the client, else the source. The answer's row has its sides
    turned and must come to the same client.
    """
    return f"case when looks_private({source}) or not looks_private({target}) then 'ingress' else 'egress' end"


def take_flows(engine: DuckDBEngine, items: Sequence[LocalObject], records: FlowRecords) -> dict[int, FlowCount]:
    """Insert the flows of these objects, and notes of lost intervals and duplicates; by `source_id`."""
    list_objects(engine, items)
    _stage(engine, records)
    line = {"first_line": records.first_line}
    refused = _place_refused(engine, records) if records.text_paths else {}
    engine.query(sql.INSERT_IPV4, line)
    if engine.query(sql.COUNT_IPV6).rows[0][0]:
        map_ipv6(engine, sql.IPV6_TEXTS)
        engine.query(sql.REFUSE_IPV6)
        engine.query(sql.INSERT_IPV6, line)
    engine.query(sql.INSERT_SKIPPED)
    engine.query(sql.INSERT_DUPLICATES)
    results = sql.RESULTS.replace("{refused}", "distinct line" if records.one_a_line else "*")
    counts = {row[0]: _count(row, refused.get(row[0])) for row in engine.query(results, line).rows}
    for table in ("flow_staged", "flow_first", "read_object"):
        engine.query(f"drop table {table}")
    return counts


def _stage(engine: DuckDBEngine, records: FlowRecords) -> None:
    create_macros(engine)
    create_time_macros(engine)
    if records.text_paths:
        engine.query("drop table if exists reject_errors")
        engine.query("drop table if exists reject_scans")
    columns = ",\n  ".join(f"{value} as {name}" for name, value in records.columns.items())
    statement = sql.STAGE.replace("{read}", records.read).replace("{columns}", columns)
    engine.query(statement, dict(records.parameters))
    engine.query(sql.FIRST_ROWS)


def _place_refused(engine: DuckDBEngine, records: FlowRecords) -> dict[int, tuple[int, str]]:
    """Lines `read_csv` refused, by source: how many, and the first in words; the lines kept get their true numbers."""
    engine.query(sql.REFUSED_LINES, {"paths": list(records.text_paths)})
    rows = engine.query(sql.REFUSED_BY_FILE).rows
    if rows:
        engine.query(sql.PLACE_AFTER_REFUSED, {"first_line": records.first_line})
    return {source_id: (count, f"line {line}: {why}") for source_id, count, line, why in rows}


def _count(row: tuple[Any, ...], refused_lines: tuple[int, str] | None) -> FlowCount:
    _, flows, notes, refused, line, verdict, first_at, last_at = row
    lines, sample = refused_lines or (0, "")
    sample = sample or (f"line {line}: {verdict}" if refused else "")
    return FlowCount(flows, notes, lines + refused, sample, first_at, last_at)
