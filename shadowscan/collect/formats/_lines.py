r"""Text logs as numbered lines, read by DuckDB in parallel and past bad ones: table `log_line`.

`log_line` has `file`, the position of the object in the call; `line`, from 1; `line_rowid`, rising with the lines of a
file; and `text`. Blank lines are left out, and the lines after them keep their numbers. Files with LF and CR LF mixed
are read, a number for each end of line.
"""

from collections.abc import Sequence

from shadowscan.collect.formats import _flow_sql
from shadowscan.collect.formats.interface import Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# `\x01` is in no log: a line is one column.
READ = """
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

NUMBER = """
create or replace temp table log_line as
with first_line as (
  select file, min(rowid) as first_rowid
  from read_line
  group by file
)
select l.file, l.rowid as line_rowid, l.rowid - f.first_rowid + 1 as line, l.text
from read_line as l
join first_line as f on f.file = l.file
where l.text is not null
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
    for table in ("reject_errors", "reject_scans"):
        engine.query(f"drop table if exists {table}")
    engine.query(READ, {"paths": list(paths)})
    engine.query(_flow_sql.REFUSED_LINES, {"paths": list(paths)})
    engine.query(NUMBER)
    refused = engine.query(REFUSED).rows
    if refused:
        engine.query(PLACE_AFTER_REFUSED)
    engine.query("drop table read_line")
    return {file: Normalised({}, count, f"line {line}: {why}") for file, count, line, why in refused}
