"""Tags of a charge as one JSON object, whatever shape a bill writes them in."""

import json

MAXIMUM_TAGS = 200

# Where a tag was put, strongest first: the principal that spent it, then the resource, then its account.
PREFIXES = (
    ("iamPrincipal/", 0),
    ("user:", 1),
    ("user_", 1),
    ("resourceTags/user:", 1),
    ("resourceTags/", 1),
    ("accountTag/", 2),
)


def merge_tags(*texts: str | None) -> str:
    """One sorted JSON object of text values; the first text that names a key wins, principal tags above all.

    Bills write an object, a list of {key, value}, or `"k": "v"` pairs without braces (old Azure exports).
    """
    ranked: dict[str, tuple[int, int, str]] = {}
    for order, text in enumerate(texts):
        for written, value in _pairs(text):
            key, rank = _strip_prefix(written)
            if value and key and (key not in ranked or (rank, order) < ranked[key][:2]):
                ranked[key] = (rank, order, value)
    merged = {key: ranked[key][2] for key in sorted(ranked)[:MAXIMUM_TAGS]}
    return json.dumps(merged, ensure_ascii=False, separators=(",", ":"))


def _strip_prefix(key: str) -> tuple[str, int]:
    for prefix, rank in PREFIXES:
        if key.startswith(prefix):
            return key.removeprefix(prefix).removeprefix("user:"), rank
    return key, 1


def _pairs(text: str | None) -> list[tuple[str, str]]:
    document = _parse(text)
    if isinstance(document, dict):
        return [(str(key), _text(value)) for key, value in document.items()]
    if isinstance(document, list):
        entries = [entry for entry in document if isinstance(entry, dict)]
        return [(_text(e.get("key", e.get("Key"))), _text(e.get("value", e.get("Value")))) for e in entries]
    return []


def _parse(text: str | None) -> object:
    if not text:
        return None
    for candidate in (text, "{" + text + "}"):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return None


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
