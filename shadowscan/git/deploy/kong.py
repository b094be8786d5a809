"""Kong: the `ai-proxy` family of plugins, and plain services that forward to a vendor."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import concern_signals, hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind, named_gateway, serves
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://developer.konghq.com/plugins/?category=ai
_PLUGIN = re.compile(r"^ai-(?:proxy(?:-advanced)?|[a-z-]+)$")
_CONCERNS = {
    "auth": re.compile(r"(?:plugin|name):\s*(?:key-auth|jwt|oauth2|openid-connect|basic-auth)\b"),
    "rate_limit": re.compile(r"(?:plugin|name):\s*(?:ai-)?rate-limiting"),
    "budget": re.compile(r"ai-rate-limiting-advanced"),
    "caching": re.compile(r"(?:plugin|name):\s*(?:ai-semantic-cache|proxy-cache)"),
    "prompt_registry": re.compile(r"ai-prompt-(?:template|decorator)"),
    "redaction": re.compile(r"ai-(?:sanitizer|prompt-guard|semantic-prompt-guard|azure-content-safety|aws-guardrails)"),
    "logging": re.compile(r"(?:http|file|tcp|kafka)-log\b|log_payloads|log_statistics"),
    "fallback": re.compile(r"\bfailover_criteria\b|\bretries:"),
    "routing": re.compile(r"ai-proxy-advanced|\bbalancer:"),
}


def _fits(document: Document) -> bool:
    text = document.text
    return document.is_tree and ("_format_version" in text or "configuration.konghq.com" in text or "ai-proxy" in text)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    is_kong = "_format_version" in document.text or "konghq.com" in document.text
    if not is_kong:
        return
    plugins = [e for e in document.entries if e.key in ("name", "plugin") and _PLUGIN.match(e.value)]
    for entry in plugins[:1]:
        yield named_gateway("kong-ai", entry.line, f"Kong with the plugin {entry.value}")
        yield serves(entry.line, "a plugin of Kong that serves models")
    hosts = [h for e in document.entries if e.key in ("url", "host", "upstream_url") for h in hosts_in(e.value, e.line)]
    lines = live_lines(document.text)
    found = list(proxy_signals(list(dict.fromkeys(hosts)), lines, _CONCERNS, lexicon))
    yield from found or (concern_signals(lines, _CONCERNS) if plugins else ())


KIND = Kind("kong", _fits, _read)
