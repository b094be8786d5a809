r"""Envoy access logs: the default text format, a site's own, or JSON (Envoy Gateway's default); plain or gzip.

Real shapes, one request a line::

    [2026-08-01T00:00:00.826Z] "POST /v1/responses HTTP/1.1" 200 - 5210 102931 361 210 "10.0.1.5" "curl/8.5"
      "6e19ddda-e0a1-41f9-9355-ea5db8d23bcc" "api.openai.com" "203.0.113.50:443"
    {":authority":"api.openai.com","bytes_received":5210,"bytes_sent":102931,"downstream_remote_address":
     "10.0.1.5:51997","duration":361,"method":"POST","response_code":200,"response_flags":"-","start_time":
     "2026-08-01T00:00:00.826Z","upstream_host":"203.0.113.50:443","x-envoy-origin-path":"/v1/responses", …}

=============================================  ========================================================================
command                                        becomes
=============================================  ========================================================================
`START_TIME` `DURATION`                        `started_at`, and `ended_at` that many milliseconds after
`DOWNSTREAM_REMOTE_ADDRESS`                    client; without it the last of `X-FORWARDED-FOR`, which Envoy appends
                                               where it uses the remote address
`:AUTHORITY`                                   `host`, `named_by` `http_host`, or `connect` of a CONNECT
`REQUESTED_SERVER_NAME`                        `host`, `named_by` `sni`, of connections that Envoy does not read
`X-ENVOY-ORIGINAL-PATH?:PATH`                  `path`, shortened and without its query
`UPSTREAM_HOST`                                server
`BYTES_RECEIVED` `BYTES_SENT`                  `bytes_out` `bytes_in`: bodies of requests, all of other connections
`RESPONSE_FLAGS` `RESPONSE_CODE`               `action`: a request that reached no server (no upstream and an error,
                                               flags `UF` `UH` `NR` `UAEX` `RL` `NC`) is `reject`
=============================================  ========================================================================

The default text format has no client where Envoy does not append to `X-FORWARDED-FOR`: such lines are rejected, since
nobody could be named. A site's own text format is told by the option `log_format` of its source, as in its
`text_format`::

    log_format = "[%START_TIME%] %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %BYTES_RECEIVED% %BYTES_SENT% …"

JSON is read by its keys, those of Envoy Gateway and of Istio and a few more. A request that names no host and no
server is no row, a note counts it.

Sources: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage (commands, default
format), https://gateway.envoyproxy.io/docs/tasks/observability/proxy-accesslog/ (JSON keys) and logged lines in public
write-ups. Doubts: Envoy does not escape `"` in headers, so a line with one in a header is rejected.
"""

from shadowscan.collect.formats import _envoy
from shadowscan.collect.formats._layout import compile_layout

_REQUEST = '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% '
_ASKED = '"%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"'
# As Envoy has it, and as Envoy Gateway's documentation writes it.
BUILT_IN = (
    f"{_REQUEST}%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "
    f"{_ASKED}",
    f"{_REQUEST}%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% {_ASKED}",
)
PATTERNS = tuple(compile_layout(layout, _envoy.SYNTAX) for layout in BUILT_IN)


def _is_ours(record: dict[str, object]) -> bool:
    return _envoy.is_access_record(record) and not _envoy.is_of_istio(record)


FORMAT = _envoy.EnvoyFormat("envoy", "Envoy access log (text, JSON)", PATTERNS, _is_ours, surety=(0.9, 0.95))
