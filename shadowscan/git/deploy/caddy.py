"""Caddy: `reverse_proxy` of a Caddyfile."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
_FORWARD = re.compile(r"^\s*(?:reverse_proxy|to|header_up\s+Host|php_fastcgi)\b|\breverse_proxy\s")
_CONCERNS = {
    "auth": re.compile(
        r"^\s*(?:basic_?auth|forward_auth|jwtauth|@\w+\s+(?:not\s+)?header\s+(?:authorization|x-api-key))",
        re.IGNORECASE,
    ),
    "rate_limit": re.compile(r"^\s*rate_limit"),
    "caching": re.compile(r"^\s*cache\b"),
    "fallback": re.compile(r"^\s*(?:lb_try_duration|lb_retries|fail_duration|handle_response)"),
    "logging": re.compile(r"^\s*log\b"),
    "streaming": re.compile(r"^\s*flush_interval"),
}


def _fits(document: Document) -> bool:
    return (document.name.startswith("caddyfile") or document.name.endswith((".caddy", ".caddyfile"))) and (
        "reverse_proxy" in document.text
    )


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    lines = live_lines(document.text)
    hosts = [host for text, number in lines if _FORWARD.search(text) for host in hosts_in(text, number)]
    return proxy_signals(list(dict.fromkeys(hosts)), lines, _CONCERNS, lexicon)


KIND = Kind("caddy", _fits, _read)
