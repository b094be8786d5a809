"""What billing formats share: one object as text columns under names we know, then its charges inserted exactly.

Amounts stay text until DuckDB casts them to DECIMAL(38,12): a binary float never touches money.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC

import duckdb

from shadowscan.collect.formats._tag import merge_tags
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

PARQUET_MAGIC = b"PAR1"
DELIMITERS = (",", ";", "\t", "|")

# AWS: 20261001-20261101/ASSEMBLY/NAME, BILLING_PERIOD=2026-10/RUN/NAME; Azure: 20261001-20261031/RUN/ID/NAME
_DELIVERY = re.compile(
    r"(?P<series>(?:.*/)?(?:\d{8}-\d{8}|billing_period=\d{4}-\d{2}))/(?P<delivery>.+)/[^/]+", re.IGNORECASE
)

READ_CSV = """
from read_csv(
  $path,
  delim = $delimiter,
  header = true,
  quote = '"',
  escape = '"',
  auto_detect = false,
  null_padding = false,
  store_rejects = true,
  max_line_size = 4194304,
  columns = $columns
) as r
"""

# Every column is text, nested ones JSON: a number keeps the digits it was written with.
READ_JSON = """
from read_json($path, format = 'auto', columns = $columns, maximum_object_size = 67108864) as r
"""

REJECTED_LINES = """
select line, min(error_message)
from reject_errors
group by line
order by line
"""

TAG_TEXTS = """
select distinct tags_first, tags_second, tags_third
from charge_staged
"""

CREATE_TAGS = """
create or replace temp table charge_tag as
select
  unnest($first::varchar[]) as tags_first,
  unnest($second::varchar[]) as tags_second,
  unnest($third::varchar[]) as tags_third,
  unnest($merged::varchar[]) as tags
"""

# Only what has a twin is numbered: a window over every column of every charge would cost more than all the rest.
CREATE_TWINS = """
create or replace temp table charge_twin as
with repeated as (
  select charge_key
  from charge_staged
  where problem is null and not skipped
  group by charge_key
  having count(*) > 1
)
select
  s.line,
  s.charge_key,
  row_number() over (partition by s.charge_key order by s.line) as nth
from charge_staged as s
join repeated as r on r.charge_key = s.charge_key
where s.problem is null and not s.skipped
"""

# A charge's key says what was charged, not how much: a restated amount keeps its key, so the newest object wins.
INSERT_CHARGES = """
insert into charge by name
select
  $source_id as source_id,
  s.line,
  s.charge_key || case when w.nth > 1 then '#' || w.nth else '' end as charge_key,
  $source_kind as source_kind,
  $delivery_series as delivery_series,
  $delivery as delivery,
  $delivered_at::timestamp as delivered_at,
  s.* exclude (line, charge_key, problem, skipped, tags_first, tags_second, tags_third),
  t.tags
from charge_staged as s
join charge_tag as t
  on t.tags_first is not distinct from s.tags_first
 and t.tags_second is not distinct from s.tags_second
 and t.tags_third is not distinct from s.tags_third
left join charge_twin as w on w.line = s.line and w.charge_key = s.charge_key
where s.problem is null and not s.skipped
"""

SUMMARY = """
select
  count(*) filter (where problem is null and not skipped) as charges,
  count(*) filter (where problem is not null) as refused,
  count(*) filter (where skipped) as skipped,
  min(period_start_at) filter (where problem is null and not skipped) as first_at,
  max(period_start_at) filter (where problem is null and not skipped) as last_at,
  min(line) filter (where problem is not null) as problem_line,
  arg_min(problem, line) filter (where problem is not null) as problem
from charge_staged
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one format's columns become charges.

    `fields` are the names `project` may use; `rename` turns a header into such a name; `project` reads `charge_raw`
    and gives the columns of `charge`, three tag texts (strongest first), `problem` and `skipped`. A header that
    starts with `tag_prefix` is one tag of the third text.
    """

    source_kind: str
    fields: tuple[str, ...]
    rename: Callable[[str], str]
    project: str
    tag_prefix: str = ""
    delimiter: str = ","
    parameters: Mapping[str, object] = field(default_factory=dict)


def header_of(head: Head) -> tuple[str, tuple[str, ...]]:
    """Delimiter and column names of the first line; no names where it is no header."""
    if head.data.startswith(PARQUET_MAGIC) or b"\0" in head.data[:4096]:
        return ",", ()
    lines = head.lines
    if not lines or len(lines[0]) > 60_000:
        return ",", ()
    delimiter = max(DELIMITERS, key=lines[0].count)
    try:
        names = next(csv.reader([lines[0]], delimiter=delimiter), [])
    except csv.Error:
        return ",", ()
    return delimiter, tuple(name.strip() for name in names)


def normalise_charges(engine: DuckDBEngine, item: LocalObject, recipe: Recipe) -> Normalised:
    """Insert the charges of one object; raises `BadInputError` where the object itself cannot be read."""
    for name in ("reject_errors", "reject_scans"):
        engine.query(f"drop table if exists {name}")
    try:
        _stage_raw(engine, item, recipe)
        rejected = [] if _is_parquet(item) or _is_json(item) else engine.query(REJECTED_LINES).rows
        engine.query("create or replace temp table charge_staged as" + recipe.project, dict(recipe.parameters) or None)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise BadInputError(f"{item.name}: {str(error).splitlines()[0]}", hint="is the file complete?") from error
    _merge_distinct_tags(engine)
    engine.query(CREATE_TWINS)
    engine.query(INSERT_CHARGES, _delivery_of(item) | {"source_id": item.source_id, "source_kind": recipe.source_kind})
    return _summarise(engine, rejected)


def _delivery_of(item: LocalObject) -> dict[str, object]:
    """Series, delivery and time: exports that keep every version put each in a folder of its own below the period's."""
    found = _DELIVERY.fullmatch(item.name)
    observed = item.observed_at
    return {
        "delivery_series": found["series"] if found else "none",
        "delivery": found["delivery"] if found else "none",
        "delivered_at": observed.astimezone(UTC).replace(tzinfo=None) if observed and observed.tzinfo else observed,
    }


