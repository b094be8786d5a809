r"""FortiGate traffic and UTM logs as key=value lines, separated by blanks or commas; plain or gzip.

Real shapes, one record a line (shortened)::

    date=2026-08-01 time=00:00:47 eventtime=1785542447369913239 tz="+0000" logid="0000000013" type="traffic"
      subtype="forward" level="notice" vd="root" srcip=10.0.1.5 srcport=58012 dstip=203.0.113.50 dstport=443
      sessionid=105048 proto=6 action="close" duration=16 sentbyte=1188 rcvdbyte=1224 sentpkt=17 rcvdpkt=16 …
    date=2026-08-01 time=00:00:40 logid="0316013056" type="utm" subtype="webfilter" eventtype="ftgd_blk" …
      srcip=10.0.1.6 srcport=44258 dstip=203.0.113.52 dstport=443 proto=6 service="HTTPS"
      hostname="api.deepseek.com" action="blocked" url="/" sentbyte=84 rcvdbyte=0 …

=============================================  ========================================================================
field                                          becomes
=============================================  ========================================================================
`type` `traffic`                               `flow` each way; `tls_connection` where it has a `hostname`. It is
                                               written when the session ends: `started_at` is `duration` before
`type` `utm`, `subtype` `webfilter`,           `tls_connection` where it has a `hostname` or `sni`: `named_by` `sni` of
`app-ctrl`, `ssl`                              `ssl`, else `http_host`; `url` gives `path`, without its query
`eventtime`                                    time, epoch seconds to nanoseconds; else `date` `time` and `tz`
`srcip` `srcport` `dstip` `dstport` `proto`    client, server, protocol
`sentbyte` `rcvdbyte`                          `bytes_out` `bytes_in`; a `webfilter` record has those seen so far, which
                                               do not count beside the session's own
`action`                                       `reject` where it begins with `block`, `den`, `drop` or `reset`, or
                                               is `ip-conn`, a connection that failed. A session that starts is
                                               told again when it ends: no row
`user` `group`                                 not kept
=============================================  ========================================================================

Records of other types and subtypes (`event`, `dns`, `ips`, `virus`, multicast) are no rows; a note counts them. Times
without `eventtime` and `tz` are UTC, or of the option `timezone` of the source. `sensor` is `firewall`. A CSV with a
header goes by `proxy_csv`.

Sources: https://docs.fortinet.com/document/fortigate/7.6.1/fortios-log-message-reference/13 (fields, actions) and
public test data of a log shipper for 6.2, 7.2 and 7.4.
Doubts: the addresses after NAT (`transip`) are not kept; DNS records are not read.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._lines import stage_lines
from shadowscan.collect.formats._log_time import CREATE_IN_ZONE, zone_of
from shadowscan.collect.formats._proxy import ProxyRecords, take_requests
from shadowscan.collect.formats._proxy_csv_sql import CREATE_EPOCH
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

LOOKED_AT = 50
LONGEST = 4096
FIELDS = (
    "eventtime", "date", "time", "tz", "type", "subtype", "srcip", "srcport", "dstip", "dstport", "proto", "duration",
    "sentbyte", "rcvdbyte", "action", "hostname", "sni", "url",
)  # fmt: skip
_BEGIN = re.compile(r"\s*date=\d{4}-\d\d-\d\d[ ,]time=\d\d:\d\d:\d\d[ ,]")
_RECORD = re.compile(r'[ ,]type="?(?:traffic|utm)"?[ ,]')

# Quoted values whole, so that what stands in a URL is no field.
READ = r"""
with pair as (
  select
    file,
    line,
    regexp_extract_all(text, $pair, 1) as keys,
    regexp_extract_all(text, $pair, 2) as texts
  from log_line
),
record as (
  select file, line, {fields}
  from pair
),
timed as (
  select
    *,
    coalesce(
      said_epoch(eventtime),
      case
        when tz is null then in_zone(try_cast("date" || ' ' || "time" as timestamp), $timezone)
        else try_cast("date" || ' ' || "time" || tz as timestamptz)::timestamp
      end
    ) as logged_at,
    "type" = 'traffic' as is_session,
    case
      when "type" = 'traffic' then subtype <> 'multicast' and coalesce("action" <> 'start', true)
      else "type" = 'utm' and subtype in ('webfilter', 'app-ctrl', 'ssl')
    end as is_read
  from record
)
select
  file,
  line,
  "date" is not null and "type" is not null as is_matched,
  case
    when is_session then logged_at - to_seconds(greatest(coalesce(try_cast(duration as integer), 0), 0))
    else logged_at
  end as started_at,
  logged_at as ended_at,
  srcip as client,
  try_cast(srcport as integer) as client_port,
  dstip as server,
  try_cast(dstport as integer) as server_port,
  null::varchar as "method",
  regexp_replace(url, '^[A-Za-z]+://[^/?#]*', '') as target,
  case when subtype = 'ssl' then coalesce(sni, hostname) end as sni,
  coalesce(hostname, sni) as host,
  try_cast(sentbyte as bigint) as bytes_out,
  try_cast(rcvdbyte as bigint) as bytes_in,
  try_cast(proto as utinyint)::integer as protocol,
  coalesce(regexp_matches("action", '^(?:block|den|drop|reset|ip-conn)'), false) as is_refused,
  not coalesce(is_read and (is_session or coalesce(hostname, sni) is not null), false) as is_foreign,
  'firewall' as sensor,
  null::varchar as workload
from timed
"""
PAIR = r'(?:^|[\s,])([A-Za-z_][\w-]*)=("(?:[^"\\]|\\.)*"|[^\s,"]*)'


class Fortigate:
    """FortiGate traffic and UTM logs."""

    id = "fortigate"
    title = "FortiGate traffic and UTM log (key=value)"
    tables = ("flow", "tls_connection", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines that begin with date and time as fields, where some are traffic or UTM."""
        lines = [line[:LONGEST] for line in head.lines[:LOOKED_AT] if line.strip()]
        begun = sum(_BEGIN.match(line) is not None and "logid=" in line for line in lines)
        is_ours = any(_RECORD.search(line) for line in lines)
        return round(0.95 * begun / len(lines), 2) if is_ours else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Objects of one zone go together."""
        return zone_of(item)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert sessions and hosts; lines that are no record are refused."""
        for macro in (CREATE_IN_ZONE, CREATE_EPOCH):
            engine.query(macro)
        refused = stage_lines(engine, [item.path for item in items])
        fields = (f"nullif(trim(texts[list_position(keys, '{name}')], '\"'), '') as \"{name}\"" for name in FIELDS)
        read = READ.replace("{fields}", ", ".join(fields))
        found = take_requests(engine, items, ProxyRecords(read, {"pair": PAIR, "timezone": zone_of(items[0])}))
        engine.query("drop table log_line")
        return {
            item.source_id: add_up(found[item.source_id], refused.get(file, Normalised({})))
            for file, item in enumerate(items)
        }


FORMAT = Fortigate()
