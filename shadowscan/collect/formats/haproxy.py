r"""HAProxy traffic logs: `option httplog`, `httpslog`, `tcplog`, or a site's own `log-format`; plain or gzip.

Real shapes, with or without the syslog part before::

    10.0.1.5:33317 [01/Aug/2026:00:00:14.655] egress openai/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0
      {api.openai.com} {} "POST /v1/responses HTTP/1.1"
    10.0.1.5:33313 [01/Aug/2026:00:00:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0

======================================  ===============================================================================
field                                   becomes
======================================  ===============================================================================
`%ci` `%cp`                             client
`%tr` `%t` `%Ta` `%Tt`                  `started_at`, and `ended_at` that many milliseconds after; no zone is logged:
                                        the option `timezone` of the source gives it, else it is read as UTC
`%r`                                    `host`, `remote_port`, `path`, shortened and without its query, of a CONNECT and
                                        of a URI with a host in it; `named_by` `connect`
`%hr`, `%[capture.req.hdr(0)]` …        the first captured request header that is a host name: `host`, `named_by`
                                        `http_host`
`%[ssl_fc_sni]`, any `…sni…`            `host`, `named_by` `sni`, where nothing else says it
`%si` `%sp`                             server
`%B` `%U`                               `bytes_in` `bytes_out`; the built-in formats have no `%U`, and it is 0 then
`%ts` `%tsc` `%ST`                      `action`: ended by HAProxy itself (`P`), before a server was reached (`…C`, `…Q`
                                        and `…R` without a server) is `reject`
======================================  ===============================================================================

A built-in format names a host only where the frontend captures a header (`capture request header Host`) or terminates
TLS (`httpslog`): lines without are no rows, a note counts them. TCP frontends need a format with the server name, told
by the option `log_format` of the source as it stands in `haproxy.cfg`::

    log_format = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %U %ts %[var(sess.sni)] %si:%sp"

Sources: https://docs.haproxy.org/dev/configuration.html sections 8.2 (formats and fields), 8.5 (termination states),
8.8 (captures), and public test data of a log shipper.
Doubts: a captured `Referer` or `X-Forwarded-Host` that comes before the host and is a bare name would be taken for it.
Bytes with `logasap` (`+350`) are what was known then.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._layout import Syntax, choose_layout, compile_layout, layout_of
from shadowscan.collect.formats._log_time import zone_of
from shadowscan.collect.formats._proxy import take_lines
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

CODE = re.compile(r"%(?:\{[^}]*\})?(?:\[(?P<fetch>[^\]]*)\]|(?P<code>[A-Za-z]+))")
NAMES = {
    "ci": "client", "cp": "client_port", "t": "begun", "tr": "begun", "Ta": "lasted", "Tt": "lasted", "ST": "status",
    "B": "bytes_in", "U": "bytes_out", "ts": "ending", "tsc": "ending", "b": "backend", "s": "server_name",
    "hr": "captured", "r": "request", "si": "server", "sp": "server_port", "HM": "method", "HU": "target",
}  # fmt: skip
VALUES = {
    "client": r"[0-9a-fA-F.:]+",
    "client_port": r"\d+",
    "begun": r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?",
    "lasted": r"\+?-?\d+",
    "status": r"-?\d+",
    "bytes_in": r"\+?\d+",
    "bytes_out": r"\+?\d+",
    "ending": r"[A-Za-z-]{2,4}",
    "captured": r"(?:\{[^}]*\})?",
    "request": r'"(?:[^"\\]|\\.)*"?',
}
_HTTP = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq"
BUILT_IN = (
    f"{_HTTP} %hr %hs %r %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] "
    "%[ssl_fc_sni]/%sslv/%sslc",
    f"{_HTTP} %hr %hs %r",
    f"{_HTTP} %hr %r",
    f"{_HTTP} %r",
    "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq",
)
FIELDS = (
    "client", "client_port", "begun", "lasted", "status", "bytes_in", "bytes_out", "ending", "server_name", "captured",
    "header", "request", "method", "target", "sni", "server", "server_port",
)  # fmt: skip

# A header that is a host: labels with a dot between them, the last with a letter, perhaps a port.
READ = r"""
with line as (
  {line}
),
timed as (
  select
    * exclude (method, target),
    in_zone(
      coalesce(try_strptime(begun, '%d/%b/%Y:%H:%M:%S.%g'), try_strptime(begun, '%d/%b/%Y:%H:%M:%S')),
      $timezone
    ) as begun_at,
    coalesce(method, regexp_extract(request, '^"([A-Z]+) ', 1)) as method,
    coalesce(target, nullif(regexp_extract(request, '^"[A-Z]+ +([^ "]+)', 1), '')) as target,
    list_filter(
      string_split(trim(coalesce(header, captured), '{}'), '|'),
      lambda one: regexp_full_match(one, '(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*\.?(?::[0-9]+)?')
    )[1] as captured_host
  from line
)
select
  file,
  line,
  is_matched,
  begun_at as started_at,
  begun_at
    + lasting(coalesce(try_cast(ltrim(lasted, '+') as bigint), 0)) as ended_at,
  client,
  try_cast(client_port as integer) as client_port,
  server,
  try_cast(server_port as integer) as server_port,
  method,
  target,
  case when captured_host is null then sni end as sni,
  captured_host as host,
  try_cast(ltrim(bytes_out, '+') as bigint) as bytes_out,
  try_cast(ltrim(bytes_in, '+') as bigint) as bytes_in,
  starts_with(ending, 'P')
    or substr(ending, 2, 1) in ('C', 'Q')
    or (substr(ending, 2, 1) = 'R' and server_name = '<NOSRV>') as is_refused,
  null::boolean as is_foreign,
  'proxy' as sensor,
  null::varchar as workload,
  null::integer as protocol
from timed
"""


def meaning_of(code: re.Match[str]) -> str:
    """The field of one code, empty where it is not kept."""
    fetch = (code["fetch"] or "").lower()
    if "sni" in fetch:
        return "sni"
    return "header" if "req.hdr" in fetch or "host" in fetch else NAMES.get(code["code"] or "", "")


SYNTAX = Syntax(CODE, meaning_of, VALUES)
PATTERNS = tuple(compile_layout(layout, SYNTAX) for layout in BUILT_IN)


class Haproxy:
    """HAProxy traffic logs."""

    id = "haproxy"
    title = "HAProxy log (HTTP, HTTPS, TCP, or a log-format)"
    tables = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines that one of the built-in formats describes."""
        return round(0.95 * choose_layout(head, PATTERNS)[1], 2)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one format and zone go together."""
        return f"{zone_of(item)}\n{layout_of(item, SYNTAX, PATTERNS).key}"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests and connections; lines that the format does not describe are refused."""
        layout = layout_of(items[0], SYNTAX, PATTERNS)
        return take_lines(
            engine, items, layout, READ.replace("{line}", layout.read(FIELDS)), {"timezone": zone_of(items[0])}
        )


FORMAT = Haproxy()
