r"""Times as text logs write them, in SQL: macro `log_time`, and what a file says of its own time.

Read are RFC 3339 and ISO 8601, syslog's `Aug  1 00:00:01` (no year, RFC 3164), BIND's `01-Aug-2026 00:00:01.123` and
epoch seconds in brackets. What is written without a zone is taken as UTC, or as of the option `timezone` of the source.
A time without a year lies in the year before the file was last written; the option `year` says it otherwise.
"""

import zoneinfo
from collections.abc import Sequence
from datetime import datetime

from shadowscan.collect.formats.interface import LocalObject
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
SYSLOG = r"[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d"
BIND = r"\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d+"
EPOCH = r"\[\d{9,11}\]"

CREATE_IN_ZONE = """
create or replace temp macro in_zone(moment, zone) as
  case when zone = 'UTC' then moment else timezone(zone, moment)::timestamp end
"""

# A clock may be a day ahead of the one that wrote the file. The 29th of February may be of the year before.
CREATE_IN_YEAR = """
create or replace temp macro in_year(text, written_at) as
  case
    when try_strptime(year(written_at) || ' ' || text, '%Y %b %d %H:%M:%S') <= written_at + interval 1 day
      then try_strptime(year(written_at) || ' ' || text, '%Y %b %d %H:%M:%S')
    else try_strptime((year(written_at) - 1) || ' ' || text, '%Y %b %d %H:%M:%S')
  end
"""

CREATE_LOG_TIME = r"""
create or replace temp macro log_time(text, written_at, zone) as
  case
    when coalesce(text, '') = '' then null
    when starts_with(text, '[') then make_timestamp(try_cast(text[2:-2] as bigint) * 1000000)
    when regexp_matches(text, '^\d{4}-.*(?:Z|[+-]\d\d:?\d\d)$') then try_cast(text as timestamptz)::timestamp
    when regexp_matches(text, '^\d{4}-') then in_zone(try_cast(text as timestamp), zone)
    when regexp_matches(text, '^\d\d-') then in_zone(try_strptime(text, '%d-%b-%Y %H:%M:%S.%g'), zone)
    else in_zone(in_year(regexp_replace(text, ' +', ' '), written_at), zone)
  end
"""
MACROS = (CREATE_IN_ZONE, CREATE_IN_YEAR, CREATE_LOG_TIME)

CREATE_FILES = """
create or replace temp table log_file as
select
  unnest(range(len($source_ids))) as file,
  unnest($source_ids) as source_id,
  unnest($written_at)::timestamp as written_at,
  unnest($zones) as zone
"""


def list_log_files(engine: DuckDBEngine, items: Sequence[LocalObject]) -> None:
    """Create the macros, and fill `log_file`: `file`, `source_id`, `written_at` (null where not known), `zone`.

    Raises `BadInputError` for an option `timezone` or `year` that is none.
    """
    for macro in MACROS:
        engine.query(macro)
    engine.query(
        CREATE_FILES,
        {
            "source_ids": [item.source_id for item in items],
            "written_at": [_written_at(item) for item in items],
            "zones": [zone_of(item) for item in items],
        },
    )


def zone_of(item: LocalObject, default: str = "UTC") -> str:
    """The zone of times that have none: the option `timezone` of the source, else the default.

    Raises `BadInputError` where there is no such zone.
    """
    name = item.options.get("timezone", default)
    if name not in zoneinfo.available_timezones():
        raise BadInputError(f"{item.name}: timezone = {name!r} is none", hint="write it as in Europe/Berlin")
    return name


def _written_at(item: LocalObject) -> datetime | None:
    year = item.options.get("year", "")
    if not year:
        return item.observed_at
    if not (year.isascii() and year.isdigit() and 2000 <= int(year) < 2100):
        raise BadInputError(f"{item.name}: year = {year!r} is no year", hint="write it as in 2026")
    return datetime(int(year), 12, 31, 23, 59, 59)  # noqa: DTZ001  # stored times are UTC, naive
