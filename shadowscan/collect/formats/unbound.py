r"""Unbound query log (`log-queries`, `log-replies`): text, plain or gzip, from a file or through syslog.

Real shapes; `log-tag-queryreply` writes `query:` and `reply:` for `info:`, `log-destaddr` adds the server at the end::

    [1785542401] unbound[812:0] info: 192.0.2.20 api.x.ai. A IN
    [1785542401] unbound[812:0] reply: 192.0.2.20 api.x.ai. A IN NOERROR 0.031220 0 62
    2026-08-01T00:00:01.123+00:00 unbound[812:0] info: 192.0.2.20 api.x.ai. A IN NOERROR 0.000000 1 62
    Aug  1 00:00:01 ns1 unbound[812]: [812:0] info: 192.0.2.20 api.x.ai. A IN

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`[1785542401]`, or the time in words     `queried_at`, UTC. A time without a zone is taken as UTC (option `timezone`),
                                         one without a year by the time of the file (option `year`, a `coverage_note`)
client                                   `client_ip`
name, type                               `qname` `qtype`
code of a reply                          `rcode`
=======================================  ==============================================================================

Where a file has replies, each repeats its question: the questions alone are passed by, so that each counts once. The
log has no answers: it says who asked for a name, and names no flow. Unbound's other lines are passed by, and those of
other programs in the same syslog; any other line is rejected. `line` is the line in the file.

Sources: https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html (`log-queries`, `log-replies`,
`log-time-iso`), and `util/log.c`, `util/data/msgreply.c` in https://github.com/NLnetLabs/unbound.
Doubts: a file in which `log-replies` was turned on later loses the questions before.
"""

from shadowscan.collect.formats._dns_server import ADDRESS, REPLIES_FIRST, DnsServerFormat, ServerLog
from shadowscan.collect.formats._log_time import EPOCH, ISO, SYSLOG

_PREFIX = rf"^(?:<\d+>)?(?:({ISO}) )?(?:({ISO}|{SYSLOG}|{EPOCH}) )?"
_THREAD = r"(?:[\w.-]+ )?(?:[\w./-]+\[\d+:\d+\]|[\w./-]+\[\d+\]: \[\d+:\d+\]):? "
LOG = ServerLog(
    expression=_PREFIX
    + _THREAD
    + rf"(?:info|query|reply): ({ADDRESS})(?:%[\w.-]+)? (\S*\.) (\S+) (?:IN|CH|HS)(?: ([A-Z]\w*) [0-9.]+ [01] \d+.*)?$",
    names=("outer_time", "own_time", "client", "name", "query_type", "rcode"),
    others=_THREAD + r"(?:notice|warning|error|fatal error|debug|info|query|reply): ",
    questions=r"(?:info|query|reply): [0-9][0-9.]+ [^ -]",
)
FORMAT = DnsServerFormat("unbound", "Unbound query log (text)", LOG, REPLIES_FIRST)
