"""Environment names, vendor hosts and base URLs: who is called, through what, and in which region."""

import re
from collections.abc import Iterator

from shadowscan.git.lexicon import BASE_URL_WORDS, Lexicon
from shadowscan.git.signal import Signal

_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_HOST = re.compile(r"(?<![\w.@-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-]|\.\w)", re.IGNORECASE)
_BASE_URL = re.compile(
    r"""(?<![A-Za-z0-9])(?:base_?url|api_base|azure_endpoint|openai_api_base|\w*_BASE_URL|\w*_API_BASE|\w*OPENAI_ENDPOINT)["']?\s*[=:]""",
    re.IGNORECASE,
)
_REGION = re.compile(
    r"""(?:AWS_REGION|AWS_DEFAULT_REGION|region_name|region)["']?\s*[=:]\s*["']?([a-z]{2}(?:-[a-z]+)+-\d)\b"""
)
_BEDROCK = re.compile(r"bedrock", re.IGNORECASE)
_FROM_ENVIRONMENT = re.compile(r"environ|getenv|process\.env|\$\{|ENV\[|env\(|std::env", re.IGNORECASE)
_SETS = re.compile(
    r"""(?:url|uri|base|endpoint|upstream|server|proxy|backend|target|address|host|name|value|image|model|region)\w*["']?\s*[:=]\s*\S"""
    r"""|[A-Z0-9]_[A-Z0-9_]+["']?\s*[:=]|\$\{""",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|--|;|<!--)")


def find_endpoints(text: str, lexicon: Lexicon, *, is_data: bool = False) -> Iterator[Signal]:
    """Signals of every line that is not a comment: `environment`, `endpoint`, `base_url`, and configured regions.

    In a data file (`is_data`: YAML, JSON) a name counts only where something is set to it: a list of hosts or of
    variables, such as an allow-list or a catalogue, calls nobody.
    """
    names_bedrock = bool(_BEDROCK.search(text))
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 4_000 or _COMMENT.match(line) or (is_data and not _SETS.search(line)):
            continue
        yield from _find_names(line, number, lexicon)
        yield from _find_hosts(line, number, lexicon)
        found = _REGION.search(line) if names_bedrock else None
        if found and "bedrock-runtime" not in line:
            yield Signal("endpoint", "aws-bedrock", "api", number, f"region={found[1]} next to bedrock")


def _find_names(line: str, number: int, lexicon: Lexicon) -> Iterator[Signal]:
    for found in _NAME.finditer(line):
        vendor = lexicon.environment.get(found[0])
        if vendor and not found[0].endswith(BASE_URL_WORDS):
            yield Signal("environment", vendor, "api", number, f"reads {found[0]}", 5)


def _find_hosts(line: str, number: int, lexicon: Lexicon) -> Iterator[Signal]:
    base_url = _BASE_URL.search(line)
    if "." in line:
        named = False
        for found in _HOST.finditer(line):
            known = lexicon.vendor_of_host(found[0])
            if known:
                named = True
                vendor, service, region = known
                kind = "base_url" if base_url or vendor == "gateway" else "endpoint"
                where = "" if region == "unknown" else f" region={region}"
                yield Signal(kind, vendor, service, number, f"host={found[0].lower()}{where}", 20)
        if named or not base_url:
            return
    if base_url and (own := _HOST.search(line, base_url.end())) and "://" in line:
        yield Signal("base_url", "unknown", "unknown", number, f"host={own[0].lower()}")
    elif base_url and _FROM_ENVIRONMENT.search(line, base_url.end()):
        yield Signal("base_url", "unknown", "unknown", number, "base URL only known at run time")
