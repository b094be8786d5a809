"""APISIX and Higress: routes with an `ai-proxy` plugin, and plain upstreams of a vendor."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind, named_gateway
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://apisix.apache.org/docs/apisix/plugins/ai-proxy/, https://higress.cn/en/docs/latest/plugins/ai/api-provider/ai-proxy/
_PLUGINS = frozenset({"ai-proxy", "ai-proxy-multi", "ai-proxy.wasm"})
_CONCERNS = {
    "auth": re.compile(r"\b(?:key-auth|jwt-auth|openid-connect|basic-auth)\b"),
    "rate_limit": re.compile(r"\blimit-(?:count|req|conn)\b|ai-rate-limiting|ai-token-ratelimit"),
    "budget": re.compile(r"ai-quota|ai-rate-limiting|ai-token-ratelimit"),
    "caching": re.compile(r"\bproxy-cache\b|ai-cache"),
    "prompt_registry": re.compile(r"ai-prompt-(?:template|decorator)"),
    "redaction": re.compile(r"ai-(?:prompt-guard|data-masking|security-guard|aws-content-moderation)"),
    "logging": re.compile(r"\b(?:http|kafka|file|clickhouse)-logger\b|ai-statistics"),
    "fallback": re.compile(r"\bfallback_strategy\b|\bfailover\b"),
    "routing": re.compile(r"ai-proxy-multi|\bbalancer:"),
}


def _fits(document: Document) -> bool:
    return document.is_tree and (
        "ai-proxy" in document.text or "apisix" in document.path or "upstreams:" in document.text
    )


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    product = "higress" if "higress" in document.text.lower() else "apisix-ai"
    named = [e for e in document.entries if _PLUGINS & {e.key, *e.path, e.value} and "konghq" not in document.text]
    if named and "_format_version" not in document.text:
        yield named_gateway(product, named[0].line, f"the plugin ai-proxy of {product.partition('-')[0]}")
    hosts = [
        host
        for entry in document.entries
        if "nodes" in entry.path or entry.key in ("host", "endpoint", "upstream_host")
        for value in (entry.value, entry.key, *entry.path[-1:])
        for host in hosts_in(value.partition(":")[0], entry.line)
    ]
    if "apisix" in document.path or named:
        yield from proxy_signals(list(dict.fromkeys(hosts)), live_lines(document.text), _CONCERNS, lexicon)


KIND = Kind("apisix", _fits, _read)
