"""Records of Zeek's logs, tab separated or JSON, staged in one shape: table `zeek_record`, in the order of lines.

Tab separated logs say in `#` lines how they are written: separators, marks and the order of fields, which a site may
change. The `#fields` line before a line counts for it, so that files put together, rotated pieces and logs of several
kinds are read in one call.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shadowscan.collect.formats._lines import stage_lines
from shadowscan.collect.formats.interface import Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# What is kept of the five logs, as Zeek names it.
FIELDS = (
    "ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "duration", "orig_bytes", "resp_bytes",
    "conn_state", "orig_pkts", "orig_ip_bytes", "resp_pkts", "resp_ip_bytes", "query", "qtype_name", "rcode_name",
    "rejected", "answers", "TTLs", "server_name", "client_initial_dcid", "established", "last_alert",
    "trans_depth", "method", "host", "uri", "request_body_len", "response_body_len",
)  # fmt: skip
LISTS = {"answers": "varchar[]", "TTLs": "double[]"}
DEFAULT_SEPARATOR = "\t"

HEADER_LINES = """
select file, line_rowid, text
from log_line
where starts_with(text, '#')
order by line_rowid
"""

CREATE_HEADERS = """
create or replace temp table zeek_header (
  file bigint,
  header_rowid bigint,
  path varchar,
  separator varchar,
  set_separator varchar,
  unset varchar,
  empty varchar,
  width bigint,
  positions integer[]
)
"""

INSERT_HEADERS = """
insert into zeek_header
select
  unnest($file), unnest($header_rowid), unnest($path), unnest($separator), unnest($set_separator), unnest($unset),
  unnest($empty), unnest($width), unnest($positions)
"""

# A line of another width than its `#fields` has no place for anything: all of it is null, and it is refused as such.
SPLIT_LINES = """
create or replace temp table zeek_raw as
with split as (
  select
    l.file,
    l.line,
    l.line_rowid,
    h.path as _path,
    h.set_separator,
    h.unset,
    h.empty,
    case when len(string_split(l.text, h.separator)) = h.width then string_split(l.text, h.separator) end as parts,
    h.positions
  from log_line as l
  asof left join zeek_header as h on h.file = l.file and l.line_rowid >= h.header_rowid
  where not starts_with(l.text, '#')
)
select
  file,
  line,
  case when parts is not null then _path end as _path,
  {fields}
from split
order by line_rowid
"""

READ_JSON = """
create or replace temp table zeek_raw as
select
  r.file_index::bigint as file,
  null::bigint as line,
  r.*
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = $columns
) as r
"""

RECORDS = """
create or replace temp table zeek_record as
with first_row as (
  select file, min(rowid) as first_rowid
  from zeek_raw
  group by file
),
timed as (
  select
    r.*,
    r.rowid - f.first_rowid + 1 as number,
    try_cast(r.ts as double) as epoch_seconds,
    try_cast(r.duration as double) as seconds
  from zeek_raw as r
  join first_row as f on f.file = r.file
)
select
  file,
  coalesce(line, number) as line,
  case
    when _path in ('conn', 'dns', 'ssl', 'quic', 'http') then _path
    when ts is null and "id.orig_h" is null then null
    when _path is not null then 'other'
    when conn_state is not null then 'conn'
    when qtype_name is not null or rcode_name is not null or rejected is not null then 'dns'
    when client_initial_dcid is not null then 'quic'
    when server_name is not null or established is not null then 'ssl'
    when trans_depth is not null and host is not null then 'http'
    else 'other'
  end as kind,
  case
    when epoch_seconds between 0 and 100000000000 then make_timestamp(round(epoch_seconds * 1000000)::bigint)
    when epoch_seconds between 100000000001 and 253402300799000 then make_timestamp(round(epoch_seconds * 1000)::bigint)
    else try_cast(ts as timestamptz)::timestamp
  end as started_at,
  case when seconds between 0 and 1000000000 then to_microseconds(round(seconds * 1000000)::bigint) end as lasted,
  uid,
  "id.orig_h" as client_text,
  try_cast("id.orig_p" as integer) as client_port,
  "id.resp_h" as server_text,
  try_cast("id.resp_p" as integer) as server_port,
  case lower(proto)
    when 'tcp' then 6
    when 'udp' then 17
    when 'icmp' then case when contains("id.orig_h", ':') then 58 else 1 end
  end as protocol,
  conn_state,
  try_cast(coalesce(orig_ip_bytes, orig_bytes) as bigint) as client_bytes,
  try_cast(coalesce(resp_ip_bytes, resp_bytes) as bigint) as server_bytes,
  try_cast(orig_pkts as bigint) as client_packets,
  try_cast(resp_pkts as bigint) as server_packets,
  query,
  upper(qtype_name) as query_type,
  rcode_name,
  answers,
  "TTLs" as ttls,
  server_name,
  established in ('F', 'false') and last_alert is not null as is_broken_off,
  method,
  host,
  uri as target,
  try_cast(request_body_len as bigint) as client_body,
  try_cast(response_body_len as bigint) as server_body
