"""What an object is, by its bytes; bombs are refused by name."""

import gzip
import zlib
from pathlib import Path

import pytest
import zstandard

from shadowscan.collect import compression
from shadowscan.collect.compression import open_object, salvage
from shadowscan.errors import BadInputError


def test_open_when_gzip_has_any_name_then_the_link_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(gzip.compress(b"one\ntwo\n") + gzip.compress(b"three\n"))

    opened = open_object(path, "a.txt", tmp_path / "link")

    assert opened.path.name == "link.gz"
    assert opened.head.data == b"one\ntwo\nthree\n"
    assert opened.path.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("member_after", [b"", gzip.compress(b"innocent\n", mtime=0)], ids=["alone", "followed"])
@pytest.mark.parametrize(
    "pack", [lambda data: zlib.compress(data, 9, 31), lambda data: zstandard.compress(data, 19)], ids=["gzip", "zstd"]
)
def test_open_when_content_is_a_bomb_then_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member_after: bytes, pack: object
) -> None:
    monkeypatch.setattr(compression, "FREE_BYTES", 1 << 24)  # the real bound is 1 GiB: too slow for a test
    packed: bytes = pack(b"2 123456789012\n" * (4 << 20))  # type: ignore[operator]
    path = tmp_path / "bomb.gz"
    path.write_bytes(packed + (member_after if packed[:2] == b"\x1f\x8b" else b""))

    with pytest.raises(BadInputError, match=r"bomb\.gz is a decompression bomb"):
        open_object(path, "bomb.gz", tmp_path / "link")


@pytest.mark.parametrize("cut", [1, 8, 9, 200])
def test_salvage_when_gzip_is_cut_then_complete_lines_are_kept(tmp_path: Path, cut: int) -> None:
    lines = b"".join(b"%d\n" % (number * 7919) for number in range(5000))
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(lines)[:-cut])

    opened = salvage(open_object(path, "a.gz", tmp_path / "link"), "a.gz")

    assert opened is not None
    kept = opened.path.read_bytes()
    assert lines.startswith(kept)
    assert kept.endswith(b"\n")
    assert "a.gz breaks off" in opened.broken


def test_salvage_when_gzip_is_sound_then_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"one\n"))

    assert salvage(open_object(path, "a.gz", tmp_path / "link"), "a.gz") is None


def test_open_when_parquet_is_large_then_the_head_holds_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + bytes(200_000) + b"srcaddr log_status PAR1")

    opened = open_object(path, "a.parquet", tmp_path / "link")

    assert opened.head.data.startswith(b"PAR1")
    assert b"srcaddr" in opened.head.data
    assert len(opened.head.data) == 65_536
