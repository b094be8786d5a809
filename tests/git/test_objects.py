"""Objects out of git's stream: whole and in order, whatever lies at the edges of the buffer."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowscan.git.objects import CHUNK, list_objects, read_objects, stream_objects
from shadowscan.git.repository import open_folder
from tests.git.repository import Repo


def store_blobs(repo: Repo, contents: list[bytes]) -> list[str]:
    return [repo.git("hash-object", "-w", "--stdin", data=content) for content in contents]


@pytest.mark.parametrize("size", [CHUNK - 60, CHUNK - 9, CHUNK - 8, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_stream_when_a_content_ends_at_the_edge_of_the_buffer_then_its_neighbours_are_whole(
    tmp_path: Path, size: int
) -> None:
    repo = Repo.create(tmp_path / "repo")
    contents = [b"before\n", b"x" * size, b"", b"\n", b"after"]
    ids = store_blobs(repo, contents)
    assert [data for _, data in read_objects(open_folder(str(repo.path)), ids)] == contents


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stream_when_any_contents_then_each_under_its_id(repo: Repo, contents: list[bytes]) -> None:
    ids = store_blobs(repo, contents)
    streamed = stream_objects(open_folder(str(repo.path)), ids)
    assert [(id, bytes(data)) for id, data in streamed if data is not None] == list(zip(ids, contents, strict=True))


def test_stream_when_an_object_is_missing_then_none_for_it_alone(repo: Repo) -> None:
    [known] = store_blobs(repo, [b"here"])
    read = dict(read_objects(open_folder(str(repo.path)), ["0" * 40, known]))
    assert read == {"0" * 40: None, known: b"here"}


def test_stream_when_an_object_is_damaged_then_those_behind_it_are_read(repo: Repo) -> None:
    contents = [b"%d of the contents of this test" % number for number in range(5)]
    ids = store_blobs(repo, contents)
    file = repo.path / ".git" / "objects" / ids[2][:2] / ids[2][2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-6] + b"broken")
    read = dict(read_objects(open_folder(str(repo.path)), ids))
    assert read == dict(zip(ids, [*contents[:2], None, *contents[3:]], strict=True))


def test_list_when_trees_are_there_then_left_out(repo: Repo) -> None:
    repo.commit({"a.txt": "a"})
    listing = list_objects(open_folder(str(repo.path)))
    assert sorted(entry.kind for entry in listing.objects) == ["blob", "commit"]


def test_list_when_an_object_comes_then_another_digest(repo: Repo) -> None:
    store_blobs(repo, [b"one"])
    before = list_objects(open_folder(str(repo.path))).digest
    assert list_objects(open_folder(str(repo.path))).digest == before
    store_blobs(repo, [b"two"])
    assert list_objects(open_folder(str(repo.path))).digest != before
