"""Model calls of any log into table `model_call`. What was asked and answered is never read: no format names it.

A format gives one query over its files, `read`, with one row a record and these columns:

- `file`: position of the object in the call
- `is_call`: whether the record is a model call; one that is none is passed by, it is no bad record
- `refusal`: what is wrong with a record that cannot be told at all, else null
- `called_at`: timestamp, UTC
- any columns of the table but `source_id` and `line`, null where the record does not say

`profile_of` and `model_of` take a model id of Bedrock apart; `path_account_id` and `path_region` are what the delivery
path says of the object. Records are numbered from 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shadowscan.collect.formats._bedrock_model import create_model_macros
from shadowscan.collect.formats._delivery_path import list_objects
from shadowscan.collect.formats._first_row import first_rows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

STAGE = """
create or replace temp table call_staged as
with record as (
  {read}
)
select
  r.file,
  case
    when refusal is not null then refusal
    when not is_call then 'other'
    when called_at is null then 'the time of the call is none'
    when called_at < timestamp '2000-01-01' or called_at >= timestamp '2100-01-01'
      then 'the time of the call is not between 2000 and 2100'
  end as verdict,
  called_at,
  {columns}
from record as r
join read_object as o on o.file = r.file
"""

FIRST_ROWS = first_rows("call_staged", "call_first")

INSERT = """
insert into model_call by name
select
  o.source_id,
  s.rowid - f.first_rowid + 1 as line,
  s.called_at,
  {columns}
from call_staged as s
join read_object as o on o.file = s.file
join call_first as f on f.file = s.file
where s.verdict is null
"""

RESULTS = """
with counted as (
  select
    s.file,
    count(*) filter (where s.verdict is null) as calls,
    count(*) filter (where s.verdict <> 'other') as refused,
    min(s.rowid) filter (where s.verdict <> 'other') as first_refused,
    min(s.called_at) filter (where s.verdict is null) as first_at,
    max(s.called_at) filter (where s.verdict is null) as last_at
  from call_staged as s
  group by s.file
)
select
  o.source_id, coalesce(c.calls, 0), coalesce(c.refused, 0), c.first_refused - f.first_rowid + 1, s.verdict, c.first_at,
  c.last_at
from read_object as o
left join counted as c on c.file = o.file
left join call_first as f on f.file = o.file
left join call_staged as s on s.rowid = c.first_refused
"""

COUNTS = frozenset({"calls", "failed_calls", "input_tokens", "cached_tokens", "output_tokens"})


@dataclass(frozen=True, slots=True)
class CallRecords:
    """The records of some objects, as SQL: see the module. Only our own constants go into it."""

    read: str
    columns: Mapping[str, str]
    parameters: Mapping[str, object] = field(default_factory=dict)


def take_calls(engine: DuckDBEngine, items: Sequence[LocalObject], records: CallRecords) -> dict[int, Normalised]:
    """Insert the calls of these objects; by `source_id`."""
    list_objects(engine, items)
    create_model_macros(engine)
    columns = ",\n  ".join(f"{value} as {name}" for name, value in records.columns.items())
    engine.query(STAGE.replace("{read}", records.read).replace("{columns}", columns), dict(records.parameters))
    engine.query(FIRST_ROWS)
    kept = ",\n  ".join(_kept(name) for name in records.columns)
    engine.query(INSERT.replace("{columns}", kept))
    rows = engine.query(RESULTS).rows
    for table in ("call_staged", "call_first", "read_object"):
        engine.query(f"drop table {table}")
    return {
        source_id: Normalised({"model_call": calls}, refused, f"record {at}: {why}" if refused else "", first, last)
        for source_id, calls, refused, at, why, first, last in rows
    }


def take_json_calls(engine: DuckDBEngine, items: Sequence[LocalObject], records: CallRecords) -> dict[int, Normalised]:
    """Insert the calls of JSON in any container, whose query reads `$paths`; by `source_id`."""
    with lay_lines(items) as laid:
        found = take_calls(engine, items, replace(records, parameters=dict(records.parameters) | {"paths": laid.paths}))
    return {source_id: add_refused(result, laid.refused.get(source_id)) for source_id, result in found.items()}


def _kept(name: str) -> str:
    """A column as it is stored: a count that is none or negative is 0, a word that is none is `unknown`."""
    if name in COUNTS:
        return f"greatest(coalesce(s.{name}, 0), 0) as {name}"
    return f"coalesce(nullif(s.{name}, ''), 'unknown') as {name}"
