"""What makes a unit a gateway: it serves LLM-shaped routes, forwards them, swaps the credential, fans out."""

import re
from collections.abc import Iterator

from shadowscan.git.code import Code, string_of
from shadowscan.git.concerns import OWN_KEY, find_concerns, first_line
from shadowscan.git.routes import served_line
from shadowscan.git.signal import Signal

# Where a server without a router starts: workers, functions, plain HTTP servers.
_ENTRY = re.compile(
    r"export\s+default\s*\{|export\s+default\s+async|addEventListener\(|Deno\.serve|Bun\.serve|(?<![\w.])serve\("
    r"|createServer\(|ListenAndServe|BaseHTTPRequestHandler|def\s+(?:lambda_)?handler\s*\(|exports\.handler|onRequest\b"
    r"|export\s+(?:const\s+handler|(?:async\s+)?function\s+(?:GET|POST|handler|onRequest|middleware))|RequestHandler<"
    r"|HttpServer::new|axum::serve|hyper::|uvicorn\.run|createProxyMiddleware|createProxyServer"
)
_PASSES_ON = re.compile(
    r"(?:request|req|event|ctx\.request|r|c\.Request|self)\.(?:method|body|headers|url|rawPath|Body|Header|Method|rfile"
    r"|stream|raw|nextUrl)\b|new Request\("
)
_PROXY = re.compile(
    r"httputil\.(?:NewSingleHost)?ReverseProxy|createProxyMiddleware|createProxyServer|proxy\.web\(|MapReverseProxy"
)
_RELAY = re.compile(
    r"(?:httpx|client|session|http|requests|aiohttp|reqwest|upstream)\w*(?:\.\w+\([^()]{0,200}\))?"
    r"\.(?:stream|request|post|send|build_request|Do|PostAsync|SendAsync|exchange|execute|retrieve)\s*\("
    r"|(?<![\w.])fetch\w*\s*\(|axios(?:\.post|\.request)?\s*\(|http\.NewRequest|doRequest|DoRequest|invoke_model"
    r"|litellm\.a?completion|\.completions\.create|\.messages\.(?:create|stream)|\.converse(?:_stream)?\("
)
_CREDENTIAL = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key"})
_KEY_NAME = re.compile(r"^(?:with_?)?(?:\w+_)?api_?key$", re.IGNORECASE)
_PASSED_THROUGH = re.compile(
    r"req(?:uest)?\.headers?|headers?\.get\(|GetHeader|Header\.Get|event\[|ctx\.req|c\.req|getHeader", re.IGNORECASE
)
_HEADER_NAME = re.compile(
    r"^[\w.]*auth\w*header\w*$|^[\w.]*header\w*auth\w*$|^(?:header::)?AUTHORIZATION$", re.IGNORECASE
)
_SETTERS = frozenset(
    [
        "set",
        "add",
        "header",
        "append",
        "setheader",
        "addheader",
        "put",
        "insert",
        "withheader",
        "with_header",
        "setrequestheader",
        "field",
        "tryaddwithoutvalidation",
        "defaultheader",
    ]
)


def find_gateway_shape(code: Code, vendors: frozenset[str]) -> Iterator[Signal]:
    """Signals of the class decision, a first line each, in a file that names these vendors. Which of them lie in one
    unit, and whether that is a gateway, is decided where the whole repository is seen.
    """
    route, relay = served_line(code), _relay_line(code, vendors)
    if route or relay:
        what = "serves an LLM-shaped route" if route else "relays whatever it is asked to a vendor"
        yield Signal("exposes", "unknown", "api", route or relay, what, 30)
    forwards = _proxy_line(code) or (first_line(_RELAY, code.text) if route else relay)
    if forwards:
        yield Signal("upstream", "unknown", "api", forwards, "forwards requests to a base URL", 20)
    yield from _credential_swap(code, vendors)
    yield from find_concerns(code.text)


def _proxy_line(code: Code) -> int:
    return first_line(_PROXY, code.text) if "roxy" in code.text else 0


def _relay_line(code: Code, vendors: frozenset[str]) -> int:
    """Line of a server's entry that passes requests on as they come, in a file that names a vendor."""
    if not vendors:
        return 0
    passes_on = _PASSES_ON.search(code.text) and _RELAY.search(code.text)
    return _proxy_line(code) or (first_line(_ENTRY, code.text) if passes_on else 0)


def _credential_swap(code: Code, vendors: frozenset[str]) -> Iterator[Signal]:
    """A credential of its own is set on what goes out: a header, or the key of a vendor's client."""
    lines = [
        one.line for one in code.named if one.name.lower() in _CREDENTIAL and not _PASSED_THROUGH.search(one.value)
    ]
    constants = code.constants()
    for call in code.calls:
        if call.method.lower() in _SETTERS and len(call.arguments) >= 2:
            name = call.arguments[0]
            literal = (string_of(name) or constants.get(name, "")).lower()
            if (literal in _CREDENTIAL or _HEADER_NAME.search(name)) and not _PASSED_THROUGH.search(call.arguments[1]):
                lines.append(call.line)
    if vendors:
        lines += [one.line for one in code.named if one.literal is None and _KEY_NAME.search(one.name)]
    if lines:
        accepts = " and accepts keys of its own" if OWN_KEY.search(code.text) else ""
        yield Signal("credential_swap", "unknown", "api", min(lines), f"sets the vendor's credential{accepts}", 25)
