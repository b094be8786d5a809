"""What the configurations of reverse proxies have in common: hosts that are forwarded to, routes that are served,
credentials that are set, and the concerns that their directives take on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from shadowscan.git.concerns import concern_signal, stream_signal
from shadowscan.git.deploy.interface import forwards, serves
from shadowscan.git.lexicon import GATEWAY, Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_endpoint import HOST

LLM_ROUTE = re.compile(
    r"chat/completions|/v1/(?:messages|responses|embeddings|completions)|/v1(?:/|\b)|/api/generate|openai|anthropic|/llm"
)
SECRET_HEADER = re.compile(r"\b(?:authorization|x-api-key|api-key|x-goog-api-key)\b", re.IGNORECASE)


def proxy_signals(
    hosts: Sequence[tuple[str, int]],
    lines: Sequence[tuple[str, int]],
    concerns: Mapping[str, re.Pattern[str]],
    lexicon: Lexicon,
) -> Iterator[Signal]:
    """Signals of a proxy's configuration, given what it forwards to and its lines; none where no vendor is behind."""
    behind = [(host, line, known) for host, line in hosts if (known := _known(host, lexicon))]
    vendors = [one for one in behind if one[2][0] != GATEWAY]
    for host, line, _ in behind:
        if (host, line) not in {(h, number) for h, number, _ in vendors}:
            yield Signal("base_url", GATEWAY, "api", line, f"forwards to host={host.lower()}")
    if not vendors:
        return
    for host, line, known in vendors:
        yield forwards(known, host, line)
    route = next((number for text, number in lines if LLM_ROUTE.search(text)), 0)
    yield (
        serves(route, "serves an LLM-shaped route")
        if route
        else serves(vendors[0][1], "a proxy that listens for model traffic")
    )
    for text, number in lines:
        if SECRET_HEADER.search(text) and not re.search(
            r"\$http_|request_header|remove|hide|unset|-\s*authorization\b", text, re.I
        ):
            yield Signal("credential_swap", "unknown", "api", number, "sets the vendor's credential", 25)
            break
    yield from concern_signals(lines, concerns)


def concern_signals(lines: Sequence[tuple[str, int]], concerns: Mapping[str, re.Pattern[str]]) -> Iterator[Signal]:
    """The first line of each concern that a configuration's directives take on."""
    for concern, pattern in concerns.items():
        line = next((number for text, number in lines if pattern.search(text)), 0)
        if line:
            yield stream_signal(line) if concern == "streaming" else concern_signal(concern, line)


def hosts_in(text: str, line: int) -> Iterator[tuple[str, int]]:
    """Host names in one directive."""
    for found in HOST.finditer(text):
        yield found[0], line


def _known(host: str, lexicon: Lexicon) -> tuple[str, str, str] | None:
    return lexicon.vendor_of_host(host) if "." in host else None


def live_lines(text: str, comment: str = "#") -> list[tuple[str, int]]:
    """Lines with their numbers, comments taken off; what is too long to be a directive is left out."""
    numbered = ((line, number) for number, line in enumerate(text.splitlines(), 1) if len(line) < 2_000)
    return [
        (line.partition(comment)[0], number)
        for line, number in numbered
        if line.strip() and not line.lstrip().startswith(comment)
    ]
