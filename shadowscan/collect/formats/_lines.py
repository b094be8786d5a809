r"""Text logs as numbered lines, read by DuckDB in parallel and past bad ones: table `log_line`.

`log_line` has `file`, the position of the object in the call; `line`, from 1; `line_rowid`, rising with the lines of a
file; and `text`. Blank lines are left out, and the lines after them keep their numbers. Files with LF and CR LF mixed
are read, a number for each end of line. CSV is read likewise, a number for each record after the header.
"""

from collections.abc import Sequence

from shadowscan.collect.formats import _flow_sql
from shadowscan.collect.formats.interface import Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# `\x01` is in no log: a line is one column.
READ_LINES = """
create or replace temp table read_line as
select
  r.file_index::bigint as file,
  r.text
from read_csv(
  $paths,
  columns = {text: 'VARCHAR'},
  delim = chr(1),
  header = false,
  quote = '',
  escape = '',
  auto_detect = false,
  strict_mode = false,
  store_rejects = true,
  rejects_line_size_limit = 512,
  hive_partitioning = false
) as r
"""

# Rows may be wider or narrower than each other where no header says how wide they are.
READ_ROWS = """
create or replace temp table read_line as
select
  r.file_index::bigint as file,
  r.*
from read_csv(
  $paths,
  columns = $columns,
  delim = $delimiter,
  header = $has_header,
  quote = '"',
  escape = '"',
  auto_detect = false,
  null_padding = not $has_header,
  strict_mode = $has_header,
  parallel = $has_header,
  store_rejects = true,
  rejects_line_size_limit = 512,
  hive_partitioning = false
) as r
"""

NUMBER = """
create or replace temp table log_line as
with first_line as (
  select file, min(rowid) as first_rowid
  from read_line
  group by file
)
select l.rowid as line_rowid, l.rowid - f.first_rowid + $first_line as line, l.*
from read_line as l
join first_line as f on f.file = l.file
where {kept}
order by l.rowid
"""

# The k-th line kept of a file lies as many lines further as lines before it were refused.
PLACE_AFTER_REFUSED = """
update log_line
set line = placed.line
from (
  with numbered as (
    select file, line, row_number() over (partition by file order by line) as refused_lines
    from refused_line
  ),
  refused as (
    select file, line - refused_lines + 1 as after_number, max(refused_lines) as refused_lines
    from numbered
    group by file, after_number
  )
  select l.line_rowid, l.line + r.refused_lines as line
  from log_line as l
  asof join refused as r on r.file = l.file and l.line >= r.after_number
) as placed
where log_line.line_rowid = placed.line_rowid
"""

REFUSED = """
select file, count(*), min(line), arg_min(why, line)
from refused_line
group by file
"""


def stage_lines(engine: DuckDBEngine, paths: Sequence[str]) -> dict[int, Normalised]:
    """Fill `log_line`; gives by file the lines that could not be read as text at all: too long, or not UTF-8."""
    return _stage(engine, READ_LINES, {"paths": list(paths)}, 1)


def stage_rows(
    engine: DuckDBEngine, paths: Sequence[str], width: int, delimiter: str, *, has_header: bool
) -> dict[int, Normalised]:
    """Fill `log_line` from CSV with columns `c0` `c1` … of text in the place of `text`; gives what was refused."""
    columns = {f"c{n}": "VARCHAR" for n in range(width)}
    values = {"paths": list(paths), "columns": columns, "delimiter": delimiter, "has_header": has_header}
    return _stage(engine, READ_ROWS, values, 2 if has_header else 1)


def _stage(engine: DuckDBEngine, read: str, values: dict[str, object], first_line: int) -> dict[int, Normalised]:
    for table in ("reject_errors", "reject_scans"):
        engine.query(f"drop table if exists {table}")
    engine.query(read, values)
    engine.query(_flow_sql.REFUSED_LINES, {"paths": values["paths"]})
    kept = "l.text is not null" if read is READ_LINES else "true"  # blank lines are rows of one column only
    engine.query(NUMBER.replace("{kept}", kept), {"first_line": first_line})
    refused = engine.query(REFUSED).rows
    if refused:
        engine.query(PLACE_AFTER_REFUSED)
    engine.query("drop table read_line")
    return {file: Normalised({}, count, f"line {line}: {why}") for file, count, line, why in refused}
