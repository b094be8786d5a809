"""Whether code serves an LLM-shaped route. Clients name the same routes: what a route is given to decides."""

import re
from collections.abc import Mapping

from shadowscan.git.code import Call, Code, string_of

# Routes that only an API for models has, in the shapes of OpenAI, Anthropic, Gemini, Bedrock and Ollama.
SHAPED = re.compile(
    r"chat/completions|(?:^|/)v1/(?:messages|responses|embeddings|completions|images/generations)"
    r"|(?:^|/)v1/audio/(?:speech|transcriptions)|(?:^|/)api/generate(?![\w-])|:(?:stream)?generateContent|v1beta/models"
    r"|openai/deployments/|/model/[^/]+/(?:invoke|converse)",
    re.IGNORECASE,
)
# Routes that say something only below the prefix of a version.
_VAGUE = re.compile(r"^/?(?:messages|responses|embeddings|completions|models/?[\w:*{}<>-]*)/?$")
_PLAIN = re.compile(r"^/?[\w-]+/?$")
_PREFIX = re.compile(
    r"^/?(?:(?:api|llm|openai|proxy)/)?v1(?:beta)?/?(?:\*\w*|:\w+\*?|\{[^}]*\}|<[^>]*>|\(\.\*\))?$", re.IGNORECASE
)
_SERVING = frozenset(
    [
        "post",
        "all",
        "any",
        "use",
        "route",
        "api_route",
        "websocket",
        "handle",
        "handlefunc",
        "add_api_route",
        "add_route",
        "add_post",
        "mappost",
        "map",
        "mapfallback",
        "postmapping",
        "requestmapping",
        "httppost",
        "path",
        "re_path",
        "url",
        "register",
        "openapi",
        "method",
        "nest",
        "mount",
    ]
)
_GROUPING = frozenset(
    [
        "group",
        "route",
        "use",
        "nest",
        "scope",
        "prefix",
        "include_router",
        "register_blueprint",
        "mount",
        "apirouter",
        "blueprint",
        "router",
        "controller",
        "requestmapping",
        "path",
        "namespace",
        "routergroup",
        "pathprefix",
        "mapgroup",
    ]
)
_SERVER = re.compile(
    r"(?:^|[._])(?:\w*app\w*|\w*routers?|server|srv|mux|fastify|engine|bp|blueprint|group|web|h3)$", re.IGNORECASE
)
_CLIENT = re.compile(
    r"client|session|axios|request|fetch|conn|http$|curl|resty|agent|sdk|self\.?$|this\.?$|_?api$", re.I
)
_MAKES_SERVER = re.compile(
    r"express|fastify|\bkoa|hono\b|elysia|fastapi|apirouter|flask|blueprint|starlette|sanic|quart|restify|polka|itty"
    r"|Router\b|NewServeMux|gin\.|echo\.|fiber\.|chi\.|\.Group\(|\.route\(|axum|actix|web::|web\.Application",
    re.IGNORECASE,
)
_MAKES_CLIENT = re.compile(
    r"axios|httpx|requests\.|aiohttp|Client\b|client\(|resty|\bky\.|\bgot\.|fetch|WebClient|RestTemplate"
)
_HANDLER = re.compile(
    r"^(?:async\b|function\b|func\b|\(?[\w\s,:{}]*\)?\s*=>|\$?[A-Za-z_][\w.]*$|[A-Za-z_][\w.:]*\(.*\)$|\[\\?\w+::class)",
    re.DOTALL,
)
_BODY = re.compile(
    r"^(?:json|data|body|payload|params|request_?body|messages|req|headers|options|opts|config|cast_to|ctx)\b|^[{\"'`]",
    re.IGNORECASE,
)
_OF_REQUEST = re.compile(
    r"\b(?:req|request|event|ctx|r|c)\b.*(?:path|ur[li])|\b(?:url|self|this|uri|u)\.path|\$?\bpath\b|pathname|rawPath",
    re.IGNORECASE,
)
_PATH_TESTS = frozenset(
    ["startswith", "hasprefix", "starts_with", "equals", "equalsignorecase", "endswith", "ends_with", "hassuffix"]
)


def served_line(code: Code) -> int:
    """Line of the first LLM-shaped route that is served and not called; 0 where there is none."""
    made = {one.name: one.value for one in code.named}
    prefixes = frozenset(prefix for call in code.calls for prefix in _prefixes(call))
    for call in code.calls:
        if call.method.lower() in _SERVING and _has_shaped_route(call, prefixes) and _is_served(call, made):
            return call.line
    return _tested_line(code)


def _has_shaped_route(call: Call, prefixes: frozenset[str]) -> bool:
    """Whether a route among the first arguments is LLM-shaped, by itself or below a prefix of the file."""
    for argument in call.arguments[:3]:
        route = string_of(_value(argument)) or ""
        below = [f"{prefix.rstrip('/')}/{route.lstrip('/')}" for prefix in prefixes] if _PLAIN.match(route) else []
        is_vague = _VAGUE.match(route) and any(_PREFIX.match(prefix) for prefix in prefixes)
        if "://" not in route and (is_vague or any(SHAPED.search(one) for one in (route, *below))):
            return True
    return False


def _tested_line(code: Code) -> int:
    """Line of a path that is compared with an LLM-shaped one, the way of handlers without a router."""
    for one in code.compared:
        is_path = one.value.startswith("/") and SHAPED.search(one.value)
        if is_path and (one.other == "case" or _OF_REQUEST.search(one.other.replace(one.value, ""))):
            return one.line
    for call in code.calls:
        is_test = call.method.lower() in _PATH_TESTS and any(SHAPED.search(argument) for argument in call.arguments)
        if is_test and _OF_REQUEST.search(f"{call.callee} {' '.join(call.arguments)}"):
            return call.line
    return 0


def _prefixes(call: Call) -> list[str]:
    """Paths that a call puts its routes under."""
    if call.method.lower() not in _GROUPING:
        return []
    values = (string_of(_value(argument)) for argument in call.arguments)
    return [value for value in values if value and value.startswith("/") and len(value) < 80]


def _is_served(call: Call, made: Mapping[str, str]) -> bool:
    """Whether a call with a route registers it: by decorator, on a server, or with a handler beside it."""
    method, receiver = call.method.lower(), call.receiver.lstrip("$@")
    if method not in _SERVING or call.is_decorator:
        return call.is_decorator and method in _SERVING
    if not receiver:
        return method in ("path", "re_path", "url", "handlefunc", "handle") or len(call.arguments) == 1
    if receiver == "http":
        return method in ("handle", "handlefunc")
    maker = made.get(re.split(r"[.\s>]", receiver)[-1], "")
    if _MAKES_SERVER.search(maker):
        return True
    is_client = bool(_MAKES_CLIENT.search(maker))
    return not is_client and bool(_SERVER.search(receiver) or (not _CLIENT.search(receiver) and _has_handler(call)))


def _has_handler(call: Call) -> bool:
    """Whether what follows the route is something to call and not something to send."""
    rest = call.arguments[1:]
    return bool(rest) and bool(_HANDLER.match(rest[-1])) and not any(_BODY.match(argument) for argument in rest)


def _value(argument: str) -> str:
    """The value of a keyword argument, or the argument itself."""
    found = re.match(r"^\w+\s*[=:]\s*(?=[\"'`@fr])", argument)
    return argument[found.end() :] if found else argument
