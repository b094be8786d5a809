r"""CoreDNS query log (plugin `log`), also as Kubernetes keeps it: text, plain or gzip.

Real shapes, the default format, and the combined one, which ends with the opcode::

    [INFO] 10.1.0.21:53116 - 24044 "A IN api.together.xyz. udp 45 false 1232" NOERROR qr,rd,ra 96 0.012s
    [INFO] [fd00::21]:53117 - 24045 "AAAA IN api.together.xyz. udp 45 false 1232" NOERROR qr,rd,ra 120 0.010s "0"
    2026-08-01T00:00:03.000000000Z [INFO] 10.1.0.21:53118 - 24046 "A IN x.ai. udp 24 false 512" NOERROR qr,rd 60 0.01s

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`{remote}`                               `client_ip`: the pod, or a resolver on its node that asks for it
`{type}` `{name}`                        `qtype` `qname`
`{rcode}`                                `rcode`; `-` becomes `NOERROR`
the time before the line                 `queried_at`: CoreDNS writes none, a container runtime, `kubectl logs
                                         --timestamps` or syslog does. Without any, the time of the file is taken and a
                                         `coverage_note` counts the questions
=======================================  ==============================================================================

The log has no answers: it says who asked for a name, and names no flow. Lines of other plugins are passed by; a line
that is none of CoreDNS is rejected. A format of one's own (`log . "…"`) is not read. `line` is the line in the file.

Sources: https://coredns.io/plugins/log/ and `plugin/log`, `plugin/pkg/log` in https://github.com/coredns/coredns.
"""

from shadowscan.collect.formats._dns_server import ADDRESS, DnsServerFormat, ServerLog
from shadowscan.collect.formats._log_time import ISO, SYSLOG

_PREFIX = rf"^(?:<\d+>)?(?:({ISO}) )?(?:({ISO}|{SYSLOG}) )?(?:[\w.-]+ )?(?:[\w.-]+\[\d+\]: )?"
LOG = ServerLog(
    expression=_PREFIX + rf'\[INFO\] \[?({ADDRESS})(?:%[\w.-]+)?\]?:\d+ - \d+ "(\S+) \S+ (\S+) \w+ \d+ \w+ \d+" (\w*)',
    names=("outer_time", "own_time", "client", "query_type", "name", "rcode"),
    others=r"\[(?:INFO|WARNING|ERROR|DEBUG|FATAL|PANIC)\] |^(?:\S+ )?(?:CoreDNS-\d|linux/|\S*:\d+$|\S*:\d+ on )",
    questions=r'\[INFO\] (?:[0-9\[]|\S* - \d+ ")',
)
FORMAT = DnsServerFormat("coredns", "CoreDNS query log (text)", LOG)