from timed
"""


@dataclass(frozen=True, slots=True)
class Header:
    """How the lines after a `#fields` line are written."""

    file: int = 0
    header_rowid: int = 0
    path: str | None = None
    separator: str = DEFAULT_SEPARATOR
    set_separator: str = ","
    unset: str = "-"
    empty: str = "(empty)"
    width: int = 0
    positions: tuple[int, ...] = ()


def field_names(line: str) -> list[str]:
    """The names of a `#fields` line, whose separator follows that word; empty where it is none."""
    word = "#fields"
    return line[len(word) + 1 :].split(line[len(word)]) if line.startswith(word) and len(line) > len(word) else []


def stage_tab_separated(engine: DuckDBEngine, paths: Sequence[str]) -> dict[int, Normalised]:
    """Fill `zeek_record`; gives by file what lines could not be read as text at all."""
    refused = stage_lines(engine, paths)
    _stage_headers(engine)
    engine.query(SPLIT_LINES.replace("{fields}", ",\n  ".join(_split(n, field) for n, field in enumerate(FIELDS, 1))))
    _stage_records(engine)
    for table in ("log_line", "zeek_header"):
        engine.query(f"drop table {table}")
    return refused


def stage_json(engine: DuckDBEngine, paths: Sequence[str]) -> None:
    """Fill `zeek_record` from JSON lines."""
    columns = {field: LISTS.get(field, "varchar") for field in ("_path", *FIELDS)}
    engine.query(READ_JSON, {"paths": list(paths), "columns": columns})
    _stage_records(engine)


def _stage_records(engine: DuckDBEngine) -> None:
    engine.query(RECORDS)
    engine.query("drop table zeek_raw")


def _stage_headers(engine: DuckDBEngine) -> None:
    headers = list(_headers(engine.query(HEADER_LINES).rows))
    engine.query(CREATE_HEADERS)
    if headers:
        columns = {name: [getattr(header, name) for header in headers] for name in Header.__dataclass_fields__}
        engine.query(INSERT_HEADERS, columns | {"positions": [list(header.positions) for header in headers]})


def _headers(lines: Sequence[tuple[int, int, str]]) -> Iterator[Header]:
    """One for each `#fields` line. The marks before it are those of its own file only."""
    header = Header()
    for file, rowid, line in lines:
        header = header if header.file == file else Header(file)
        names = field_names(line)
        if names:
            places = tuple(names.index(field) + 1 if field in names else 0 for field in FIELDS)
            separator = line[len("#fields")]
            header = replace(header, header_rowid=rowid, separator=separator, width=len(names), positions=places)
            yield header
        else:
            header = _with_mark(header, line)


def _with_mark(header: Header, line: str) -> Header:
    """The header with what one `#NAME value` line says; the separator of such a line is any white space or comma."""
    word = next(
        (word for word in ("path", "set_separator", "unset_field", "empty_field") if line[1:].startswith(word)), ""
    )
    value = line[len(word) + 2 :]
    if not word or not value:
        return header
    field = {"unset_field": "unset", "empty_field": "empty"}.get(word, word)
    return replace(header, **{field: value})  # type: ignore[arg-type]  # all four are texts


def _split(number: int, field: str) -> str:
    value = f"nullif(nullif(parts[positions[{number}]], unset), empty)"
    if field in LISTS:
        value = f"try_cast(string_split({value}, set_separator) as {LISTS[field]})"
    return f'{value} as "{field}"'
