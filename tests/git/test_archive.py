"""Archives: every member to a bounded depth, and every bound said by name."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.git import archive
from shadowscan.git.archive import Budget, unfold
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

LINE = f"A=1\nKEY={make_key('openai-project-key')}\n".encode()


def pack_zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def pack_tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def notes(store: Store) -> dict[str, str]:
    return dict(store.query("select kind, detail from coverage_note order by kind").rows)


@pytest.mark.parametrize(
    ("name", "content", "path"),
    [
        ("a.jar", pack_zip({"x.env": LINE}), "a.jar!x.env"),
        ("a.whl", pack_zip({"x.env": LINE}, zipfile.ZIP_STORED), "a.whl!x.env"),
        ("a.tar", pack_tar({"inner/x.env": LINE}), "a.tar!inner/x.env"),
        ("a.tgz", gzip.compress(pack_tar({"x.env": LINE})), "a.tgz!x.env"),
        ("a.tar.bz2", bz2.compress(pack_tar({"x.env": LINE})), "a.tar.bz2!x.env"),
        ("a.tar.xz", lzma.compress(pack_tar({"x.env": LINE})), "a.tar.xz!x.env"),
        ("x.env.gz", gzip.compress(b"first\n") + gzip.compress(LINE[4:]), "x.env.gz"),
        ("app.war", pack_zip({"lib/b.jar": pack_zip({"x.env": LINE})}), "app.war!lib/b.jar!x.env"),
        (
            "image.tar",  # docker save: a layer in a folder, and the history in a JSON file
            pack_tar({"abc/layer.tar": pack_tar({"app/.env": LINE}), "manifest.json": b"[]"}),
            "image.tar!abc/layer.tar!app/.env",
        ),
        (
            "oci.tar",
            pack_tar({"blobs/sha256/abc": gzip.compress(pack_tar({"app/x.jar": pack_zip({"x.env": LINE})}))}),
            "oci.tar!blobs/sha256/abc!app/x.jar!x.env",
        ),
    ],
)
def test_key_when_in_an_archive_then_one_place_with_its_member(
    repo: Repo, store: Store, name: str, content: bytes, path: str
) -> None:
    repo.commit({name: content})
    collect(store, repo)
    assert (key(store)["path"], key(store)["line"]) == (path, 2)
    assert notes(store) == {}


def test_key_when_in_the_history_of_an_image_then_found(repo: Repo, store: Store) -> None:
    config = b'{"history": [{"created_by": "ENV ' + LINE.split()[1] + b'"}]}'
    repo.commit({"image.tar": pack_tar({"abc.json": config})})
    collect(store, repo)
    assert key(store)["path"] == "image.tar!abc.json"


def test_archive_when_encrypted_cut_or_too_deep_then_named_in_the_coverage(repo: Repo, store: Store) -> None:
    deep = LINE
    for _ in range(archive.DEPTH + 1):
        deep = pack_zip({"d": deep})
    repo.commit({"deep.zip": deep, "cut.gz": gzip.compress(LINE * 99)[:-30], "bad.zip": pack_zip({"x": LINE})[:-30]})
    collect(store, repo)
    said = notes(store)["archive"]
    assert "deep.zip: d!d!d!d!d: nested deeper than 5 archives" in said
    assert "cut.gz: gzip is cut short" in said and "bad.zip: zip is damaged" in said


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, lambda data: pack_zip({"b": data})])
def test_unfold_when_a_bomb_then_bounded_and_named(
    monkeypatch: pytest.MonkeyPatch, compress: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(archive, "MEMBER_BYTES", 1_000_000)
    budget = Budget(bytes=3_000_000)
    bomb = compress(bytes(20_000_000))
    total = sum(len(content) for _, content in unfold(pack_zip({str(n): bomb for n in range(9)}), budget))
    assert total < 4_500_000
    assert budget.refused


def test_unfold_when_more_members_than_the_bound_then_named_once() -> None:
    budget = Budget(members=3)
    members = [name for name, _ in unfold(pack_zip({str(n): b"x" for n in range(9)}), budget) if name]
    assert members == ["0", "1"]
    assert budget.refused == [f"2: more than {archive.MEMBERS} members"]


@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", b""]))
def test_unfold_when_bytes_are_hostile_then_total(data: bytes, mark: bytes) -> None:
    content = mark + data
    assert list(unfold(content, Budget()))[-1][0] == ""
    tar = pack_tar({"a": data, "b": data})
    assert list(unfold(data + tar[len(data) :], Budget()))


def test_rescan_when_an_archive_was_refused_then_still_in_the_coverage(repo: Repo, store: Store) -> None:
    repo.commit({"cut.gz": gzip.compress(LINE * 99)[:-30]})
    collect(store, repo)
    collect(store, repo)
    assert notes(store)["archive"] == "cut.gz: gzip is cut short"


def test_submodule_when_in_the_tree_then_named_as_not_read(repo: Repo, store: Store) -> None:
    head = repo.commit({"a.txt": "a"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},libs/sub")
    repo.git("commit", "-q", "-m", "submodule")
    collect(store, repo)
    assert notes(store) == {"submodule": "libs/sub"}
    assert keys(store) == []
