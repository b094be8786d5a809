"""Hosts read off connections, by any log, into table `tls_connection`: TLS server names, proxy and HTTP hosts.

A format gives one query over its files, `read`, with one row an observation and these columns, null where the log has
none:

- `file`: position of the object in the call; `line`: its record number, null where rows are staged in that order
- `started_at` `ended_at`: timestamps, UTC
- `client_text` `remote_text`: addresses; `client_port` `remote_port`: numbers
- `host`: as logged, perhaps with a port or a final dot; `url`: whole or from the path on

`columns` gives the other columns of `tls_connection`, each an expression over the record. `path_account_id` and
`path_region` are what the delivery path says of the object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shadowscan.collect.formats._address import create_macros, map_ipv6
from shadowscan.collect.formats._delivery_path import list_objects
from shadowscan.collect.formats._first_row import first_rows
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# The path up to its fourth part, without a query: what follows names single things, not a service.
STAGE = """
create or replace temp table tls_staged as
with record as (
  {read}
)
select
  r.file,
  r.line,
  case
    when started_at is null then 'the time is none'
    when started_at < timestamp '2000-01-01' or started_at >= timestamp '2100-01-01'
      then 'the time is not between 2000 and 2100'
    when client_text is null then 'the client''s address is missing'
    when not contains(client_text, ':') and not is_ipv4_text(client_text) then client_text || ' is no address'
    when coalesce(host, '') = '' then 'the host is missing'
  end as verdict,
  started_at,
  coalesce(ended_at, started_at) as ended_at,
  plain_address(client_text) as client_text,
  case when contains(remote_text, ':') or is_ipv4_text(remote_text) then plain_address(remote_text) end as remote_text,
  coalesce(client_port, 0) as client_port,
  coalesce(remote_port, 443) as remote_port,
  lower(rtrim(regexp_replace(host, ':[0-9]*$', ''), '.')) as host,
  regexp_extract(coalesce(url, ''), '^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?((?:/[^/?#]{0,80}){0,4})', 1) as path,
  {columns}
from record as r
join read_object as o on o.file = r.file
"""

FIRST_ROWS = first_rows("tls_staged", "tls_first")

IPV6_TEXTS = """
select distinct text
from (
  select unnest([client_text, remote_text]) as text
  from tls_staged
)
where contains(text, ':')
"""

REFUSE_IPV6 = """
update tls_staged
set verdict = client_text || ' is no address'
where verdict is null
  and contains(client_text, ':')
  and client_text not in (select text from ipv6_address)
"""

INSERT = """
insert into tls_connection by name
with addressed as (
  select
    s.rowid as staged_rowid,
    s.* exclude (client_text, remote_text),
    coalesce(c.canonical, s.client_text) as client_ip,
    coalesce(r.canonical, case when not contains(s.remote_text, ':') then s.remote_text end, 'unknown') as remote_ip,
    coalesce(c.ip_version, 4) as client_version,
    coalesce(r.ip_version, case when not contains(s.remote_text, ':') then 4 end) as remote_version,
    coalesce(c.hi, 0) as client_hi,
    coalesce(c.lo, ipv4_number(s.client_text)) as client_lo,
    coalesce(r.hi, 0) as remote_hi,
    coalesce(r.lo, ipv4_number(s.remote_text), 0) as remote_lo
  from tls_staged as s
  left join ipv6_address as c on c.text = s.client_text
  left join ipv6_address as r on r.text = s.remote_text
  where s.verdict is null
)
select
  o.source_id,
  coalesce(a.line, a.staged_rowid - f.first_rowid + 1) as line,
  a.* exclude (staged_rowid, file, line, verdict, client_version, remote_version),
  coalesce(a.remote_version, a.client_version) as ip_version
from addressed as a
join read_object as o on o.file = a.file
join tls_first as f on f.file = a.file
"""

RESULTS = """
with staged as (
  select
    file,
    count(*) filter (where verdict is null) as seen,
    count(*) filter (where verdict is not null) as refused,
    min(rowid) filter (where verdict is not null) as refused_rowid,
    min(started_at) filter (where verdict is null) as first_at,
    max(started_at) filter (where verdict is null) as last_at
  from tls_staged
  group by file
)
select
  o.source_id,
  coalesce(s.seen, 0) as seen,
  coalesce(s.refused, 0) as refused,
  coalesce(r.line, r.rowid - f.first_rowid + 1) as line,
  r.verdict,
  s.first_at,
  s.last_at
from read_object as o
left join staged as s on s.file = o.file
left join tls_first as f on f.file = o.file
left join tls_staged as r on r.rowid = s.refused_rowid
"""


@dataclass(frozen=True, slots=True)
class TlsRecords:
    """The observations of some objects, as SQL: see the module. Only our own constants go into it."""

    read: str
    columns: Mapping[str, str]
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TlsCount:
    """What one object gave: observations, refused records with the first in words, and bounds."""

    seen: int
    refused: int
    sample: str
    first_at: datetime | None
    last_at: datetime | None

    def normalised(self) -> Normalised:
        """The result of a format that gives hosts only."""
        return Normalised({"tls_connection": self.seen}, self.refused, self.sample, self.first_at, self.last_at)


def take_hosts(engine: DuckDBEngine, items: Sequence[LocalObject], records: TlsRecords) -> dict[int, TlsCount]:
    """Insert the observations of these objects; by `source_id`."""
    list_objects(engine, items)
    create_macros(engine)
    columns = ",\n  ".join(f"{value} as {name}" for name, value in records.columns.items())
    engine.query(STAGE.replace("{read}", records.read).replace("{columns}", columns), dict(records.parameters))
    engine.query(FIRST_ROWS)
    map_ipv6(engine, IPV6_TEXTS)
    engine.query(REFUSE_IPV6)
    engine.query(INSERT)
    rows = engine.query(RESULTS).rows
    for table in ("tls_staged", "tls_first", "read_object"):
        engine.query(f"drop table {table}")
    return {row[0]: _count(row) for row in rows}


def _count(row: tuple[Any, ...]) -> TlsCount:
    _, seen, refused, line, verdict, first_at, last_at = row
    return TlsCount(seen, refused, f"line {line}: {verdict}" if refused else "", first_at, last_at)
