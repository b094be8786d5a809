r"""BIND query log (category `queries`, and `responses` of newer versions): text, plain or gzip, or through syslog.

Real shapes; category, severity, `@0x…`, key, view and client subnet are there or not, by configuration and version::

    01-Aug-2026 00:00:01.123 queries: info: client @0x7f1c2c0a1b28 192.0.2.19#53114 (api.cohere.com): query:
      api.cohere.com IN A +E(0)K (192.0.2.1)
    01-Aug-2026 00:00:02.123 client 192.0.2.19#53115/key office (api.cohere.com): view inside: query: api.cohere.com IN
      AAAA + (192.0.2.1) [ECS 10.2.0.0/24/0]
    2026-08-01T00:00:03.123Z client @0x7f1c 2001:db8::19#53115 (x.ai): response: x.ai IN A NOERROR 1 0 0 +E(0) (::1)
    Aug  1 00:00:04 ns1 named[99]: client @0x7f1c 192.0.2.19#53116 (x.ai): query: x.ai IN A + (192.0.2.1)

(each on one line)

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
the time                                 `queried_at`, UTC. BIND writes local time: what has no zone is taken as UTC
                                         (option `timezone`); syslog's has no year: told by the time of the file (option
                                         `year`), and a `coverage_note` says so
client                                   `client_ip`; where it is a forwarder, `[ECS …]` holds the network it asks for,
                                         which is no address and is not kept
name, type                               `qname` `qtype`
code of a response                       `rcode`
=======================================  ==============================================================================

Where a file has responses, each repeats its question: `query` lines are passed by, so that each counts once. The log
has no answers: it says who asked for a name, and names no flow. BIND's other lines are passed by, and those of other
programs in the same syslog; any other line is rejected. `line` is the line in the file.

Sources: https://bind9.readthedocs.io/en/latest/reference.html (logging, `querylog`, `responselog`), and
`lib/ns/query.c`, `lib/ns/client.c`, `lib/isc/log.c` in https://github.com/isc-projects/bind9.
Doubts: names that a response policy zone rewrote (`rpz …`) are passed by; their question stands as allowed.
"""

from shadowscan.collect.formats import _log_time as log_time
from shadowscan.collect.formats._dns_server import ADDRESS, REPLIES_FIRST, DnsServerFormat, ServerLog

_TIMES = f"(?:({log_time.ISO}) )?(?:({log_time.ISO}|{log_time.SYSLOG}|{log_time.BIND}) )?"
_PROGRAM = r"(?:(?:[\w.-]+ )?named\[\d+\]: )?"
_CATEGORY = r"(?:(?:queries|query-errors|responses|default|client): )?(?:info: )?"
LOG = ServerLog(
    expression=rf"^(?:<\d+>)?{_TIMES}{_PROGRAM}{_CATEGORY}"
    rf"client (?:@\S+ )?({ADDRESS})(?:%[\w.-]+)?#\d+(?:/key \S+)?(?: \([^)]*\))?: (?:view [^:]+: )?"
    r"(?:query|response): (\S+) (?:IN|CH|HS) (\S+) (?:[-+]|([A-Z]\w*) \d)",
    names=("outer_time", "own_time", "client", "name", "query_type", "rcode"),
    others=rf"{log_time.BIND} |named\[\d+\]: |^(?:{log_time.ISO} )?[a-z-]+: (?:info|notice|warning|error|debug \d+): ",
    questions=r"queries: |responses: |: query: |: response: ",
)
FORMAT = DnsServerFormat("bind", "BIND query log (text)", LOG, REPLIES_FIRST)
