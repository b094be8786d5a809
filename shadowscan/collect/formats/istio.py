r"""Istio access logs of sidecars and gateways, text or JSON (`accessLogFile`), plain or gzip.

Real shapes, one request or connection a line::

    [2026-08-01T00:00:00.637Z] "- - -" 0 - - - "-" 901 4875 618 - "-" "-" "-" "-" "203.0.113.50:443"
      outbound|443||api.openai.com 10.244.0.6:59668 203.0.113.50:443 10.244.0.6:59652 api.openai.com -
    [2026-08-01T00:00:05.538Z] "- - -" 0 UH - - "-" 0 0 0 - "-" "-" "-" "-" "-" BlackHoleCluster - 203.0.113.51:443
      10.244.0.67:54754 - -
    {"authority":"api.mistral.ai","bytes_received":358,"bytes_sent":9200,"downstream_remote_address":
     "10.244.0.7:43612","duration":15,"method":"POST","path":"/v1/chat/completions","requested_server_name":null,
     "response_code":200,"upstream_cluster":"outbound|443||api.mistral.ai","upstream_host":"203.0.113.60:443", …}

=============================================  ========================================================================
field                                          becomes
=============================================  ========================================================================
as in Envoy's log                              as there: see `envoy`
`UPSTREAM_CLUSTER`                             `inbound|…` is no egress: no row, counted in a note. `outbound|…|HOST`
                                               names the host where neither request nor TLS hello does
`UPSTREAM_LOCAL_ADDRESS`                       where it is the client's own, this is the client's sidecar: `sensor` is
                                               `mesh` and `client_port` the port that a flow log has, so that the
                                               connection counts once. Else it is a gateway: `sensor` `proxy`
`DOWNSTREAM_LOCAL_ADDRESS`                     server of `PassthroughCluster` and `BlackHoleCluster`: the address asked
                                               for; without a name it becomes a `flow`
`REQUESTED_SERVER_NAME`                        `outbound_.443_._.HOST`, the mesh's own TLS, is that HOST
`BlackHoleCluster`                             `action` `reject`: refused by `REGISTRY_ONLY`
=============================================  ========================================================================

A sidecar whose next hop is a service of the cluster, such as an egress gateway, has no server: its record and the
gateway's tell of one request, and the gateway's counts.

Sources: https://istio.io/latest/docs/tasks/observability/logs/access-log/ (text format), public test data of a log
shipper for JSON and IPv6, and logged lines in public write-ups for `PassthroughCluster` and `BlackHoleCluster`.
Doubts: the text format before Istio 1.9 is told by the option `log_format`. Ambient mode (ztunnel, waypoints) was not
seen.
"""

from shadowscan.collect.formats import _envoy
from shadowscan.collect.formats._layout import compile_layout

BUILT_IN = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% '
    '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% '
    '%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" '
    '"%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% '
    "%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%"
)
PATTERNS = (compile_layout(BUILT_IN, _envoy.SYNTAX),)


def _is_ours(record: dict[str, object]) -> bool:
    return _envoy.is_access_record(record) and _envoy.is_of_istio(record)


FORMAT = _envoy.EnvoyFormat("istio", "Istio access log (text, JSON)", PATTERNS, _is_ours, surety=(0.95, 0.97))
