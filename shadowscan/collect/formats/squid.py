r"""Squid access logs: the native format, `common` and `combined`, and a site's own `logformat`; plain or gzip.

Real shapes, `logformat squid`, `common` and `combined`::

    1785542400.391    104 10.0.1.5 TCP_TUNNEL/200 28854 CONNECT api.openai.com:443 svc-rank HIER_DIRECT/203.0.113.50 -
    1785542401.102      0 10.0.1.6 TCP_DENIED/403 3892 CONNECT api.deepseek.com:443 - HIER_NONE/- text/html
    10.0.1.5 - - [01/Aug/2026:00:00:02 +0000] "GET http://example.com/a HTTP/1.1" 200 904 TCP_MISS:HIER_DIRECT

==========================  ===========================================================================================
code                        becomes
==========================  ===========================================================================================
`%ts` `%tu` `%tr`           the log is written at the end: `ended_at`, and `started_at` that many milliseconds before;
                            `%tS` is the start. `%tl` and `%tg` count where there is no `%ts`
`%>a` `%>p`                 client
`%rm` `%ru`                 `host`, `remote_port` and `path`, shortened and without its query; `named_by` `connect`
`%ssl::>sni`                `host` where `%ru` holds an address, as in intercepted traffic
`%<st`                      `bytes_in`
`%>st` `%st`                `bytes_out`: the default formats do not have it, and it is 0 then
`%Ss` `%>Hs` `%Sh`          `action`: `…_DENIED`, and a request that got an error and no server, are `reject`
`%<a` `%<p`                 server; where Squid asked another proxy that is the proxy, and kept out
`%un` `%ul` `%ue`           not kept: a name is a person's, or its address says as much
==========================  ===========================================================================================

Answers out of the cache left no network: no row. They are counted in a note, as are requests that name no host
(`error:…`, `cache_object:`, requests to Squid itself).

A site's own format is told by the option `log_format` of its source, as it stands in `squid.conf`::

    [[sources]]
    target = "/var/log/squid/access.log"
    format = "squid"
    log_format = "%ts.%03tu %6tr %>a %>p %Ss/%03>Hs %<st %>st %rm %ru %ssl::>sni %Sh/%<a"

Fields added behind one of the built-in formats (`log_mime_hdrs` too) need no option and are not read. Where Squid
decrypts (`ssl_bump bump`) the CONNECT and the requests inside it are logged: the first has no bytes then.

Sources: https://www.squid-cache.org/Doc/config/logformat/ (codes, built-in formats), https://github.com/squid-cache/squid
`src/log/FormatSquidNative.cc`, `src/LogTags.cc`, and public test data of a log shipper for `logformat` lines.
Doubts: a `%tl` without a zone is read as UTC. Bytes of a tunnel are all of it; Squid writes them when it ends.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._layout import Syntax, choose_layout, compile_layout, layout_of
from shadowscan.collect.formats._proxy import take_lines
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# `% [encoding] [-] [[0]width[.max]] [{arg}] code [{arg}]`
CODE = re.compile(
    r"""%(?:["\[#/'])?-?\d*(?:\.\d+)?(?:\{(?P<before>[^}]*)\})?"""
    r"(?P<code>(?:[a-z_]+::)?[<>]{0,2}[A-Za-z_]+)(?:\{(?P<after>[^}]*)\})?"
)
NAMES = {
    "ts": "epoch", "tu": "millis", "tS": "begun", "tl": "local_time", "tg": "local_time", "tr": "elapsed",
    ">a": "client", ">p": "client_port", "Ss": "result", ">Hs": "status", "<st": "bytes_in", ">st": "bytes_out",
    "st": "bytes_both", "rm": "method", ">rm": "method", "ru": "target", ">ru": "target", "Sh": "hierarchy",
    "<a": "server", "<p": "server_port", "ssl::>sni": "sni", ">rd": "host",
}  # fmt: skip
VALUES = {
    "client": r"[0-9a-fA-F.:]+|-",
    "epoch": r"\d{9,11}",
    "millis": r"\d{1,6}",
    "begun": r"\d{9,11}\.\d+",
    "status": r"\d{3}|-",
    "result": r"(?:TCP|UDP|ICP|NONE|TAG)[A-Z_]*|-",
    "hierarchy": r"[A-Z_]+|-",
}
BUILT_IN = (
    "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt",
    '%>a - %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st %Ss:%Sh',
    '%>a - %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st "%{Referer}>h" "%{User-Agent}>h" %Ss:%Sh',
)
FIELDS = (
    "epoch", "millis", "begun", "local_time", "elapsed", "client", "client_port", "result", "status", "bytes_in",
    "bytes_out", "bytes_both", "method", "target", "hierarchy", "server", "server_port", "sni", "host",
)  # fmt: skip

READ = """
with line as (
  {line}
),
timed as (
  select
    * exclude (client_port, server_port, bytes_in, bytes_out, bytes_both, begun),
    coalesce(
      epoch_time(try_cast(epoch as bigint)) + to_milliseconds(coalesce(try_cast(millis as bigint), 0)),
      try_strptime(local_time, '%d/%b/%Y:%H:%M:%S %z')::timestamp,
      try_strptime(local_time, '%d/%b/%Y:%H:%M:%S')
    ) as logged_at,
    make_timestamp((try_cast(begun as double) * 1000000)::bigint) as begun_at,
    to_milliseconds(greatest(try_cast(elapsed as integer), 0)) as lasted,
    try_cast(client_port as integer) as client_port,
    try_cast(server_port as integer) as server_port,
    try_cast(bytes_in as bigint) as bytes_in,
    coalesce(
      try_cast(bytes_out as bigint),
      try_cast(bytes_both as bigint) - try_cast(bytes_in as bigint)
    ) as bytes_out,
    contains(target, '://') or upper(method) = 'CONNECT' as is_asked,
    coalesce(hierarchy, 'HIER_NONE') in ('HIER_NONE', 'NONE') as is_alone
  from line
)
select
  file,
  line,
  is_matched,
  coalesce(begun_at, logged_at - lasted, logged_at) as started_at,
  coalesce(logged_at, begun_at + lasted) as ended_at,
  client,
  client_port,
  case when contains(hierarchy, 'DIRECT') or hierarchy = 'ORIGINAL_DST' then server end as server,
  case when contains(hierarchy, 'DIRECT') or hierarchy = 'ORIGINAL_DST' then server_port end as server_port,
  case when is_asked then method end as method,
  case when is_asked and not (sni is not null and regexp_matches(target, '^[0-9.]+:[0-9]+$')) then target end as target,
  sni,
  host,
  bytes_out,
  bytes_in,
  contains(result, 'DENIED') or (is_alone and (status is null or status = '000' or status >= '400')) as is_refused,
  contains(result, '_HIT') and is_alone as is_foreign,
  'proxy' as sensor,
  null::varchar as workload,
  null::integer as protocol
from timed
"""


def meaning_of(code: re.Match[str]) -> str:
    """The field of one `logformat` code, empty where it is not kept."""
    word = code["code"].removeprefix("http::")
    if word == ">h":
        return "host" if (code["before"] or code["after"] or "").lower() == "host" else ""
    return NAMES.get(word, "")


SYNTAX = Syntax(CODE, meaning_of, VALUES)
PATTERNS = tuple(compile_layout(layout, SYNTAX) for layout in BUILT_IN)


class Squid:
    """Squid access logs."""

    id = "squid"
    title = "Squid access log (native, common, combined, or a logformat)"
    tables = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines that one of the built-in formats describes."""
        return round(0.96 * choose_layout(head, PATTERNS)[1], 2)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one format go together."""
        return layout_of(item, SYNTAX, PATTERNS).key

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests; lines that the format does not describe are refused."""
        layout = layout_of(items[0], SYNTAX, PATTERNS)
        return take_lines(engine, items, layout, READ.replace("{line}", layout.read(FIELDS)))


FORMAT = Squid()
