"""Vendor hosts and base URLs: who is called, through what, and in which region."""

import re
from collections.abc import Iterator

from shadowscan.git.code import Code, Named, string_of
from shadowscan.git.lexicon import GATEWAY, Lexicon
from shadowscan.git.signal import Signal

HOST = re.compile(r"(?<![\w.@-])(?:[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?\.)+[a-z]{2,24}(?![\w-]|\.\w)", re.IGNORECASE)
BASE_URL_NAME = re.compile(
    r"(?:^|[_a-z-])(?:base_?ur[li]|api_?base(?:_?ur[li])?|ur[li]_?base|openai_?endpoint|azure_?endpoint|openai_?host)$",
    re.IGNORECASE,
)
LLM_WORD = re.compile(r"openai|anthropic|claude|llm|gpt|azure|mistral|gemini|bedrock|vertex|ollama|litellm", re.I)
_OPEN = re.compile(
    r"environ|getenv|process\.env|Deno\.env|import\.meta|\$\{?[A-Z_]|ENV\b|env\(|std::env|config|settings", re.I
)
_NOTHING = re.compile(r"""^(?:None|null|nil|undefined|""|''|String\??|str|string|""\s*,?)$""")
# What is put in at run time: `{name}` (Python, C#), `${name}` (JavaScript, shell), `#{name}` (Ruby), `%s` (Go, C).
_PART = re.compile(r"[$#]?\{\{?[^{}]{0,80}\}?\}|%[sv]|\$\w+")
_LOCAL = re.compile(
    r"^(?:https?|wss?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?:[:/]|$)"
)
ANY_PART = "*"


def find_endpoints(code: Code, lexicon: Lexicon) -> Iterator[Signal]:
    """`base_url` for every base URL that is set, `endpoint` for every other URL or host of a vendor."""
    constants = code.constants()
    told: set[tuple[int, str]] = set()
    for one in (*code.named, *_given_to_calls(code)):
        if BASE_URL_NAME.search(one.name):
            literal = one.literal if one.literal is not None else constants.get(one.value)
            for signal in _base_url(one, literal, lexicon):
                told.add((one.line, signal.vendor_id))
                yield signal
    bare = {one.literal for one in code.named if one.literal} | {
        value for call in code.calls for argument in call.arguments if (value := string_of(argument))
    }
    for value, line in code.strings:
        for signal in host_signals(value, line, lexicon) if "://" in value or value in bare else ():
            if (line, signal.vendor_id) not in told:
                yield signal


def host_signals(value: str, line: int, lexicon: Lexicon, kind: str = "endpoint") -> Iterator[Signal]:
    """Signals of the vendor and gateway hosts in one value; a sentence that mentions a host calls nobody."""
    text = _PART.sub(ANY_PART, value.strip())
    if "." not in text or any(mark in text for mark in " \t\n"):
        return
    for found in HOST.finditer(text):
        known = lexicon.vendor_of_host(found[0])
        if known:
            yield _host_signal(known, found[0].lower(), line, kind)


def _host_signal(known: tuple[str, str, str], host: str, line: int, kind: str) -> Signal:
    vendor, service, region = known
    where = "" if region == "unknown" else f" region={region}"
    return Signal("base_url" if vendor == GATEWAY else kind, vendor, service, line, f"host={host}{where}", 20)


def _given_to_calls(code: Code) -> Iterator[Named]:
    """`.baseUrl("…")`, `option.WithBaseURL("…")`: a setter's argument is a value with the setter's name."""
    for call in code.calls:
        if len(call.arguments) == 1 and BASE_URL_NAME.search(call.method):
            value = call.arguments[0]
            yield Named(call.method, value, string_of(value), call.line)


def _base_url(one: Named, literal: str | None, lexicon: Lexicon) -> Iterator[Signal]:
    """What a base URL resolves to: a vendor, a gateway, another host, or nothing before run time."""
    written = literal if literal is not None else one.value
    if _NOTHING.match(written) or (literal is not None and written.startswith("/")):
        return
    inside = [written] if literal is not None else re.findall(r"""["'`]([^"'`\s]+)["'`]""", written)
    found = [signal for text in inside for signal in host_signals(text, one.line, lexicon, "base_url")]
    yield from found
    if found:
        return
    other = next((host[0] for text in inside if "://" in text and (host := HOST.search(text))), "")
    local = next((text for text in inside if _LOCAL.match(text)), "")
    if other or local:
        yield Signal("base_url", "unknown", "unknown", one.line, f"host={(other or 'localhost').lower()}")
    elif _OPEN.search(written) or LLM_WORD.search(one.name):
        yield Signal("base_url", "unknown", "unknown", one.line, "base URL only known at run time")
