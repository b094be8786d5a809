"""Repositories that are damaged or written to deceive: what can be read is read, what cannot is said."""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from shadowscan.model.outcome import Partial
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
LINE = f"OPENAI_API_KEY={KEY}\n"


def commit_raw(repo: Repo, text: bytes, kind: str = "commit") -> str:
    """An object as nobody's git would write it."""
    return repo.git("hash-object", "-t", kind, "--literally", "-w", "--stdin", data=text)


@pytest.mark.parametrize("content", ["garbage\n", "", "1" * 40 + "\n"], ids=["garbage", "empty", "missing object"])
def test_refs_when_one_leads_nowhere_then_the_history_of_the_others_stands(
    repo: Repo, store: Store, content: str
) -> None:
    commit = repo.commit({".env": LINE})
    (repo.path / ".git" / "refs" / "heads" / "broken").write_text(content)
    collect(store, repo)
    assert (key(store)["path"], key(store)["commit_id"], key(store)["in_head"]) == (".env", commit, True)


def the_pack(repo: Repo) -> Path:
    repo.git("repack", "-adq")
    [pack] = (repo.path / ".git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    return pack


def spoil_pack(repo: Repo) -> None:
    """Bytes of the one large object's middle."""
    pack = the_pack(repo)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20] = bytes(20)
    pack.write_bytes(data)


def cut_pack(repo: Repo) -> None:
    pack = the_pack(repo)
    pack.write_bytes(pack.read_bytes()[:-900])


def spoil_index(repo: Repo) -> None:
    index = the_pack(repo).with_suffix(".idx")
    index.chmod(0o644)
    index.write_bytes(b"garbage")


def spoil_object(content: bytes, name: str) -> Callable[[Repo], None]:
    def spoil(repo: Repo) -> None:
        id = repo.git("rev-parse", name)
        file = repo.path / ".git" / "objects" / id[:2] / id[2:]
        file.unlink()
        if content:
            file.write_bytes(content)

    return spoil


def share_and_lose(repo: Repo) -> None:
    objects = repo.path / ".git" / "objects"
    objects.rename(repo.path.parent / "elsewhere")
    (objects / "info").mkdir(parents=True)
    (objects / "info" / "alternates").write_text("/nonexistent\n")


