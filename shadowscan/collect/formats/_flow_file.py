"""Flow log files as AWS delivers them: text whose first line names the fields in any order, or Parquet.

Both give the same columns: the fields asked for under their names with `_` for `-`, null where the file has none, and
`file` and `line`. Fields that are not asked for are accepted and left alone: the list is open.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shadowscan.collect.formats._flow import FlowRecords, take_flows
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

PARQUET = b"PAR1"
INTEGERS = frozenset({"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"})

# `max_line_size` bounds the buffer: a longer line is refused by its number.
READ_TEXT = """
from read_csv(
  $paths,
  delim = ' ',
  header = $has_header,
  nullstr = '-',
  quote = '',
  escape = '',
  auto_detect = false,
  store_rejects = true,
  rejects_line_size_limit = 512,
  hive_partitioning = false,
  columns = $columns
) as r
"""

READ_PARQUET = """
from read_parquet(
  $paths,
  union_by_name = true,
  file_row_number = true,
  hive_partitioning = false
) as r
"""

PARQUET_COLUMNS = """
select file_name, list(name)
from parquet_schema($paths)
group by file_name
"""

PARQUET_TYPES = """
describe
select *
from read_parquet($paths, union_by_name = true, hive_partitioning = false)
"""

_FIELD = re.compile(r"[a-z][a-z0-9_-]*(?:\(-?\d+\))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one group of files is laid out: the fields in file order (none for Parquet), and the first record's line."""

    is_parquet: bool
    fields: tuple[str, ...]
    first_line: int

    @property
    def key(self) -> str:
        """Files of one key are read in one call."""
        return f"{'parquet' if self.is_parquet else 'text'}:{self.first_line}:{' '.join(self.fields)}"


@dataclass(frozen=True, slots=True)
class Columns:
    """A query over some files giving the fields asked for, its parameters, and the paths of text that has rejects."""

    read: str
    parameters: Mapping[str, object]
    text_paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileLog:
    """One kind of flow log that is delivered as such files: what is read of it, and how it becomes flows.

    `records` is the query that `_flow` wants, over `{columns}`; the fields without header are those of the default
    format. Only our own constants go into it.
    """

    default_fields: tuple[str, ...]
    fields: Mapping[str, str]
    required: tuple[str, ...]
    records: str
    columns: Mapping[str, str]

    def group_key(self, item: LocalObject) -> str:
        """Files with the same fields in the same order are read in one call."""
        return layout_of(item, self.default_fields).key

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows and lost intervals; raises `BadInputError` where a file lacks a needed field."""
        layout = layout_of(items[0], self.default_fields)
        columns = read_columns(engine, items, layout, self.fields, self.required)
        read = self.records.replace("{columns}", columns.read)
        records = FlowRecords(read, self.columns, columns.parameters, layout.first_line, columns.text_paths)
        return {source_id: found.normalised() for source_id, found in take_flows(engine, items, records).items()}


def header_fields(line: str) -> tuple[str, ...]:
    """Field names of a header line with `_` for `-`; empty where a word is none."""
    words = line.strip().split(" ")
    if not all(_FIELD.fullmatch(word) for word in words):
        return ()
    return tuple(word.replace("-", "_") for word in words)


def footer_names(head: Head, *names: str) -> bool:
    """Whether a Parquet file's footer, which is in the head, names all of these columns."""
    return head.data.startswith(PARQUET) and all(name.encode() in head.data for name in names)


def layout_of(item: LocalObject, fields_without_header: tuple[str, ...]) -> Layout:
    """The layout of one file; without a header, its `fields` option or else the fields given are in that order."""
    if item.head.data.startswith(PARQUET):
        return Layout(True, (), 1)
    fields = header_fields(item.head.lines[0]) if item.head.lines else ()
    if fields:
        return Layout(False, fields, 2)
    return Layout(False, header_fields(item.options.get("fields", "")) or fields_without_header, 1)


def read_columns(
    engine: DuckDBEngine,
    items: Sequence[LocalObject],
    layout: Layout,
    fields: Mapping[str, str],
    required: Sequence[str],
) -> Columns:
    """The query for files of one layout. `fields` gives the DuckDB type of each.

    Raises `BadInputError` naming the required fields that a file lacks.
    """
    paths = tuple(item.path for item in items)
    if layout.is_parquet:
        _refuse_lacking_parquet(engine, items, required)
        types = {name: kind.lower() for name, kind, *_ in engine.query(PARQUET_TYPES, {"paths": paths}).rows}
        chosen = [_parquet_column(field, kind, types.get(field, "")) for field, kind in fields.items()]
        return Columns(_select("r.file_row_number + 1", chosen) + READ_PARQUET, {"paths": paths}, ())
    _refuse_lacking(items[0], layout.fields, required)
    chosen = [f'r."{field}"' if field in layout.fields else _absent(field, kind) for field, kind in fields.items()]
    parameters = {
        "paths": paths,
        "has_header": layout.first_line == 2,
        "columns": _text_columns(layout.fields, fields),
    }
    return Columns(_select("null::bigint", chosen) + READ_TEXT, parameters, paths)


def _select(line: str, columns: Sequence[str]) -> str:
    """The select list; only our own field names and types get into it."""
    return "select\n  " + ",\n  ".join(["r.file_index::bigint as file", f"{line} as line", *columns])


def _absent(field: str, kind: str) -> str:
    return f'cast(null as {kind}) as "{field}"'


def _text_columns(names: Sequence[str], fields: Mapping[str, str]) -> dict[str, str]:
    """Columns for `read_csv`, which maps them by position: names not asked for, and repeats, get a name of no use."""
    columns: dict[str, str] = {}
    for position, field in enumerate(names):
        known = field in fields and field not in columns
        columns[field if known else f"_{position}"] = fields[field] if known else "varchar"
    return columns


def _parquet_column(field: str, kind: str, found: str) -> str:
    """One column of a Parquet file, cast only where its type is another: AWS's own is an integer for every number."""
    if not found:
        return _absent(field, kind)
    if found in INTEGERS and kind in INTEGERS:
        return f'r."{field}"::{kind} as "{field}"'
    if found == kind == "varchar":
        return f'nullif(r."{field}", \'-\') as "{field}"'
    return f'try_cast(nullif(cast(r."{field}" as varchar), \'-\') as {kind}) as "{field}"'


def _refuse_lacking_parquet(engine: DuckDBEngine, items: Sequence[LocalObject], required: Sequence[str]) -> None:
    names = dict(engine.query(PARQUET_COLUMNS, {"paths": [item.path for item in items]}).rows)
    for item in items:
        _refuse_lacking(item, names[item.path], required)


def _refuse_lacking(item: LocalObject, names: Sequence[str], required: Sequence[str]) -> None:
    lacking = [field for field in required if field not in names]
    if lacking:
        raise BadInputError(
            f"{item.name}: the flow log lacks {', '.join(field.replace('_', '-') for field in lacking)}",
            hint="add the fields to the flow log's format; records already written cannot be completed",
        )
