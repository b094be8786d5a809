"""detect-secrets baselines: which of our findings one of them knows already, by file and line.

A detect-secrets baseline names each secret by the SHA-1 of its value, which is never kept here. The way out needs the
keys themselves: `detect_secrets_export`.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from shadowscan.errors import ConfigError, Location
from shadowscan.model.finding import Finding

RULES = frozenset({"keys.leaked-key", "keys.leaked-key-in-use", "keys.other-secret"})
HINT = "write one with `detect-secrets scan > FILE`"


def read_places(path: Path) -> frozenset[tuple[str, int]]:
    """(file, line) of every secret a detect-secrets baseline lists; raises `ConfigError` where it is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the baseline: {error}", hint=HINT, location=Location(str(path))) from error
    except json.JSONDecodeError as error:
        raise ConfigError("the baseline is not JSON", hint=HINT, location=Location(str(path), error.lineno)) from error
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, dict):
        raise ConfigError("the baseline lacks `results`", hint=HINT, location=Location(str(path)))
    return frozenset(place for name, entries in results.items() for place in _places(name, entries))


def match_places(findings: Iterable[Finding], places: frozenset[tuple[str, int]]) -> list[Finding]:
    """Key findings with a location at one of the places; the same key elsewhere is the same finding."""
    return [
        finding
        for finding in findings
        if finding.rule_id in RULES and any((place.path, place.line) in places for place in finding.locations)
    ]


def _places(name: str, entries: object) -> Iterable[tuple[str, int]]:
    listed = entries if isinstance(entries, list) else []
    lines = [entry.get("line_number") for entry in listed if isinstance(entry, dict)]
    path = name.replace("\\", "/").removeprefix("./")
    return [(path, line) for line in lines if isinstance(line, int)]