def _is_parquet(item: LocalObject) -> bool:
    return item.head.data.startswith(PARQUET_MAGIC)


def _is_json(item: LocalObject) -> bool:
    return item.head.begins_json


def _stage_raw(engine: DuckDBEngine, item: LocalObject, recipe: Recipe) -> None:
    """`charge_raw`: line, every field of the recipe as text (null where absent or NULL), and the tags."""
    parameters: dict[str, object] = {"path": item.path}
    if _is_parquet(item):
        described = engine.query("describe select * from read_parquet($path)", parameters).rows
        header = [str(row[0]) for row in described]
        aliases = _aliases(header, recipe)
        chosen = {alias: _parquet_text(name, str(row[1])) for alias, name, row in zip(aliases, header, described)}  # noqa: B905
        source, first_line = "\nfrom read_parquet($path) as r", 0
    elif _is_json(item):
        header = aliases = list(recipe.fields)
        chosen = {name: f'r."{name}"' for name in recipe.fields}
        parameters["columns"] = dict.fromkeys(recipe.fields, "VARCHAR")
        source, first_line = READ_JSON, 0
    else:
        names = header_of(item.head)[1]
        if not names:
            raise BadInputError(f"{item.name}: the first line names no columns", hint="is it a CSV file with a header?")
        aliases = _aliases(names, recipe)
        chosen = {alias: f'r."{alias}"' for alias in aliases}
        parameters |= {"columns": dict.fromkeys(aliases, "VARCHAR"), "delimiter": recipe.delimiter}
        source, first_line = READ_CSV, 1
        header = list(names)
    tags = [(alias, name) for alias, name in zip(aliases, header, strict=True) if alias.startswith("tag_")]
    columns = [f"row_number() over () + {first_line} as line", *(_field(name, chosen) for name in recipe.fields)]
    columns.append(_tag_columns(tags, chosen))
    if tags:
        parameters["tag_names"] = [recipe.rename(name)[len(recipe.tag_prefix) :] for _, name in tags]
    engine.query("create or replace temp table charge_raw as\nselect\n  " + ",\n  ".join(columns) + source, parameters)


def _aliases(header: Sequence[str], recipe: Recipe) -> list[str]:
    """One safe name a column: a field of ours, `tag_N`, or `_N`; nothing out of the file gets into SQL."""
    aliases: list[str] = []
    for position, name in enumerate(header):
        known = recipe.rename(name)
        if known in recipe.fields and known not in aliases:
            aliases.append(known)
        elif recipe.tag_prefix and known.startswith(recipe.tag_prefix):
            aliases.append(f"tag_{position}")
        else:
            aliases.append(f"_{position}")
    return aliases


def _parquet_text(name: str, kind: str) -> str:
    quoted = 'r."' + name.replace('"', '""') + '"'
    is_nested = kind.startswith(("MAP", "STRUCT")) or kind.endswith("[]")
    return f"cast(to_json({quoted}) as varchar)" if is_nested else f"cast({quoted} as varchar)"


def _field(name: str, chosen: Mapping[str, str]) -> str:
    if name not in chosen:
        return f'cast(null as varchar) as "{name}"'
    text = chosen[name]
    return f"case when trim({text}) in ('', 'NULL', 'null') then null else trim({text}) end as \"{name}\""


def _tag_columns(tags: Sequence[tuple[str, str]], chosen: Mapping[str, str]) -> str:
    if not tags:
        return "cast(null as varchar) as tag_columns"
    values = ", ".join(chosen[alias] for alias, _ in tags)
    pairs = f"list_zip(cast($tag_names as varchar[]), [{values}])"
    present = f"list_filter({pairs}, lambda pair: coalesce(pair[2], '') <> '')"
    return f"cast(to_json(map_from_entries({present})) as varchar) as tag_columns"


def _merge_distinct_tags(engine: DuckDBEngine) -> None:
    texts = engine.query(TAG_TEXTS).rows
    columns = [list(column) for column in zip(*texts, strict=True)] or [[], [], []]
    merged = [merge_tags(*row) for row in texts]
    engine.query(CREATE_TAGS, dict(zip(("first", "second", "third"), columns, strict=True)) | {"merged": merged})


def _summarise(engine: DuckDBEngine, rejected: Sequence[tuple[int, str]]) -> Normalised:
    charges, refused, _, first_at, last_at, line, problem = engine.query(SUMMARY).rows[0]
    sample = ""
    if rejected:
        sample = f"line {rejected[0][0]}: {_first_line(rejected[0][1])}"
    elif problem:
        sample = f"line {line}: {problem}"
    return Normalised({"charge": charges}, refused + len(rejected), sample, first_at, last_at)


def _first_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:200]