DAMAGE: dict[str, Callable[[Repo], object]] = {
    "corrupt pack": spoil_pack,
    "truncated pack": cut_pack,
    "no index": lambda repo: the_pack(repo).with_suffix(".idx").unlink(),
    "corrupt index": spoil_index,
    "corrupt object": spoil_object(b"garbage", "HEAD:large.bin"),
    "object of an absurd size": spoil_object(zlib.compress(b"blob 99999999999999999999\0abc"), "HEAD:large.bin"),
    "object of no known type": lambda repo: commit_raw(repo, b"x", "weird"),
    "corrupt commit": spoil_object(b"garbage", "HEAD~1"),
    "missing commit": spoil_object(b"", "HEAD~1"),
    "missing head": spoil_object(b"", "HEAD"),
    "missing tree": spoil_object(b"", "HEAD^{tree}"),
    "missing folder": spoil_object(b"", "HEAD:folder"),
    "garbage in packed-refs": lambda repo: (repo.path / ".git" / "packed-refs").write_text("nonsense\n"),
    "alternate gone": share_and_lose,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_store_when_damaged_then_partial_and_the_rest_is_read(
    repo: Repo, store: Store, damage: Callable[[Repo], object]
) -> None:
    repo.commit({"first.txt": "first", "folder/a.txt": "a"})
    repo.commit({"old.env": LINE, "large.bin": random.Random(1).randbytes(9000)})  # noqa: S311 - bytes to spoil
    repo.commit({"last.txt": "last"})
    damage(repo)
    repo.write("untracked.env", LINE)
    for _ in range(2):  # and what is remembered says so again
        outcome = collect(store, repo).outcome
        assert isinstance(outcome, Partial) and outcome.reason.endswith("run `git fsck`")
        assert "untracked.env" in {row["path"] for row in keys(store)}


@pytest.mark.parametrize(
    "name", ["corrupt object", "corrupt pack", "object of an absurd size", "object of no known type"]
)
def test_store_when_one_object_is_damaged_then_the_others_keep_their_history(
    repo: Repo, store: Store, name: str
) -> None:
    commit = repo.commit({"old.env": LINE, "large.bin": random.Random(1).randbytes(9000)})  # noqa: S311
    repo.commit({"last.txt": "last"})
    DAMAGE[name](repo)
    collect(store, repo)
    assert (key(store)["path"], key(store)["commit_id"], key(store)["in_head"]) == ("old.env", commit, True)


def test_key_when_the_commit_that_brought_it_is_lost_then_at_its_path_in_head(repo: Repo, store: Store) -> None:
    repo.commit({"old.env": LINE})
    repo.commit({"b.txt": "b"})
    DAMAGE["missing commit"](repo)
    collect(store, repo)
    assert (key(store)["path"], key(store)["commit_id"], key(store)["in_head"]) == ("old.env", "", True)


def test_diff_when_a_commit_of_the_range_is_lost_then_partial(repo: Repo, store: Store) -> None:
    base = repo.commit({"a.txt": "a"})
    repo.commit({".env": LINE})
    repo.commit({"b.txt": "b"})
    DAMAGE["missing commit"](repo)
    outcome = collect(store, repo, diff=f"{base}..HEAD").outcome
    assert isinstance(outcome, Partial) and "git fetch" in outcome.reason


def test_refs_when_they_lead_in_a_circle_out_of_the_repository_or_hold_escapes_then_read_past(
    repo: Repo, store: Store
) -> None:
    commit = repo.commit({".env": LINE})
    heads = repo.path / ".git" / "refs" / "heads"
    (heads / "a").write_text("ref: refs/heads/b\n")
    (heads / "b").write_text("ref: refs/heads/a\n")
    (heads / "etc").symlink_to("/etc")
    (heads / "self").symlink_to(".")
    packed = f"{commit} refs/heads/../../../etc/x\n{commit} refs/heads/e\x1b[31mvil\n{commit} refs/heads/fine\n"
    (repo.path / ".git" / "packed-refs").write_text(packed)
    collect(store, repo)
    assert (key(store)["path"], key(store)["commit_id"]) == (".env", commit)


def test_head_when_it_leads_in_a_circle_then_history_and_files_are_read(repo: Repo, store: Store) -> None:
    commit = repo.commit({"old.env": LINE})
    (repo.path / ".git" / "HEAD").write_text("ref: refs/heads/a\n")
    (repo.path / ".git" / "refs" / "heads" / "a").write_text("ref: refs/heads/a\n")
    collect(store, repo)
    assert {(row["place"], row["commit_id"]) for row in keys(store)} == {("history", commit), ("worktree", "")}


@pytest.mark.parametrize(
    "date", ["99999999999999999999 +0000", "253402300800 +0000", "-5 +0000", "abc", "1e9 +9999", ""]
)
def test_commit_when_its_date_is_in_no_calendar_then_read(repo: Repo, store: Store, date: str) -> None:
    tree = repo.git("write-tree")
    made = commit_raw(repo, f"tree {tree}\nauthor A <a@b> {date}\ncommitter A <a@b> {date}\n\n{KEY}\n".encode())
    (repo.path / ".git" / "refs" / "heads" / "odd").write_text(f"{made}\n")
    collect(store, repo)
    assert (key(store)["commit_id"], key(store)["place"]) == (made, "message")


@pytest.mark.parametrize(
    "text",
    [
        b"author \xff\xfe\x1b[31m <a@b> 1790000000 +0000\ncommitter A <a@b> 1790000000 +0000\nencoding x-none\n\n%s\n",
        b"author A <a@b> 1790000000 +0000\ncommitter A\x01B\x02C <a@b> 1790000000 +0000\n\n\x01a\x02b\0%s\n",
        b"\nno author at all %s\n",
    ],
    ids=["encoding", "separators", "no author"],
)
def test_commit_when_its_text_is_hostile_then_read_and_the_author_safe_to_print(
    repo: Repo, store: Store, text: bytes
) -> None:
    tree = repo.git("write-tree")
    made = commit_raw(repo, f"tree {tree}\n".encode() + text % KEY.encode())
    (repo.path / ".git" / "refs" / "heads" / "odd").write_text(f"{made}\n")
    collect(store, repo)
    assert key(store)["object_id"] == made
    assert key(store)["author"].isprintable()


def test_tag_when_it_is_malformed_then_its_key_is_found(repo: Repo, store: Store) -> None:
    commit = repo.commit({"a.txt": "a"})
    for number, text in enumerate((f"object {commit}\ntype blob\ntag x\n\n{KEY}\n", f"garbage {KEY}")):
        made = commit_raw(repo, text.encode(), "tag")
        (repo.path / ".git" / "refs" / "tags" / f"t{number}").write_text(f"{made}\n")
    collect(store, repo)
    assert {row["place"] for row in keys(store)} == {"message"} and len(keys(store)) == 2


def test_tree_when_its_names_are_hostile_then_keys_found_and_paths_safe_to_print(repo: Repo, store: Store) -> None:
    blob = bytes.fromhex(repo.git("hash-object", "-w", "--stdin", data=LINE.encode()))
    names = (b"..", b".git", b"a\nb", b"esc\x1b[31m", b"\xff\xfe", b"a/b", b"same", b"same", b"\xe2\x80\xaex", b"-rf")
    tree = commit_raw(repo, b"".join(b"100644 " + name + b"\0" + blob for name in names), "tree")
    repo.git("update-ref", "HEAD", repo.git("commit-tree", tree, "-m", "x"))
    collect(store, repo)
    assert len(keys(store)) == len(set(names))
    assert all(row["path"].isprintable() and row["in_head"] for row in keys(store))


def test_tree_when_thousands_deep_then_read(repo: Repo, store: Store) -> None:
    tree = repo.git(
        "mktree", data=f"100644 blob {repo.git('hash-object', '-w', '--stdin', data=LINE.encode())}\tx\n".encode()
    )
    listed = f"040000 tree {tree}\td\n"
    for _ in range(1500):
        listed = (
            f"040000 tree {commit_raw(repo, b'40000 d' + bytes(1) + bytes.fromhex(listed.split()[2]), 'tree')}\td\n"
        )
    repo.git("update-ref", "HEAD", repo.git("commit-tree", listed.split()[2], "-m", "deep"))
    collect(store, repo)
    assert (key(store)["path"].count("/"), key(store)["in_head"]) == (1500, True)
