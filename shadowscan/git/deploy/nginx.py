"""nginx: `proxy_pass`, `upstream` blocks, and variables that a host is put into."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://nginx.org/en/docs/http/ngx_http_proxy_module.html, …_upstream_module.html
_FORWARD = re.compile(
    r"^\s*(?:proxy_pass|grpc_pass|server|set\s+\$\w+|proxy_set_header\s+Host|proxy_ssl_name|map)\b|\bproxy_pass\s"
)
_CONCERNS = {
    "auth": re.compile(r"^\s*auth_(?:request|basic|jwt)|\$http_x_api_key|\$http_authorization\s*[!~=]|return\s+401"),
    "rate_limit": re.compile(r"^\s*limit_(?:req|conn|rate)"),
    "caching": re.compile(r"^\s*proxy_cache\b"),
    "fallback": re.compile(r"^\s*proxy_next_upstream|\bbackup\s*;"),
    "logging": re.compile(r"^\s*(?:access_log\s+(?!off)|log_format)"),
    "routing": re.compile(r"^\s*map\s+\$|split_clients"),
    "streaming": re.compile(r"^\s*proxy_buffering\s+off|^\s*chunked_transfer_encoding"),
}


def _fits(document: Document) -> bool:
    name = document.name
    is_named = name.startswith("nginx") or name.endswith((".conf", ".conf.template", ".nginx", ".vhost", ".conf.j2"))
    return (is_named or "nginx" in document.path) and "proxy_pass" in document.text


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    lines = live_lines(document.text)
    hosts = [host for text, number in lines if _FORWARD.search(text) for host in hosts_in(text, number)]
    return proxy_signals(_passed(hosts), lines, _CONCERNS, lexicon)


def _passed(hosts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return list(dict.fromkeys(hosts))


KIND = Kind("nginx", _fits, _read)
