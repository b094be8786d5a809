"""Writing what a person decided about findings to policy.yaml and owners.yaml: only the entry changes, for review.

`suppressions:` is a list of `{rule | path | fingerprint, reason, by, expires}`;
`triage:` is a list of `{fingerprint, status: accepted|disputed|assigned, by, at, note}`, one a fingerprint.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from shadowscan.documents import Block, Entry, check, read_text, read_yaml
from shadowscan.errors import Location
from shadowscan.owners import RepoOwner, ResourceOwner, VendorAccountOwner
from shadowscan.policy import Policy, SuppressionEntry, TriageEntry

# The fields by which an entry is the same as another: what it is about, not what it says.
IDENTITIES: dict[type[Entry], tuple[str, ...]] = {
    SuppressionEntry: ("rule", "path", "fingerprint"),
    TriageEntry: ("fingerprint",),
    ResourceOwner: ("id",),
    RepoOwner: ("repo", "path"),
    VendorAccountOwner: ("vendor", "id"),
}


def add_suppression(file: Path, entry: Mapping[str, Any] | SuppressionEntry) -> bool:
    """Append a suppression, or put it in place of the one with the same rule, path and fingerprint (then False).

    Creates the file where there is none. Raises `ConfigError` where the file or the entry is not valid.
    """
    return put_entry(file, Policy, "suppressions", SuppressionEntry, entry)


def add_triage(file: Path, entry: Mapping[str, Any] | TriageEntry) -> bool:
    """Append what was decided about a fingerprint, in place of an earlier decision (then False)."""
    return put_entry(file, Policy, "triage", TriageEntry, entry)


def put_entry(
    file: Path, document: type[Entry], key: str, model: type[Entry], entry: Mapping[str, Any] | Entry
) -> bool:
    """Append to the list `key`, or put in place of the entry that names the same (then False).

    Creates the file where there is none. Raises `ConfigError` where the document or the entry is not valid.
    """
    text = read_text(file) if file.exists() else ""
    if text.strip():
        check(document, read_yaml(file))
    written = _checked(model, entry)
    entries = _entries(text, key)
    known = _same(entries, written, IDENTITIES[model])
    _replace(file, _with_entry(text, key, entries, known, _flow(written)))
    return known is None


def _checked(model: type[Entry], entry: Mapping[str, Any] | Entry) -> dict[str, str]:
    """The fields that say something, as text."""
    fields = entry.model_dump(exclude_defaults=True) if isinstance(entry, Entry) else dict(entry)
    written = {name: _text(value) for name, value in fields.items() if value not in (None, "")}
    check(model, Block(written, Location("the new entry")))
    return written


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _entries(text: str, key: str) -> Node | None:
    """The node of a top-level list, None where the file has none."""
    root = YAML().compose(text) if text.strip() else None
    if not isinstance(root, MappingNode):
        return None
    found: Node | None = next((value for name, value in root.value if name.value == key), None)
    return found


def _same(entries: Node | None, entry: dict[str, str], identity: tuple[str, ...]) -> Node | None:
    wanted = [entry.get(name, "") for name in identity]
    nodes: list[Node] = entries.value if isinstance(entries, SequenceNode) else []
    for node in nodes:
        said = {name.value: str(value.value) for name, value in node.value}
        if [said.get(name, "") for name in identity] == wanted:
            return node
    return None


def _with_entry(text: str, key: str, entries: Node | None, known: Node | None, written: str) -> str:
    """The text with the entry in its place; every other character stays."""
    if known is not None:
        end = _end_of(text, known)
        return text[: known.start_mark.index] + written + text[end:]
    if not isinstance(entries, SequenceNode):
        return _with_new_list(text, key, entries, written)
    if entries.flow_style:
        close = entries.end_mark.index - 1
        lead = ", " if entries.value else ""
        return text[:close].rstrip() + lead + written + text[close:]
    last = _end_of_line(text, _end_of(text, entries.value[-1]))
    return f"{text[:last]}\n{' ' * entries.start_mark.column}- {written}{text[last:]}"


def _with_new_list(text: str, key: str, entries: Node | None, written: str) -> str:
    item = f"\n  - {written}"
    if entries is not None:  # `suppressions:` with nothing after it
        at = text.rindex(f"{key}:", 0, entries.start_mark.index + 1) + len(key) + 1
        return text[:at] + item + text[entries.end_mark.index :]
    body = text.rstrip("\n")
    return f"{body}\n\n{key}:{item}\n" if body else f"{key}:{item}\n"


def _end_of_line(text: str, at: int) -> int:
    """Where the line ends, so that a comment stays beside what it is about."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _end_of(text: str, node: Node) -> int:
    """Where a node's own text ends: a block node's mark lies at the next token, past comments and blank lines."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(text, last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _flow(entry: dict[str, str]) -> str:
    """One line of YAML; every text quoted as JSON, dates plain."""
    parts = (
        f"{name}: {value if name == 'expires' else json.dumps(value, ensure_ascii=False)}"
        for name, value in entry.items()
    )
    return "{" + ", ".join(parts) + "}"


def _replace(file: Path, text: str) -> None:
    """All or nothing, so that a full disk leaves the old policy."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    if file.exists():
        fresh.chmod(file.stat().st_mode)
    fresh.replace(file)
