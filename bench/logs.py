"""Logs of a made-up company for the benchmarks: seeded by the record's number, so the same bytes each time."""

from pathlib import Path

import duckdb

FILES = 20
MADE = 10_000_000  # more are these again, each file with one record more: another file to who knows files by content

# 2 % of records are NODATA, one in a hundred of those SKIPDATA; 5 % are refused; half are answers; 2,000 clients call
# 4,096 addresses of networks that many names share, and now and then an address that nobody else calls.
FLOWS = """
with number as (
  select i, hash(i * 31 + 1) as h, hash(i * 17 + 3) as g, hash(i * 7 + 9) as k
  from range($first::bigint, $last::bigint) as r(i)
),
side as (
  select
    *,
    '10.' || h % 4 || '.' || h % 2000 // 250 || '.' || h % 250 as client,
    case
      when g % 5 = 0 then 20 + g % 180 || '.' || g // 256 % 250 || '.' || g // 65536 % 250 || '.' || g // 1048576 % 250
      else '203.' || g // 8 % 16 || '.' || g // 256 % 16 || '.' || g // 65536 % 16
    end as remote,
    k % 2 = 0 as is_out,
    k % 50 <> 0 as is_ok
  from number
)
select
  5 as "version",
  '123456789012' as "account-id",
  'eni-0' || printf('%015x', h % 2000) as "interface-id",
  case when is_ok then case when is_out then client else remote end end as srcaddr,
  case when is_ok then case when is_out then remote else client end end as dstaddr,
  case when is_ok then case when is_out then 1024 + h % 60000 else 443 end end::integer as srcport,
  case when is_ok then case when is_out then 443 else 1024 + h % 60000 end end::integer as dstport,
  case when is_ok then 6 end::bigint as protocol,
  case when is_ok then k % 1000 end::bigint as packets,
  case when is_ok then (k % 1000) * (g % 1500) end::bigint as bytes,
  1790000000 + i // 12 as "start",
  1790000058 + i // 12 as "end",
  case when is_ok then case when h % 20 = 0 then 'REJECT' else 'ACCEPT' end end as action,
  case when is_ok then 'OK' when k % 5000 = 0 then 'SKIPDATA' else 'NODATA' end as "log-status",
  'vpc-0' || h % 5 as "vpc-id",
  'subnet-0' || h % 50 as "subnet-id",
  'i-0' || printf('%015x', h % 2000) as "instance-id",
  2 as "tcp-flags",
  'IPv4' as "type",
  case when is_ok then case when is_out then client else remote end end as "pkt-srcaddr",
  case when is_ok then case when is_out then remote else client end end as "pkt-dstaddr",
  'us-east-1' as region,
  'use1-az1' as "az-id",
  null::varchar as "pkt-src-aws-service",
  null::varchar as "pkt-dst-aws-service",
  case when is_out then 'egress' else 'ingress' end as "flow-direction",
  8 as "traffic-path"
from side
"""

# 4,000 names at eight addresses each, a tenth of the questions for IPv6, a third of the names behind a CNAME.
QUESTIONS = """
with number as (
  select i, hash(i * 31 + 1) as h, hash(i * 17 + 3) as g
  from range($first::bigint, $last::bigint) as r(i)
),
asked as (
  select
    *,
    h % 2000 as client,
    (g % 4000) * (g // 4096 % 1000) // 1000 as name,
    h // 65536 % 8 as pick,
    h // 4096 % 10 = 0 as is_six
  from number
)
select
  '1.100000' as version,
  '123456789012' as account_id,
  'us-east-1' as region,
  'vpc-0' || client % 5 as vpc_id,
  strftime(to_timestamp(1790000000 + i * 20 // 12) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as query_timestamp,
  'host' || name || '.example' || name % 300 || '.com.' as query_name,
  case when is_six then 'AAAA' else 'A' end as query_type,
  'IN' as query_class,
  case when h % 20 = 0 then 'NXDOMAIN' else 'NOERROR' end as rcode,
  case
    when h % 20 = 0 then []
    else list_concat(
      case
        when name % 3 = 0 then [{'Rdata': 'cdn' || name || '.cdn.example.', 'Type': 'CNAME', 'Class': 'IN'}]
        else []
      end,
      list_transform(range((1 + name % 3)::integer), lambda n: {
        'Rdata': case
          when is_six then printf('2600:1f14:%x::%x', (name + 1)::bigint, (pick + n + 1)::bigint)
          else 20 + name % 180 || '.' || name // 256 || '.' || name % 256 || '.' || (pick * 7 + n)
        end,
        'Type': case when is_six then 'AAAA' else 'A' end,
        'Class': 'IN'
      })
    )
  end as answers,
  '10.' || client % 4 || '.' || client // 250 || '.' || client % 250 as srcaddr,
  (1024 + h % 60000)::varchar as srcport,
  'UDP' as transport,
  {'instance': 'i-0' || printf('%015x', client::bigint)} as srcids
from asked
"""

AS_TEXT = "format csv, delimiter ' ', header, quote '', escape '', nullstr '-', compression gzip"
AS_PARQUET = "format parquet, compression zstd"
AS_JSON = "format json, compression gzip"


def write_flow_text(folder: Path, records: int) -> None:
    """VPC flow logs as gzip text, the newest fields in the order of version 5."""
    _write(folder, records, FLOWS, AS_TEXT, "log.gz")


def write_flow_parquet(folder: Path, records: int) -> None:
    """The same records as Parquet, with `_` for `-` and AWS's own types."""
    names = [name for name, *_ in duckdb.sql(FLOWS.replace("$first", "0").replace("$last", "1")).description]
    renamed = ", ".join(f'"{name}" as "{name.replace("-", "_")}"' for name in names)
    _write(folder, records, f"select {renamed} from ({FLOWS})", AS_PARQUET, "parquet")  # noqa: S608 - our own names


def write_questions(folder: Path, records: int) -> None:
    """Route 53 Resolver query logs as gzip JSON lines."""
    _write(folder, records, QUESTIONS, AS_JSON, "json.gz")


def _write(folder: Path, records: int, query: str, how: str, suffix: str) -> None:
    """Write the records over some files, in the order of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    made = records if suffix == "parquet" else min(records, MADE)
    files = min(FILES, max(1, made // 10_000)) if made < 5_000_000 else made // 250_000
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for number in range(files):
            bounds = {"first": number * made // files, "last": (number + 1) * made // files}
            connection.execute(f"create or replace temp table record as {query}", bounds)
            connection.execute(f"copy record to '{folder}/{number:04}.{suffix}' ({how})")
        for number in range(files, files * (records // made)):
            connection.execute(f"create or replace temp table record as {query}", {"first": number, "last": number + 1})
            connection.execute(f"copy record to '{folder}/more' ({how.replace(', header,', ', header false,')})")
            original = folder / f"{number % files:04}.{suffix}"
            (folder / f"{number:04}.{suffix}").write_bytes(original.read_bytes() + (folder / "more").read_bytes())
    (folder / "more").unlink(missing_ok=True)
