"""Where a key came from: commits, merges, stashes, messages, notes, and what nothing reaches any more."""

from shadowscan.store.connection import Store
from tests.git.repository import AUTHOR, Repo, collect, key, keys
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
LINE = f"OPENAI_API_KEY={KEY}\n"


def test_key_when_deleted_then_introducing_commit_and_not_in_head(repo: Repo, store: Store) -> None:
    repo.commit({"README.md": "hello\n"})
    added = repo.commit({"app/.env": f"A=1\n{LINE}"})
    changed = repo.commit({"app/.env": f"A=2\nB=3\n{LINE}"})
    repo.commit({"app/.env": "A=2\n"})
    collect(store, repo)
    row = key(store)
    assert (row["path"], row["line"], row["commit_id"], row["author"]) == ("app/.env", 3, added, AUTHOR)
    assert (row["in_head"], row["place"], row["last_commit_id"]) == (False, "history", changed)
    assert (row["vendor_id"], row["service"], row["severity"]) == ("openai", "project_key", "critical")
    assert f"{row['committed_at']:%H:%M} {row['last_seen_at']:%H:%M}" == "10:02 10:03"


def test_key_when_still_there_then_in_head_and_seen_last_at_head(repo: Repo, store: Store) -> None:
    added = repo.commit({".env": LINE})
    head = repo.commit({"other.txt": "x"})
    collect(store, repo)
    row = key(store)
    assert (row["commit_id"], row["last_commit_id"], row["in_head"]) == (added, head, True)


def test_key_when_commits_share_a_second_then_the_first_one_introduced_it(repo: Repo, store: Store) -> None:
    commits = []
    for n in range(6):
        repo.minute = 0
        commits.append(repo.commit({".env": f"N={n}\n{LINE}"}))
    collect(store, repo)
    assert key(store)["commit_id"] == commits[0]


def test_key_when_clocks_run_backwards_then_the_ancestor_introduced_it(repo: Repo, store: Store) -> None:
    repo.minute = 30
    added = repo.commit({".env": LINE})
    repo.minute = 10
    repo.commit({".env": f"A=1\n{LINE}"})
    collect(store, repo)
    assert key(store)["commit_id"] == added


def test_key_when_only_in_a_merge_then_found_with_the_merge(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"a.txt": "two\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.txt": "three\n"})
    repo.git("merge", "-q", "-s", "ours", "--no-commit", "side")
    merge = repo.commit({"a.txt": LINE}, "merge")
    repo.commit({"a.txt": "clean\n"})
    collect(store, repo)
    row = key(store)
    assert (row["commit_id"], row["path"], row["in_head"]) == (merge, "a.txt", False)


def test_key_when_amended_away_then_unreachable_without_commit(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": LINE})
    repo.write("a.txt", "clean\n")
    repo.git("commit", "-q", "-a", "--amend", "-m", "clean")
    collect(store, repo)
    row = key(store)
    assert (row["commit_id"], row["place"], row["in_head"], row["path"]) == ("", "unreachable", False, "")
    assert repo.git("cat-file", "-p", row["object_id"]) == LINE.strip()


def test_key_when_staged_and_dropped_then_dangling_blob_found(repo: Repo, store: Store) -> None:
    repo.commit({"README.md": "hello\n"})
    repo.write("a.txt", LINE)
    repo.git("add", "a.txt")
    repo.git("rm", "-q", "-f", "a.txt")
    collect(store, repo)
    assert (key(store)["place"], key(store)["commit_id"]) == ("unreachable", "")


def test_key_when_stashed_then_found_with_its_path(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "one\n"})
    repo.write("a.txt", LINE)
    repo.git("stash", "-q")
    repo.write("new.txt", LINE)
    repo.git("stash", "-q", "-u")
    collect(store, repo)
    assert {(row["path"], row["place"]) for row in keys(store)} >= {("new.txt", "history")}
    assert all(not row["in_head"] for row in keys(store))


def test_key_when_in_a_commit_message_then_the_commit_is_named(repo: Repo, store: Store) -> None:
    commit = repo.commit({"a.txt": "one\n"}, f"use {KEY}")
    collect(store, repo)
    row = key(store)
    assert (row["path"], row["commit_id"], row["place"], row["in_head"]) == ("", commit, "message", False)


def test_key_when_in_a_tag_message_then_the_tag_object_is_named(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "one\n"})
    repo.git("tag", "-a", "v1", "-m", f"key {KEY}")
    collect(store, repo)
    row = key(store)
    assert (row["path"], row["commit_id"], row["place"]) == ("", repo.git("rev-parse", "v1"), "message")


def test_key_when_in_a_note_then_the_note_is_named(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "one\n"})
    repo.git("notes", "add", "-m", f"key {KEY}")
    collect(store, repo)
    row = key(store)
    assert (row["path"], row["place"], row["commit_id"]) == ("", "message", row["object_id"])


def test_key_when_a_note_repeats_a_file_then_the_file_is_listed_too(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": LINE})
    repo.git("notes", "add", "-m", LINE)
    collect(store, repo)
    assert [(row["path"], row["place"]) for row in keys(store)] == [("", "message"), ("a.txt", "history")]


def test_key_when_in_several_files_then_each_is_listed(repo: Repo, store: Store) -> None:
    repo.commit({"a.env": LINE, "b/a.env": LINE, "c.py": f"key = '{KEY}'\n"})
    repo.commit({"b/a.env": None})
    collect(store, repo)
    assert [(row["path"], row["in_head"]) for row in keys(store)] == [
        ("a.env", True),
        ("b/a.env", False),
        ("c.py", True),
    ]
    assert len({row["key_id"] for row in keys(store)}) == 1


def test_key_when_only_on_another_branch_then_found_and_not_in_head(repo: Repo, store: Store) -> None:
    repo.commit({"a.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    commit = repo.commit({"b.env": LINE})
    repo.git("checkout", "-q", "main")
    collect(store, repo)
    assert (key(store)["commit_id"], key(store)["in_head"]) == (commit, False)


def test_author_when_mailmap_then_the_name_it_gives(repo: Repo, store: Store) -> None:
    repo.commit({".mailmap": "Sam Right <right@acme.example> <sam@acme.example>\n", ".env": LINE})
    collect(store, repo)
    assert key(store)["author"] == "Sam Right <right@acme.example>"
