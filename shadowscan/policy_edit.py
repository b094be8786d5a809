"""Writing to policy.yaml what a person decided about findings: comments and order stay, the change is reviewable.

`suppressions:` is a list of `{rule | path | fingerprint, reason, by, expires}`;
`triage:` is a list of `{fingerprint, status: accepted|disputed|assigned, by, at, note}`, one a fingerprint.
"""

import io
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.util import load_yaml_guess_indent

from shadowscan.documents import check, read_text, read_yaml
from shadowscan.policy import Policy, SuppressionEntry, TriageEntry


def add_suppression(file: Path, entry: SuppressionEntry) -> bool:
    """Append a suppression; False where the same selectors are suppressed already and nothing but their line changed.

    Creates the file where there is none. Raises `ConfigError` where the file is not a valid policy.
    """
    return _put(file, "suppressions", entry, ("rule", "path", "fingerprint"))


def add_triage(file: Path, entry: TriageEntry) -> bool:
    """Append what was decided about a fingerprint, in place of an earlier decision (then False)."""
    return _put(file, "triage", entry, ("fingerprint",))


def _put(file: Path, key: str, entry: SuppressionEntry | TriageEntry, identity: tuple[str, ...]) -> bool:
    text = read_text(file) if file.exists() else ""
    if text:
        check(Policy, read_yaml(file))
    document, yaml = _load(text)
    entries = document.get(key)
    if entries is None:
        entries = document[key] = CommentedSeq()
    fresh = CommentedMap(_written(entry))
    fresh.fa.set_flow_style()
    place = _position(entries, fresh, identity)
    if place is None:
        entries.append(fresh)
    else:
        entries[place] = fresh
    buffer = io.StringIO()
    yaml.dump(document, buffer)
    _replace(file, buffer.getvalue())
    return place is None


def _load(text: str) -> tuple[CommentedMap, YAML]:
    """The document for round trips, and a writer that keeps its indentation, quotes and long lines."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000
    _, indent, offset = load_yaml_guess_indent(text) if text.strip() else (None, None, None)
    sequence = indent or 4
    yaml.indent(mapping=2, sequence=sequence, offset=offset if offset is not None else 2)
    document = yaml.load(text) if text.strip() else None
    return (CommentedMap() if document is None else document), yaml


def _written(entry: SuppressionEntry | TriageEntry) -> dict[str, Any]:
    """The fields that say something, as they are to stand in the file."""
    fields = entry.model_dump(exclude_defaults=True)
    return {name: value if isinstance(value, date) else str(value) for name, value in fields.items()}


def _position(entries: CommentedSeq, fresh: CommentedMap, identity: tuple[str, ...]) -> int | None:
    wanted = [str(fresh.get(name, "")) for name in identity]
    for number, known in enumerate(entries):
        if [str(known.get(name, "")) for name in identity] == wanted:
            return number
    return None


def _replace(file: Path, text: str) -> None:
    """All or nothing, so that a full disk leaves the old policy."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    if file.exists():
        fresh.chmod(file.stat().st_mode)
    fresh.replace(file)
