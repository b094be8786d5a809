"""`vendors match`: one object a value, in order, whatever the lines hold."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.cli._match import CHUNK, COLUMNS, LONGEST, read_batches, write_matches

CONTRACT = [
    "value",
    "vendor_id",
    "service",
    "category",
    "surface",
    "region",
    "region_evidence",
    "jurisdiction",
    "confidence",
    "error",
]


def ask(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "shadowscan", "vendors", "match", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def values_of(given: bytes) -> list[str]:
    return [value for batch in read_batches(["-"], io.BytesIO(given)) for value in batch]


def written(values: list[str], format: str) -> str:
    answers = load_catalog().resolve_many(values)
    parts: list[str] = []
    write_matches([(values, answers)] if values else [], format, parts.append)
    return "".join(parts)


def test_match_when_jsonl_then_the_contracts_fields_in_order() -> None:
    done = ask("eu.api.openai.com", "-", "160.79.104.10", "--format", "jsonl", given=b"nobody.example\n\n \t\nx:y\r\n")

    rows = [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]

    assert done.returncode == 0 and done.stderr == b""
    assert [row["value"] for row in rows] == ["eu.api.openai.com", "nobody.example", "x:y", "160.79.104.10"]
    assert all(list(row) == CONTRACT for row in rows)
    assert [row["vendor_id"] for row in rows] == ["openai", None, None, "anthropic"]
    assert [row["error"] is None for row in rows] == [True, True, False, True]


@pytest.mark.parametrize("given", [b"", b"\n\n", b" \r\n"])
def test_match_when_nothing_is_given_then_nothing_and_no_error(given: bytes) -> None:
    assert ask("-", "--format", "jsonl", given=given).stdout == b""
    assert json.loads(ask("-", "--format", "json", given=given).stdout) == []
    assert ask("-", given=given).stdout == b""


def test_lines_when_hostile_then_one_value_each() -> None:
    given = b'\xef\xbb\xbfa.example\n\xff\xfe\n"\\\x1b[31m\n\xe2\x80\xa8b.example\x0bc\r\nlast'

    assert values_of(given) == ["a.example", "��", '"\\\x1b[31m', "\u2028b.example\x0bc", "last"]
    rows = [json.loads(line) for line in written(values_of(given), "jsonl").split("\n")[:-1]]
    assert [row["value"] for row in rows] == values_of(given)


def test_lines_when_one_never_ends_then_it_is_cut_and_the_rest_still_read() -> None:
    endless = b"x" * (CHUNK * 3)

    first, second = values_of(endless + b"\nb.example\n")

    assert (len(first), second) == (LONGEST, "b.example")


def test_lines_when_split_inside_a_character_then_whole() -> None:
    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            return super().read1(1)

    batches = list(read_batches(["-"], Slow("münchen.example\nb".encode())))

    assert [value for batch in batches for value in batch] == ["münchen.example", "b"]


def test_json_when_written_then_one_array_of_the_same_objects() -> None:
    values = ["api.openai.com", "nobody.example"]

    assert json.loads(written(values, "json")) == [json.loads(line) for line in written(values, "jsonl").splitlines()]


def test_table_when_written_then_aligned_and_printable() -> None:
    lines = written(["api.openai.com", "\x1b[31mevil"], "table").splitlines()

    assert lines[0].split() == list(COLUMNS)
    assert lines[1].split()[:2] == ["api.openai.com", "openai"]
    assert "\x1b" not in "".join(lines)


def test_match_when_a_reader_waits_for_each_line_then_answers_at_once() -> None:
    def values() -> Iterator[list[str]]:
        yield ["api.openai.com"]
        assert parts, "the first answer was held back"
        yield ["b.example"]

    parts: list[str] = []
    catalog = load_catalog()
    write_matches(((batch, catalog.resolve_many(batch)) for batch in values()), "jsonl", parts.append)

    assert len(parts) == 2
