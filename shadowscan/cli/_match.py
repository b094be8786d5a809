"""`vendors match`: batches of values in, one object a value out, in order and in flat memory."""

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from itertools import chain, groupby
from json.encoder import encode_basestring
from typing import IO

from shadowscan.cli._rows import printable
from shadowscan.model.vendor import HostFacts, HostMatch

Batch = tuple[Sequence[str], Sequence[HostFacts]]
CHUNK = 1 << 16
LONGEST = 1 << 16  # characters kept of one line: a host name has 253
WIDEST = 60  # characters of a column that a table's first batch decides
COLUMNS = tuple(field.name for field in fields(HostMatch))


def read_batches(arguments: Sequence[str], stream: IO[bytes]) -> Iterator[list[str]]:
    """Arguments as they are; `-` stands for the lines of `stream`, as soon as they come, blank ones left out."""
    for is_stream, values in groupby(arguments, key=lambda argument: argument == "-"):
        if is_stream:
            yield from _lines(stream)
        else:
            yield list(values)


def write_matches(batches: Iterable[Batch], format: str, write: Callable[[str], object]) -> None:
    """Every answer in `jsonl`, `json` (one array) or as a table."""
    {"jsonl": _write_jsonl, "json": _write_json, "table": _write_table}[format](batches, write)


def _lines(stream: IO[bytes]) -> Iterator[list[str]]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    read = getattr(stream, "read1", stream.read)  # what is there now, rather than a full chunk later
    rest = ""
    while data := read(CHUNK):
        first, *more = (rest + decoder.decode(data)).split("\n")
        lines = [first[:LONGEST], *more]
        rest = lines.pop()
        yield _filled(lines)
    yield _filled([rest + decoder.decode(b"", final=True)])


def _filled(lines: Iterable[str]) -> list[str]:
    return [line.rstrip("\r") for line in lines if line and not line.isspace()]


def _write_jsonl(batches: Iterable[Batch], write: Callable[[str], object]) -> None:
    """The text behind the value is the same for all values of which the same is known, and made once."""
    tails: dict[HostFacts, str] = {}
    for values, found in batches:
        lines = []
        for value, facts in zip(values, found, strict=True):
            tail = tails.get(facts)
            if tail is None:
                tail = _remember(tails, facts)
            lines.append('{"value": ' + encode_basestring(value) + tail)
        write("".join(lines))
        sys.stdout.flush()


def _remember(tails: dict[HostFacts, str], facts: HostFacts) -> str:
    if len(tails) > CHUNK:
        tails.clear()
    tail = tails[facts] = ", " + json.dumps(asdict(facts), ensure_ascii=False)[1:] + "\n"
    return tail


def _write_json(batches: Iterable[Batch], write: Callable[[str], object]) -> None:
    before = "[\n"
    for match in _matches(batches):
        text = json.dumps(asdict(match), indent=2, ensure_ascii=False)
        write(before + "  " + text.replace("\n", "\n  "))
        before = ",\n"
    write("[]\n" if before == "[\n" else "\n]\n")


def _write_table(batches: Iterable[Batch], write: Callable[[str], object]) -> None:
    """Columns as wide as the first batch needs them, so that a long list need not be held."""
    kept = iter(batches)
    first = list(_rows(_matches([next(kept, ((), ()))])))
    while not first and (batch := next(kept, None)) is not None:
        first = list(_rows(_matches([batch])))
    if not first:
        return
    widths = [min(max(map(len, column)), WIDEST) for column in zip(COLUMNS, *first, strict=True)]
    for row in chain([COLUMNS], first, _rows(_matches(kept))):
        write("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() + "\n")


def _matches(batches: Iterable[Batch]) -> Iterator[HostMatch]:
    return (facts.as_match(v) for values, found in batches for v, facts in zip(values, found, strict=True))


def _rows(matches: Iterable[HostMatch]) -> Iterator[tuple[str, ...]]:
    return (tuple(printable(getattr(match, column)) for column in COLUMNS) for match in matches)
