"""Records out of every JSON container, whatever the size of the chunks that are read."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats import _json_lines
from shadowscan.collect.formats._json_lines import is_lines, lay_lines, sample_records
from shadowscan.collect.formats.interface import HEAD_BYTES, Head, LocalObject

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(['"', "\\", "{", "]", '\\"'])
VALUES = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), min_size=1, max_size=5)

CONTAINERS = {
    "lines": lambda records: "\n".join(json.dumps(record) for record in records) + "\n",
    "array": json.dumps,
    "printed array": lambda records: json.dumps(records, indent=2),
    "document": lambda records: json.dumps({"records": records}),
    "printed document": lambda records: json.dumps({"records": records}, indent=2),
    "documents": lambda records: "\n".join(json.dumps({"records": [record]}) for record in records),
    "joined": lambda records: "".join(json.dumps(record) for record in records),
    "joined lines": lambda records: "\n".join("".join(map(json.dumps, part)) for part in (records[:2], records[2:])),
    "printed records": lambda records: "\n".join(json.dumps(record, indent=2) for record in records),
}


def item(path: Path, data: bytes) -> LocalObject:
    path.write_bytes(data)
    head = gzip.decompress(data) if path.suffix == ".gz" else data
    return LocalObject(7, "a", str(path), Head("a", head[:HEAD_BYTES]))


@contextmanager
def chunks_of(size: int) -> Iterator[None]:
    before, _json_lines.CHUNK_BYTES = _json_lines.CHUNK_BYTES, size
    try:
        yield
    finally:
        _json_lines.CHUNK_BYTES = before


def read_back(one: LocalObject) -> tuple[list[Any], int, str]:
    with lay_lines([one]) as laid:
        refused = laid.refused.get(one.source_id, _json_lines.Refused())
        lines = Path(laid.paths[0]).read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line], refused.count, refused.first


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.sampled_from(sorted(CONTAINERS)), st.integers(1, 200))
def test_lay_lines_when_container_and_chunks_vary_then_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], container: str, size: int
) -> None:
    path = tmp_path_factory.mktemp("a") / "a.txt"
    if any("records" in record for record in records):
        return

    with chunks_of(size):
        found = read_back(item(path, CONTAINERS[container](records).encode()))

    assert found == (records, 0, "")


def test_lay_lines_when_already_lines_then_read_where_they_are(tmp_path: Path) -> None:
    one = item(tmp_path / "a.txt", b'{"a": 1}\n{"a": 2}\n')

    with lay_lines([one]) as laid:
        assert laid.paths == [one.path]


def test_is_lines_when_a_bad_line_only_looks_like_two_objects_then_still_lines() -> None:
    assert is_lines(Head("a", b'{"a": 1}\n0{\n{"a": 2}\n'))
    assert not is_lines(Head("a", b'{"a": 1}{"a": 2}\n'))


def test_lay_lines_when_the_block_ends_then_the_copy_is_gone(tmp_path: Path) -> None:
    one = item(tmp_path / "a.txt.gz", gzip.compress(b'[{"a": 1}]'))

    with lay_lines([one]) as laid:
        assert Path(laid.paths[0]).read_bytes() == b'{"a": 1}\n'

    assert [path.name for path in tmp_path.iterdir()] == ["a.txt.gz"]


@pytest.mark.parametrize(
    ("text", "kept", "why"),
    [
        (b'[{"a": 1}, {"a": 2}, {"a": ', 2, "the file ends inside record 3"),
        (b'{"records": [{"a": "x', 0, "the file ends inside record 1"),
        (b'[{"a": 1}, nonsense, {"a": 2}]', 2, "text that is no record after record 1"),
        (b'[{"a": 1}] and more', 1, "text that is no record after record 1"),
        (b"[1, 2, 3]", 0, "no record in this JSON"),
        (b'["a", "b"]', 0, "no record in this JSON"),
        (b"[[{}]]", 0, "no record in this JSON"),
        (b'[{"a": ' + b"[" * 200 + b"]" * 200 + b'}, {"a": 1}]', 1, "record 1 is JSON nested deeper than 100"),
    ],
)
def test_lay_lines_when_a_record_cannot_be_had_then_counted_and_named(
    tmp_path: Path, text: bytes, kept: int, why: str
) -> None:
    records, count, first = read_back(item(tmp_path / "a.txt", text))

    assert (len(records), first) == (kept, why)
    assert count >= 1


def test_lay_lines_when_a_record_holds_20_mb_then_only_that_one_is_refused(tmp_path: Path) -> None:
    text = b'[{"a": 1}, {"b": "' + b"\\" * 2 * 10_000_000 + b'"}, {"a": 2}]'

    found = read_back(item(tmp_path / "a.txt", text))

    assert found == ([{"a": 1}, {"a": 2}], 1, "record 2 holds more than the 16777216 bytes that are read")


def test_sample_records_when_container_varies_then_the_first_ones() -> None:
    records = [{"number": number, "text": "{["} for number in range(50)]

    for name, write in CONTAINERS.items():
        head = Head("a", write(records).encode())
        assert sample_records(head) == records[:20], name
        assert is_lines(head) is (name == "lines")


def test_sample_records_when_the_head_is_cut_then_whole_records_only() -> None:
    text = json.dumps([{"a": "x" * 30_000}] * 3).encode()

    assert sample_records(Head("a", text[:HEAD_BYTES])) == [{"a": "x" * 30_000}] * 2


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"[", b'{"records":[', b'{"a":"', b"\xef\xbb\xbf{"]))
def test_lay_lines_when_bytes_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, prefix: bytes
) -> None:
    one = item(tmp_path_factory.mktemp("a") / "a.txt", prefix + data)

    assert isinstance(sample_records(one.head), list)
    with chunks_of(16), lay_lines([one]) as laid:
        assert len(laid.paths) == 1
