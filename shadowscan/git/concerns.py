"""The problems that every gateway for models solves again, and how code that solves one looks.

Matched against code without its comments and strings: names of functions, variables, types and modules.
"""

import re
from collections.abc import Iterator, Mapping

from shadowscan.git.signal import Signal


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


OWN_KEY = _words(
    r"virtual_?key|valid_?(?:api_?)?keys?|master_?key|TokenAuth|HTTPBearer|auth_?middleware|authenticate",
    r"(?:check|verify|validate|require)_?(?:api_?)?(?:key|token|auth)|api_?key_?auth",
    r"StatusUnauthorized|HTTP_401|\bUNAUTHORIZED\b",
)
CONCERNS: Mapping[str, re.Pattern[str]] = {
    "auth": OWN_KEY,
    "routing": _words(
        r"model_?(?:alias|map|mapping|group|routes?|router)\b|(?:MODEL|PROVIDER|UPSTREAM|BACKEND)S?_?MAP|UPSTREAMS\b",
        r"load_?balanc|provider_?(?:map|registry|factory)|(?:get|select|choose|resolve)_?(?:provider|channel|upstream|backend)",
        r"model\w*\.(?:startswith|startsWith|starts_with)|route_?model",
    ),
    "fallback": _words(
        r"fall_?backs?_?(?:models?|providers?|chain|list|to|config)|(?:model|provider)_?fall_?back|handle_?fallback",
        r"retry_?(?:with|on|times|count|policy|attempts)|(?:max|num)_?retr(?:y|ies)|circuit_?breaker|cool_?down",
    ),
    "rate_limit": _words(
        r"rate_?limit|token_?bucket|leaky_?bucket|throttl|[rt]pm_?limit|limiter\b|requests_?per_?minute",
    ),
    "budget": _words(
        r"\bbudgets?_|_budget|max_?budget|quota|spend_?(?:log|limit|track)|pricing|billing|model_?(?:price|ratio)",
        r"cost_?(?:per|track|calc)|(?:calculate|compute|get|track|record|estimate)_?(?:token_?)?cost",
    ),
    "caching": _words(
        r"(?:semantic|response|prompt|completion|redis|llm)_?cache|cached_?response|get_?cached|\bcache\.(?:get|set)",
        r"cache_?(?:key|ttl|get|set|control|hit|response)",
    ),
    "prompt_registry": _words(
        r"prompt_?(?:registry|version|library|manager|store|hub|management)|prompt_?template_?(?:id|store|manager)",
        r"get_?prompt_?(?:by|template)|system_?prompt_?(?:map|override|inject)",
    ),
    "redaction": _words(
        r"redact|presidio|\bpii_|_pii\b|mask_?(?:pii|prompt|sensitive)|guard_?rails?|content_?filter|scrub_",
        r"moderation_?(?:check|hook)|anonymi[sz]e|sanitize_?(?:prompt|message)|sensitive_?words?",
    ),
    "logging": _words(
        r"log_?(?:prompt|request|response|completion|usage|chat|consume)|(?:prompt|request|usage|audit|chat)_?logs?(?:ger)?\b",
        r"(?:record|save)_?(?:usage|request|consume|log)|langfuse|helicone",
    ),
}
_STREAM = re.compile(
    r"StreamingResponse|aiter_(?:bytes|raw|lines)|iter_raw|FlushInterval|EventSourceResponse|ReadableStream|\.pipe$"
    r"|Flusher|TransformStream|ServerSentEvent|SseEmitter|http\.Flush|bodyStream|bytes_stream",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z_.][\w.]{3,}")
_REFUSES = re.compile(r"(?:status|sendStatus|status_code|Status)\s*[=(:]\s*401|\b401\b")


def find_concerns(text: str) -> Iterator[Signal]:
    """The first line of code that is about each concern; `text` without comments and strings."""
    # A file says few different names many times: the patterns are tried on each name once.
    names = "\n".join(dict.fromkeys(_NAME.findall(text)))
    for concern, pattern in CONCERNS.items():
        found = pattern.search(names)
        if found:
            yield concern_signal(concern, _line_of(_name_at(names, found.start()), text))
        elif concern == "auth" and "401" in text and (refuses := _REFUSES.search(text)):
            yield concern_signal(concern, _line_of(refuses[0], text))
    stream = _STREAM.search(names)
    if stream:
        yield stream_signal(_line_of(_name_at(names, stream.start()), text))


def _name_at(names: str, position: int) -> str:
    start = names.rfind("\n", 0, position) + 1
    return names[start:].partition("\n")[0]


def _line_of(part: str, text: str) -> int:
    return text.count("\n", 0, text.find(part)) + 1


def concern_signal(concern: str, line: int) -> Signal:
    """One concern that is taken on at this line. Keys of its own are no fan-out: they count as a credential swap."""
    points = 0 if concern == "auth" else 15
    return Signal("fan_out", "unknown", "api", line, f"re-implements {concern} concern={concern}", points)


def stream_signal(line: int) -> Signal:
    """Answers are passed on piece by piece."""
    return Signal("streaming", "unknown", "api", line, "passes streams through", 10)


def first_line(pattern: re.Pattern[str], text: str) -> int:
    """Line of the first hit, 0 where there is none."""
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
