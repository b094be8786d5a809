r"""nginx as a forward proxy, and Apache httpd: `combined` and `common` access logs, or a site's own `log_format`.

Real shapes, of a forward proxy and, with a `log_format` of its own, of a TLS proxy (`stream`, `ssl_preread`)::

    10.0.1.5 - - [01/Aug/2026:00:00:02 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 28854 "-" "curl/8.5.0"
    10.0.1.6 [01/Aug/2026:00:00:05 +0000] TCP 200 4875 901 0.618 "203.0.113.50:443" "api.openai.com"

==================================================  ===================================================================
variable                                            becomes
==================================================  ===================================================================
`$remote_addr` `$remote_port`                       client; `$remote_user` is not kept
`$time_local` `$time_iso8601` `$msec`               the log is written at the end: `ended_at`, and `started_at` by
`$request_time` `$session_time`                     `$request_time` or `$session_time` before it
`$request` `$request_method` `$request_uri`         `host`, `remote_port`, `path`, shortened and without its query, of a
                                                    CONNECT and of a URI with a host in it; `named_by` `connect`
`$ssl_preread_server_name`                          `host`, `named_by` `sni`
`$connect_host` `$proxy_host` `$host` `$http_host`  `host`, `named_by` `http_host`, where neither says it, first come
                                                    first served
`$upstream_addr` `$connect_addr`                    server, the last of several
`$bytes_sent` `$body_bytes_sent`                    `bytes_in`
`$request_length` `$bytes_received`                 `bytes_out`; 0 where the log has neither
`$status`                                           `action`: an error is `reject` of a CONNECT and of a `stream`, and
                                                    of other requests 407, 502, 504, or any without a server where the
                                                    format has `$upstream_addr`
==================================================  ===================================================================

The access log of a web server is no egress and looks the same: a log counts as a proxy's where at least a tenth of its
first lines are CONNECTs or name a host in the request, and lines that do not are no rows; a note counts them. Any other
format is told by the option `log_format` of its source, as in `nginx.conf` without the quotes around its parts; so is a
log in JSON::

    [[sources]]
    target = "/var/log/nginx/stream.log"
    format = "nginx"
    log_format = '$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received $session_time "$upstream_addr" "$ssl_preread_server_name"'

Sources: https://nginx.org/en/docs/http/ngx_http_log_module.html (`combined`), https://nginx.org/en/docs/varindex.html,
https://nginx.org/en/docs/stream/ngx_stream_log_module.html, https://nginx.org/en/docs/http/ngx_http_tunnel_module.html
and https://github.com/chobits/ngx_http_proxy_connect_module (CONNECT),
https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (`common`, `combined`).
Doubts: what `$request_length` counts of a tunnel depends on the module that carries it. A CONNECT's line was not seen
in a real log, only its parts in the modules' documentation.
"""  # noqa: E501  # a format string is one line

import re
from collections.abc import Sequence

from shadowscan.collect.formats._layout import Syntax, choose_layout, compile_layout, layout_of
from shadowscan.collect.formats._proxy import take_lines
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

CODE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<code>\w+))")
FIELDS = (
    "remote_addr", "remote_port", "time_local", "time_iso8601", "msec", "request_time", "session_time", "request",
    "request_method", "request_uri", "ssl_preread_server_name", "connect_host", "proxy_host", "host", "http_host",
    "upstream_addr", "connect_addr", "bytes_sent", "body_bytes_sent", "request_length", "bytes_received", "status",
)  # fmt: skip
VALUES = {
    "remote_addr": r"[0-9a-fA-F.:]+|unix:",
    "status": r"\d{3}|-",
    "msec": r"\d+\.\d+",
    "body_bytes_sent": r"\d+|-",
    "bytes_sent": r"\d+|-",
}
BUILT_IN = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent',
)
PROXIED = re.compile(r'"(?:CONNECT \S+:\d+|[A-Z]+ [a-z]+://)')
SQUID = re.compile(r" (?:TCP|UDP|NONE|TAG)[A-Z_]*:[A-Z_]+(?: |$)")  # what Squid adds to the same formats
LEAST_PROXIED = 0.1

READ = r"""
with line as (
  {line}
),
timed as (
  select
    *,
    coalesce(
      try_strptime(time_local, '%d/%b/%Y:%H:%M:%S %z')::timestamp,
      try_cast(time_iso8601 as timestamptz)::timestamp,
      make_timestamp((try_cast(msec as double) * 1000000)::bigint)
    ) as logged_at,
    coalesce(try_cast(request_time as double), try_cast(session_time as double), 0) as seconds,
    coalesce(request_method, regexp_extract(request, '^([A-Z]+) ', 1)) as method,
    coalesce(request_uri, nullif(regexp_extract(request, '^[A-Z]+ +(\S+)', 1), '')) as target,
    coalesce(request, request_method, request_uri) is null as is_stream,
    trim(regexp_extract(coalesce(upstream_addr, connect_addr), '([^,;]*)$', 1)) as server,
    try_cast(status as integer) as code
  from line
)
select
  file,
  line,
  is_matched,
  logged_at - to_milliseconds((least(greatest(seconds, 0), 1000000000) * 1000)::bigint) as started_at,
  logged_at as ended_at,
  remote_addr as client,
  try_cast(remote_port as integer) as client_port,
  server,
  null::integer as server_port,
  method,
  target,
  ssl_preread_server_name as sni,
  coalesce(connect_host, proxy_host, host, http_host) as host,
  coalesce(try_cast(request_length as bigint), try_cast(bytes_received as bigint)) as bytes_out,
  coalesce(try_cast(bytes_sent as bigint), try_cast(body_bytes_sent as bigint)) as bytes_in,
  code >= 400 and (
    is_stream or method = 'CONNECT' or code in (407, 502, 504) or ({has_upstream} and server is null)
  ) as is_refused,
  null::boolean as is_foreign,
  'proxy' as sensor,
  null::varchar as workload,
  null::integer as protocol
from timed
"""


def meaning_of(code: re.Match[str]) -> str:
    """The variable, empty where it is not kept."""
    word = code["braced"] or code["code"]
    return word if word in FIELDS else ""


SYNTAX = Syntax(CODE, meaning_of, VALUES)
PATTERNS = tuple(compile_layout(layout, SYNTAX) for layout in BUILT_IN)


class Nginx:
    """Access logs of nginx and Apache httpd as forward proxies."""

    id = "nginx"
    title = "nginx and Apache httpd access log of a forward proxy (combined, common, or a log_format)"
    tables = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines in a common format; near nothing where hardly any went to a proxy."""
        share = choose_layout(head, PATTERNS)[1]
        lines = [line for line in head.lines if line.strip()]
        proxied = sum(bool(PROXIED.search(line)) and not SQUID.search(line) for line in lines)
        return round((0.9 if proxied >= LEAST_PROXIED * max(1, len(lines)) else 0.3) * share, 2)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one format go together."""
        return layout_of(item, SYNTAX, PATTERNS).key

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests and connections; lines that the format does not describe are refused."""
        layout = layout_of(items[0], SYNTAX, PATTERNS)
        has_upstream = str({"upstream_addr", "connect_addr"} & layout.names != set()).lower()
        read = READ.replace("{line}", layout.read(FIELDS)).replace("{has_upstream}", has_upstream)
        return take_lines(engine, items, layout, read)


FORMAT = Nginx()
