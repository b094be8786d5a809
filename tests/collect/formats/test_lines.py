"""Numbered lines of text logs, past what is no text."""

from pathlib import Path

import pytest

from shadowscan.collect.formats._lines import stage_lines
from shadowscan.store.connection import Store


@pytest.mark.parametrize(
    ("data", "lines", "refused"),
    [
        (b"a\n\n  b\nc", [(1, "a"), (3, "  b"), (4, "c")], {}),
        (b"a\r\n\r\nb\r\n", [(1, "a"), (3, "b")], {}),
        (b'a "b\n\xff\xfe\nc\n\xff\nd\n', [(1, 'a "b'), (3, "c"), (5, "d")], {0: (2, "line 2: invalid encoding")}),
        (b"\n\n", [], {}),
        (b"", [], {}),
    ],
    ids=["unix, blank lines", "windows", "no text", "blank", "empty"],
)
def test_stage_lines_when_content_varies_then_lines_keep_their_numbers(
    tmp_path: Path, store: Store, data: bytes, lines: list[tuple[int, str]], refused: dict[int, tuple[int, str]]
) -> None:
    (tmp_path / "a").write_bytes(data)

    found = stage_lines(store.engine, [str(tmp_path / "a")])

    assert store.query("select line, text from log_line order by line_rowid").rows == lines
    assert {file: (one.rejected, one.reject_sample) for file, one in found.items()} == refused


def test_stage_lines_when_ends_of_lines_are_mixed_then_all_are_read(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a").write_bytes(b"a\r\nb\nc\r\nd\n")

    stage_lines(store.engine, [str(tmp_path / "a")])

    assert [text for (text,) in store.query("select text from log_line order by line_rowid").rows] == list("abcd")


def test_stage_lines_when_two_files_then_each_counts_from_one(tmp_path: Path, store: Store) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x\n\xff\ny\n")

    found = stage_lines(store.engine, [str(tmp_path / "a"), str(tmp_path / "b")])

    assert sorted(found) == [0, 1]
    assert store.query("select file, line from log_line order by line_rowid").rows == [(0, 1), (0, 3), (1, 1), (1, 3)]
