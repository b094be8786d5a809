"""What makes a unit a gateway: it exposes LLM-shaped routes, forwards them, swaps the credential, fans out."""

import re
from collections.abc import Iterator

from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

_ROUTE = (
    r"""/?(?:[\w{}<>:.-]+/)*(?:chat/completions|v1/messages|v1/responses|v1/embeddings|v1/completions|api/generate)"""
)

# A route that is served, not one that is called: a decorator, or a registration on an object named as a server is. The
# route is relative; clients post to absolute URLs, or through objects with a client's name.
_SERVED = re.compile(
    r"""(?:@\w+(?:\.\w+)*\.(?:post|route|api_route|websocket)"""
    r"""|\b(?:app|router|server|fastify|mux|group)\.(?:post|all|any|use|route|POST|Post|All|Any|Handle|MapPost)"""
    r"""|\b(?:r|e|g|engine)\.(?:POST|Post|Any|Handle)|(?:HandleFunc|MapPost|add_api_route|add_route|add_post)"""
    r"""|@(?:Post|Request)Mapping|\[HttpPost|Route::post|\bpath)"""
    rf"""\s*\(\s*(?:value\s*=\s*)?["'`](?:POST )?(?={_ROUTE})""",
)
_LOCATION = re.compile(
    rf"""^\s*(?:location\s+[~^=*\s]*|path_prefix:|prefix:|handle(?:_path)?\s+)["']?{_ROUTE}|^\s*location\s+/v1"""
)
_FORWARD = re.compile(
    r"^\s*(?:proxy_pass|reverse_proxy)\s+(?:https?://)?([\w.${}-]+)|^\s*server\s+([\w.-]+)(?::\d+)?\s*(?:;|check|ssl)",
    re.MULTILINE,
)
_ENVOY = re.compile(r"""^\s*-?\s*address:\s*["']?([\w.-]+\.[a-z]{2,})["']?\s*$""")
_RELAY = re.compile(
    r"httputil\.(?:NewSingleHost)?ReverseProxy|createProxyMiddleware|http-proxy|"
    r"(?:httpx|client|session|http|requests|aiohttp)\w*(?:\.\w+\([^)]*\))?\.(?:stream|request|post|send|build_request)\s*\(|"
    r"""\bfetch\s*\(\s*[`"']?(?:\$\{|[a-zA-Z_]+\s*[+,)])|axios(?:\.post)?\s*\("""
)
_SWAP = re.compile(
    r"""["'](?:authorization|x-api-key|api-key)["']\s*[\]:,=)]|Header(?:s)?\.?(?:Set|Add)\(\s*["'](?:Authorization|x-api-key)|proxy_set_header\s+(?:Authorization|x-api-key)""",
    re.IGNORECASE,
)
_OWN_KEY = re.compile(
    r"x_api_key|virtual_?key|TEAM_KEYS|valid_(?:api_)?keys|api_keys|check_key|verify_key|HTTPException\(\s*(?:status_code\s*=\s*)?401|StatusUnauthorized|status\(401\)|sendStatus\(401\)",
    re.IGNORECASE,
)
_SERVER_KEY = re.compile(r"environ|getenv|process\.env|os\.Getenv|get_secret|proxy_set_header", re.IGNORECASE)
_CONCERNS = {
    "routing": re.compile(
        r"model_alias|MODEL_MAP|model_map|UPSTREAMS|PROVIDERS\b|BACKENDS\b|model[\"']?\]?\.startswith|fallback",
        re.IGNORECASE,
    ),
    "retry": re.compile(r"\b(?:retry|retries|tenacity|backoff)\b", re.IGNORECASE),
    "limits": re.compile(r"rate_?limit|\bquota\b|\bbudget\b|token_?bucket", re.IGNORECASE),
    "spend": re.compile(r"total_tokens|\bcost_per|\bspend\b|prompt_tokens", re.IGNORECASE),
    "logging": re.compile(r"log_(?:prompt|request|completion)|prompt_log", re.IGNORECASE),
}
_STREAM = re.compile(
    r"text/event-stream|StreamingResponse|aiter_bytes|iter_raw|proxy_buffering\s+off|FlushInterval|EventSourceResponse"
)


def find_gateway_shape(text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """Signals of the class decision. Swap and fan-out count only beside a route or upstream."""
    exposes = _first(_SERVED, text) or _first(_LOCATION, text)
    if exposes:
        yield Signal("exposes", "unknown", "api", exposes, "serves an LLM-shaped route", 30)
    forwards = list(_find_upstreams(text, lexicon))
    yield from forwards
    relays = _first(_RELAY, text) if exposes else 0
    if relays:
        yield Signal("upstream", "unknown", "api", relays, "forwards requests to a base URL", 20)
    if not (forwards or exposes):
        return
    swap = _first(_SWAP, text)
    if swap and _SERVER_KEY.search(text):
        accepts = " and accepts keys of its own" if _OWN_KEY.search(text) else ""
        yield Signal(
            "credential_swap", "unknown", "api", swap, f"sets the vendor's credential{accepts} concern=auth", 25
        )
    for concern, pattern in _CONCERNS.items():
        line = _first(pattern, text)
        if line:
            yield Signal("fan_out", "unknown", "api", line, f"re-implements {concern} concern={concern}", 15)
    stream = _first(_STREAM, text)
    if stream:
        yield Signal("streaming", "unknown", "api", stream, "passes streams through concern=streaming", 10)


def _find_upstreams(text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """Reverse proxies by configuration: nginx, Caddy, HAProxy, Envoy clusters, to a host of the catalogue."""
    for number, line in enumerate(text.splitlines(), 1):
        found = (_FORWARD.match(line) or _ENVOY.match(line)) if len(line) < 2_000 else None
        host = next((group for group in found.groups() if group), "") if found else ""
        known = lexicon.vendor_of_host(host) if "." in host else None
        if known:
            yield Signal("upstream", known[0], known[1], number, f"forwards to host={host.lower()}", 45)


def _first(pattern: re.Pattern[str], text: str) -> int:
    """Line of the first hit, 0 where there is none."""
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
