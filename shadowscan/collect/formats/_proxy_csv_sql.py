"""The query that turns rows of a proxy's export, staged as text columns, into requests by a mapping.

Only our own names and positions of columns get into it; words of a mapping are bound.
"""

from collections.abc import Mapping, Sequence
from typing import get_args

from shadowscan.collect.formats._log_time import CREATE_IN_ZONE, zone_of
from shadowscan.collect.formats._proxy import ProxyRecords, take_requests
from shadowscan.collect.formats._proxy_mapping import Meaning, ProxyMapping, Rows, fold
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

CREATE_SAID = """
create or replace temp macro said(text) as
  case
    when lower(trim(text)) in ('', '-', 'none', 'n/a', 'na', 'null', 'unknown', 'notchecked') then null
    else trim(text)
  end
"""
# Epochs by their number of digits: seconds, milliseconds, microseconds, nanoseconds.
CREATE_EPOCH = r"""
create or replace temp macro said_epoch(text) as
  case
    when regexp_full_match(text, '\d{9,10}(?:\.\d+)?') then make_timestamp((text::double * 1000000)::bigint)
    when regexp_full_match(text, '\d{13}') then make_timestamp(text::bigint * 1000)
    when regexp_full_match(text, '\d{16}') then make_timestamp(text::bigint)
    when regexp_full_match(text, '\d{19}') then make_timestamp(text::bigint // 1000)
  end
"""
CREATE_PROTOCOL = """
create or replace temp macro said_protocol(text) as
  case lower(text) when 'tcp' then 6 when 'udp' then 17 when 'icmp' then 1 else try_cast(text as utinyint)::integer end
"""
MACROS = (CREATE_IN_ZONE, CREATE_SAID, CREATE_EPOCH, CREATE_PROTOCOL)

REFUSED = r"^(?:block|den|drop|reject|reset|refus|prevent|quarantin|forbid|sinkhole)"

KIND = """
  select
    file,
    line,
    line_rowid,
    {columns},
    {is_refused} as is_refused_kind,
    false as is_foreign
  from log_line
  where {fits}
"""
OTHERS = """
  select
    file,
    line,
    line_rowid,
    {columns},
    false as is_refused_kind,
    true as is_foreign
  from log_line
  where not ({fits})
"""

READ = r"""
with row as (
  {rows}
),
timed as (
  select
    *,
    coalesce(
      said_epoch("time"),
      case
        when regexp_matches(moment, '^\d{4}-\d\d-\d\d.*(?:Z|[+-]\d\d:?\d\d)$')
          then try_cast(moment as timestamptz)::timestamp
        else in_zone(coalesce(try_strptime(moment, $time_formats), try_cast(moment as timestamp)), $timezone)
      end
    ) as started_at,
    coalesce(
      lasting(try_cast(duration_ms as bigint)),
      case when try_cast(duration as double) <= 1000000000 then to_milliseconds((duration::double * 1000)::bigint) end
    ) as lasted
  from (
    select
      *,
      case when "date" is not null and regexp_matches("time", '^\d\d?:\d\d') then "date" || ' ' || "time"
        else coalesce("time", "date") end as moment
    from row
  )
)
select
  file,
  line,
  coalesce(moment, client, host, url) is not null as is_matched,
  started_at,
  started_at + greatest(lasted, interval 0 second) as ended_at,
  client,
  try_cast(client_port as integer) as client_port,
  server,
  try_cast(server_port as integer) as server_port,
  upper("method") as "method",
  case
    when url is null or starts_with(url, '/') or contains(url, '://') then url
    when lower(scheme) = 'http' then 'http://' || url
    else 'https://' || url
  end as target,
  sni,
  host,
  try_cast(bytes_out as bigint) as bytes_out,
  coalesce(
    try_cast(bytes_in as bigint),
    try_cast(bytes_both as bigint) - coalesce(try_cast(bytes_out as bigint), 0)
  ) as bytes_in,
  said_protocol(protocol) as protocol,
  is_refused_kind or coalesce(
    case
      when len($refused::varchar[]) > 0 then list_contains($refused::varchar[], lower("action"))
      else regexp_matches(lower("action"), $refused_words)
    end,
    false
  ) as is_refused,
  is_foreign,
  $sensor as sensor,
  workload
from timed
"""


def take_rows(
    engine: DuckDBEngine, items: Sequence[LocalObject], mapping: ProxyMapping, header: Sequence[str]
) -> dict[int, Normalised]:
    """Insert the requests of rows staged in `log_line`, whose columns `c0` `c1` … have these names; by `source_id`."""
    for macro in MACROS:
        engine.query(macro)
    read, values = read_rows(mapping, header, zone_of(items[0], mapping.timezone))
    found = take_requests(engine, items, ProxyRecords(read, values))
    engine.query("drop table log_line")
    return found


def read_rows(mapping: ProxyMapping, header: Sequence[str], zone: str) -> tuple[str, dict[str, object]]:
    """The query over `log_line`, and what it binds."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(fold(name), place)
    values: dict[str, object] = {
        "timezone": zone,
        "time_formats": list(mapping.time_formats) or ["%Y-%m-%d %H:%M:%S"],
        "refused": [word.casefold() for word in mapping.refused],
        "refused_words": REFUSED,
        "sensor": mapping.sensor,
    }
    rows, fits = list[str](), list[str]()
    for number, kind in enumerate(mapping.kinds):
        fits.append(_fits(kind, number, places, values))
        others = " or ".join(fits[:-1])
        where = f"{fits[-1]} and not ({others})" if others else fits[-1]
        rows.append(KIND.format(columns=_columns(kind, places), is_refused=str(kind.refused).lower(), fits=where))
    if mapping.rows:
        rows.append(OTHERS.format(columns=_columns(mapping.kinds[0], places), fits=" or ".join(fits)))
    return READ.replace("{rows}", "  union all\n".join(rows)), values


def _fits(kind: Rows, number: int, places: Mapping[str, int], values: dict[str, object]) -> str:
    terms = []
    for order, (name, words) in enumerate(kind.only.items()):
        values[f"only_{number}_{order}"] = [word.casefold() for word in words]
        place = places.get(fold(name))
        column = "null" if place is None else f"lower(trim(c{place}))"
        terms.append(f"coalesce(list_contains($only_{number}_{order}::varchar[], {column}), false)")
    return f"({' and '.join(terms)})" if terms else "true"


def _columns(kind: Rows, places: Mapping[str, int]) -> str:
    return ",\n    ".join(f'{_value(kind, meaning, places)} as "{meaning}"' for meaning in get_args(Meaning))


def _value(kind: Rows, meaning: Meaning, places: Mapping[str, int]) -> str:
    found = [f"said(c{places[fold(name)]})" for name in kind.columns.get(meaning, ()) if fold(name) in places]
    return f"coalesce({', '.join(found)})" if found else "null::varchar"
