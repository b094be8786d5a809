"""Baseline files: the problems a team already knows, so that CI speaks of new ones only."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from shadowscan.errors import ConfigError, Location
from shadowscan.model.finding import Finding

SCHEMA = "shadowscan.baseline/1"


def read_baseline(path: Path) -> frozenset[str]:
    """Fingerprints of a baseline file; raises `ConfigError` when it is not one."""
    return frozenset(entry["fingerprint"] for entry in read_entries(path))


def read_entries(path: Path) -> list[dict[str, str]]:
    """Entries of a baseline file as written."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the baseline: {error}", location=Location(str(path))) from error
    return parse_baseline(text, str(path))


def parse_baseline(text: str, name: str) -> list[dict[str, str]]:
    """Entries of a baseline document; `name` is what errors speak of."""
    hint = "write one with `shadowscan baseline write FILE`"
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError("the baseline is not JSON", hint=hint, location=Location(name, error.lineno)) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ConfigError(f"the baseline lacks schema {SCHEMA}", hint=hint, location=Location(name))
    entries = document.get("fingerprints")
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise ConfigError("`fingerprints` must be a list of {fingerprint, …}", hint=hint, location=Location(name))
    return entries


def write_baseline(findings: Iterable[Finding]) -> str:
    """A baseline of what counts today, sorted, so that two branches merge cleanly."""
    rows = sorted(
        ({"fingerprint": f.fingerprint, "rule_id": f.rule_id, "title": f.title} for f in findings),
        key=lambda row: (row["rule_id"], row["fingerprint"]),
    )
    return json.dumps({"schema": SCHEMA, "fingerprints": rows}, indent=2, ensure_ascii=False) + "\n"


def apply_baseline(findings: Iterable[Finding], known: frozenset[str]) -> list[Finding]:
    """Mark the findings that the baseline holds, under any fingerprint they ever had."""
    return [
        replace(finding, baselined=True) if known & {finding.fingerprint, *finding.aliases} else finding
        for finding in findings
    ]


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("fingerprint"), str)
