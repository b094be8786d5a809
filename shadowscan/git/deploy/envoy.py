"""Envoy: clusters of a static configuration, and the resources of Envoy AI Gateway."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import hosts_in, live_lines, proxy_signals
from shadowscan.git.deploy.interface import Document, Kind, named_gateway
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# https://aigateway.envoyproxy.io/docs/api/
_AI_KINDS = frozenset({"aigatewayroute", "aiservicebackend", "llmroute", "mcproute", "backendsecuritypolicy"})
_FORWARD_KEYS = frozenset({"address", "sni", "host_rewrite_literal", "hostname", "exact"})
_CONCERNS = {
    "auth": re.compile(r"envoy\.filters\.http\.(?:jwt_authn|ext_authz|basic_auth|api_key_auth)"),
    "rate_limit": re.compile(r"envoy\.filters\.http\.(?:local_)?ratelimit"),
    "caching": re.compile(r"envoy\.filters\.http\.cache"),
    "fallback": re.compile(r"\bretry_policy\b|\boutlier_detection\b|\bretry_on\b"),
    "logging": re.compile(r"\baccess_log\b"),
    "routing": re.compile(r"\bweighted_clusters\b|\bcluster_header\b"),
}


def _fits(document: Document) -> bool:
    text = document.text
    is_static = "clusters" in text and ("load_assignment" in text or "socket_address" in text)
    return document.is_tree and (is_static or "aigateway.envoyproxy.io" in text or "AIGatewayRoute" in text)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    for entry in document.entries:
        if entry.key == "kind" and entry.value.lower() in _AI_KINDS and len(entry.path) == 1:
            yield named_gateway("envoy-ai-gateway", entry.line, f"{entry.value} of Envoy AI Gateway")
    if "static_resources" not in document.text and "load_assignment" not in document.text:
        return
    hosts = [
        host
        for entry in document.entries
        if entry.key in _FORWARD_KEYS and "clusters" in entry.path
        for host in hosts_in(entry.value, entry.line)
    ]
    yield from proxy_signals(list(dict.fromkeys(hosts)), live_lines(document.text), _CONCERNS, lexicon)


KIND = Kind("envoy", _fits, _read)
