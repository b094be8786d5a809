"""Everything else that sets things: `.env`, YAML, JSON, TOML, INI, properties, shell, XML. Hosts, base URLs, names,
models and regions that are given a value there.
"""

import re
from collections.abc import Iterator

from shadowscan.git.code import string_of
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.deploy.workflow import KIND as WORKFLOW
from shadowscan.git.entries import Entry
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.models import MODEL_NAME
from shadowscan.git.signal import Signal
from shadowscan.git.signals_endpoint import BASE_URL_NAME, HOST, host_signals
from shadowscan.git.signals_import import NAME, model_signals, name_signals

_SUFFIXES = (".yaml", ".yml", ".toml", ".json", ".conf", ".cfg", ".ini", ".tf", ".tfvars", ".sh", ".bash",
             ".properties", ".xml", ".env", ".bicep", ".nomad", ".config", ".jsonc", ".tpl", ".ps1")  # fmt: skip
_NAMES = (".env", "dockerfile", "containerfile", "makefile", "procfile", "justfile")
_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|set\s+|ENV\s+|ARG\s+|-\s+|let\s+|val\s+)?["']?([\w.-]{2,80})["']?\s*(?:[:=]|\s(?=["']?https?://))\s*(.*?)[,;]?\s*$"""
)
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|--|;|<!--|REM\b)", re.IGNORECASE)
_SETS = re.compile(
    r"(?:ur[li]|base|endpoint|upstream|server|proxy|backend|target|addr(?:ess)?|host(?:name)?|value|args|command)$",
    re.IGNORECASE,
)
_CALLS = re.compile(r"\bcurl\b|\bwget\b|\bhttp(?:ie)?\b", re.IGNORECASE)
_REGION = re.compile(r"(?:^|[_.a-z-])(?:region|location)(?:_?name)?$", re.IGNORECASE)
_BEDROCK = re.compile(r"bedrock", re.IGNORECASE)


def _fits(document: Document) -> bool:
    name = document.name
    return (name.endswith(_SUFFIXES) or name.startswith(_NAMES)) and not WORKFLOW.fits(document)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    entries = document.entries if document.is_tree else tuple(_lines(document.text))
    for entry in entries:
        yield from _entry(entry, document, lexicon)
    if _BEDROCK.search(document.text):
        for entry in entries:
            region = entry.value.strip("\"'").lower()
            if _REGION.search(entry.key) and lexicon.catalog.group_of(region) != "unknown":
                yield Signal("endpoint", "aws-bedrock", "api", entry.line, f"region={region} next to bedrock")


def _lines(text: str) -> Iterator[Entry]:
    """Assignments of a text file; other lines under no key."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 4_000 or not line.strip() or _COMMENT.match(line):
            continue
        found = _ASSIGNED.match(line)
        yield Entry((found[1],), string_of(found[2]) or found[2], number) if found else Entry((), line, number)


def _entry(entry: Entry, document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    key, value = entry.key, entry.value.strip().strip("\"'")
    yield from _names(entry, value, document, lexicon)
    if MODEL_NAME.search(key):
        yield from model_signals(value, entry.line)
    if BASE_URL_NAME.search(key):
        yield from _base_url(value, entry.line, lexicon)
    elif "." in value and (_SETS.search(key) or NAME.fullmatch(key) or _CALLS.search(value)):
        for word in value.split() if _CALLS.search(value) else [value]:
            yield from host_signals(word.strip("\"'"), entry.line, lexicon)


def _names(entry: Entry, value: str, document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    """A variable that is set, passed on (`environment:` of a compose file), or put in (`${NAME}`)."""
    passed = "compose" in document.name and entry.key == "environment"
    named = [
        entry.key,
        value.partition("=")[0] if passed else "",
        *re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", value[:2_000]),
    ]
    for name in dict.fromkeys(named):
        yield from name_signals(name, entry.line, lexicon)


def _base_url(value: str, line: int, lexicon: Lexicon) -> Iterator[Signal]:
    found = list(host_signals(value, line, lexicon, "base_url"))
    yield from found
    other = HOST.search(value) if "://" in value else None
    if not found and other:
        yield Signal("base_url", "unknown", "unknown", line, f"host={other[0].lower()}")
    elif not found and re.search(r"\$\{|\{\{|\$[A-Z(]", value):
        yield Signal("base_url", "unknown", "unknown", line, "base URL only known at run time")


KIND = Kind("settings", _fits, _read)
