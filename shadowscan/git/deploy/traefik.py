"""Traefik: services of its dynamic configuration, in YAML, TOML or labels."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://doc.traefik.io/traefik/routing/services/
_FORWARD = re.compile(r"""^\s*(?:-\s*)?["']?(?:url|address)["']?\s*[:=]\s*["']?https?://|^\s*externalName:""")
_CONCERNS = {
    "auth": re.compile(r"basicAuth|forwardAuth|digestAuth|apiKey", re.IGNORECASE),
    "rate_limit": re.compile(r"rateLimit|inFlightReq", re.IGNORECASE),
    "fallback": re.compile(r"\bretry\b|failover|circuitBreaker", re.IGNORECASE),
    "caching": re.compile(r"souin|httpCache", re.IGNORECASE),
    "logging": re.compile(r"accessLog", re.IGNORECASE),
    "routing": re.compile(r"\bweighted\b|Headers?\(|PathPrefix\(`/(?:openai|anthropic)"),
}


def _fits(document: Document) -> bool:
    text = document.text
    return document.name.endswith((".yml", ".yaml", ".toml")) and (
        ("loadbalancer" in text.lower() and "routers" in text)
        or "traefik.io/v1" in text
        or "traefik.containo.us" in text
    )


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    lines = live_lines(document.text)
    hosts = [host for text, number in lines if _FORWARD.search(text) for host in hosts_in(text, number)]
    return proxy_signals(list(dict.fromkeys(hosts)), lines, _CONCERNS, lexicon)


KIND = Kind("traefik", _fits, _read)
