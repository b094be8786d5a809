"""First bytes in words, so that a skipped file can be told from a forgotten format."""

import json
from collections import Counter

from shadowscan.collect.formats.interface import Head

MAGIC = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP archive, or an office document"),
    (b"PAR1", "Parquet"),
    (b"ORC", "ORC"),
    (b"Obj\x01", "Avro"),
    (b"\x7fELF", "ELF program"),
    (b"SQLite format 3", "SQLite database"),
    (b"\x1f\x8b", "gzip inside gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\xd4\xc3\xb2\xa1", "packet capture"),
    (b"\x0a\x0d\x0d\x0a", "packet capture"),
)
DELIMITERS = ",\t;| "
MAX_KEYS = 6


def describe(head: Head) -> str:
    """One phrase for the content, such as `text, 3 columns separated by ','`."""
    if not head.data:
        return "empty"
    for magic, meaning in MAGIC:
        if head.data.startswith(magic):
            return f"binary, starts {_hex(head.data)} ({meaning})"
    if _is_binary(head.data):
        return f"binary, starts {_hex(head.data)}"
    return (
        _describe_json(head)
        or _describe_zeek(head)
        or _describe_columns(head)
        or f"text, starts {head.lines[0][:40]!r}"
    )


def _is_binary(data: bytes) -> bool:
    sample = data[:1024]
    odd = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return b"\x00" in sample or odd * 10 > len(sample)


def _hex(data: bytes) -> str:
    return data[:4].hex(" ")


def _describe_json(head: Head) -> str:
    text = head.data.decode("utf-8-sig", errors="replace").lstrip()
    if not text.startswith(("{", "[")):
        return ""
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return "text that starts like JSON"
    first = value[0] if isinstance(value, list) and value else value
    kind = "JSON list of objects" if isinstance(value, list) else "JSON object"
    if not isinstance(first, dict):
        return "JSON list" if isinstance(value, list) else "JSON"
    keys = sorted(str(key)[:40] for key in first)
    more = ", …" if len(keys) > MAX_KEYS else ""
    return f"{kind} with keys {', '.join(keys[:MAX_KEYS])}{more}"


def _describe_zeek(head: Head) -> str:
    """Which of Zeek's logs this is: it says so itself, and most of the sixty tell of no connection or question."""
    path = next((line[len("#path") :].strip() for line in head.lines[:20] if line.startswith("#path")), "")
    return f"Zeek log {path[:40]!r}, of which nothing is read" if path else ""


def _describe_columns(head: Head) -> str:
    lines = [line for line in head.lines[:20] if line.strip()]
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        if not counts:
            return "blank lines only"
        width, seen = counts.most_common(1)[0]
        if width and seen * 2 > len(lines) and (delimiter != " " or (len(lines) > 1 and seen == len(lines))):
            return f"text, {width + 1} columns separated by {delimiter!r}"
    return ""
