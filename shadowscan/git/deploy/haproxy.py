"""HAProxy: `server` lines of its backends."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://docs.haproxy.org/3.0/configuration.html#5
_FORWARD = re.compile(r"^\s*(?:server|server-template)\s+\S+|^\s*http-request\s+set-header\s+Host\b", re.IGNORECASE)
_CONCERNS = {
    "auth": re.compile(
        r"http-request\s+(?:auth|deny)|acl\s+\w+\s+req\.hdr\((?:authorization|x-api-key)", re.IGNORECASE
    ),
    "rate_limit": re.compile(r"stick-table|sc_http_req_rate|http-request\s+track-sc"),
    "caching": re.compile(r"^\s*(?:cache\s|http-request\s+cache-use)"),
    "fallback": re.compile(r"\bbackup\b|^\s*(?:retries|option\s+redispatch|retry-on)\b"),
    "logging": re.compile(r"^\s*(?:log\s+|option\s+httplog)"),
    "routing": re.compile(r"^\s*use_backend\b"),
}


def _fits(document: Document) -> bool:
    is_named = "haproxy" in document.path or document.name.endswith(".cfg")
    return is_named and re.search(r"^\s*backend\s+\S+|^\s*listen\s+\S+", document.text, re.MULTILINE) is not None


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    lines = live_lines(document.text)
    hosts = [host for text, number in lines if _FORWARD.search(text) for host in hosts_in(text, number)]
    return proxy_signals(list(dict.fromkeys(hosts)), lines, _CONCERNS, lexicon)


KIND = Kind("haproxy", _fits, _read)
