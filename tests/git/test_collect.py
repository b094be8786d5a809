"""Where keys hide in files: forms, archives, odd paths, and files that git does not hold."""

import base64
import hashlib
import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from shadowscan.git.collect import collect_repository
from shadowscan.model.outcome import Collected, Failed, Partial
from shadowscan.model.target import RepositoryTarget
from shadowscan.store.connection import Store
from tests.git.repository import OPTIONS, Repo, collect, key, keys
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
GROQ = make_key("groq-key")
LINE = f"OPENAI_API_KEY={KEY}\n"
ODD_PATHS = ["a b.env", "ü/é.env", "-rf.env", "new\nline.env", "tab\t.env", 'quote".env', ":(top)x.env", "a!b.env"]


def archive(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return buffer.getvalue()


def secret_manifest(value: str) -> str:
    encoded = base64.b64encode(value.encode()).decode()
    return f"apiVersion: v1\nkind: Secret\ndata:\n  token: {encoded}\n"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("n.ipynb", '{"cells": [{"source": ["c = OpenAI(api_key=\\"' + KEY + '\\")\\n"]}]}', 1),
        ("le.txt", ("\n\n" + LINE).encode("utf-16"), 3),
        ("be.txt", ("\n\n" + LINE).encode("utf-16-be"), 3),
        ("no-mark.txt", ("\n\n" + LINE).encode("utf-16-le"), 3),
        ("secret.yaml", secret_manifest(KEY), 4),
        ("percent.txt", "\nurl?key=" + quote(KEY, safe="").replace("-", "%2D"), 2),
        ("query.txt", f"\nurl?key%3D{KEY}%26x", 2),
        ("a.md", f"\n`{KEY}`", 2),
        ("a.html", f"\n<b>({KEY})</b><{KEY}>", 2),
        ("a.csv", f"x,y\n{KEY},1\n", 2),
        (".env", f"A=1\r\nB=2\r\n{LINE}", 3),
        ("lib.bin", b"\x7fELF\0\1\2\n" + KEY.encode() + b"\0", 2),
        ("package-lock.json", '{\n"x": "' + KEY + '"}', 2),
        ("node_modules/a/index.js", f"'{KEY}'", 1),
        ("logo.svg", f"<svg><!--{KEY}--></svg>", 1),
    ],
)
def test_key_when_in_any_form_then_found_at_its_line(
    repo: Repo, store: Store, name: str, content: str | bytes, line: int
) -> None:
    repo.commit({name: content})
    collect(store, repo)
    assert (key(store)["path"], key(store)["line"], key(store)["in_head"]) == (name, line, True)


def test_key_when_in_a_kubernetes_secret_and_short_anchor_then_found(repo: Repo, store: Store) -> None:
    repo.commit({"secret.yaml": secret_manifest(GROQ)})
    collect(store, repo)
    assert (key(store)["vendor_id"], key(store)["line"]) == ("groq", 4)


def test_key_when_in_a_zip_then_member_named(repo: Repo, store: Store) -> None:
    repo.commit({"a.zip": archive({"inner/x.env": "A=1\n" + LINE, "clean.txt": "x"})})
    collect(store, repo)
    assert (key(store)["path"], key(store)["line"], key(store)["in_head"]) == ("a.zip!inner/x.env", 2, True)


def test_key_when_zip_is_damaged_then_no_error(repo: Repo, store: Store) -> None:
    repo.commit({"a.zip": archive({"x.env": LINE})[:-30], "b.env": LINE})
    assert isinstance(collect(store, repo).outcome, Collected)
    assert [row["path"] for row in keys(store)] == ["b.env"]


def test_key_when_untracked_ignored_staged_or_changed_then_worktree_place(repo: Repo, store: Store) -> None:
    repo.commit({".gitignore": ".env\n", "changed.txt": "old\n"})
    for name in (".env", "untracked.txt", "staged.txt", "changed.txt"):
        repo.write(name, LINE)
    repo.git("add", "staged.txt")
    collect(store, repo)
    rows = [row for row in keys(store) if row["path"]]
    assert [row["path"] for row in rows] == [".env", "changed.txt", "staged.txt", "untracked.txt"]
    assert {(row["place"], row["commit_id"], row["in_head"]) for row in rows} == {("worktree", "", False)}


def test_key_when_an_ignored_file_copies_an_old_one_then_both_listed(repo: Repo, store: Store) -> None:
    repo.commit({".gitignore": ".env\n", "config.env": LINE})
    repo.commit({"config.env": None})
    repo.write(".env", LINE)
    collect(store, repo)
    assert [(row["path"], row["place"]) for row in keys(store)] == [(".env", "worktree"), ("config.env", "history")]


def test_key_when_run_from_a_subfolder_then_the_whole_tree_is_read(
    repo: Repo, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"sub/a.txt": "x", ".mailmap": ""})
    repo.write("top.env", LINE)
    monkeypatch.chdir(repo.path / "sub")
    collect(store, "..")
    assert key(store)["path"] == "top.env"


def test_worktree_when_a_link_leads_outside_then_not_followed(repo: Repo, store: Store, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.env").write_text(LINE)
    (repo.path / "link.env").symlink_to(tmp_path / "outside" / "x.env")
    (repo.path / "folder").symlink_to(tmp_path / "outside")
    assert isinstance(collect(store, repo).outcome, Collected)
    assert keys(store) == []


def test_paths_when_odd_then_key_found_and_path_safe_to_print(repo: Repo, store: Store) -> None:
    for name in ODD_PATHS:
        repo.write(name, LINE)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "odd")
    for name in ODD_PATHS:
        repo.write(f"untracked/{name}", LINE)
    assert isinstance(collect(store, repo).outcome, Collected)
    escaped = [name.replace("\n", "\\n").replace("\t", "\\t") for name in ODD_PATHS]
    assert sorted(row["path"] for row in keys(store)) == sorted([*escaped, *(f"untracked/{n}" for n in escaped)])
    assert sum(row["in_head"] for row in keys(store)) == len(ODD_PATHS)


def test_key_id_when_computed_by_hand_then_the_same(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect(store, repo)
    expected = hashlib.scrypt(KEY.encode(), salt=b"shadowscan/1:acme", n=2**14, r=8, p=1, dklen=16, maxmem=2**26)
    assert key(store)["key_id"] == expected.hex()
    assert key(store)["mask"] == f"sk-proj-…{KEY[-4:]}"


def test_store_when_keys_were_found_then_no_raw_key_in_any_byte(repo: Repo, tmp_path: Path) -> None:
    mistral = make_key("mistral-key")
    repo.commit(
        {".env": LINE + f"MISTRAL_API_KEY={mistral}\n", "call.py": f"OpenAI(base_url='https://{KEY}@x')\n"},
        f"use {KEY}",
    )
    repo.write("untracked.env", LINE)
    file = tmp_path / "store.duckdb"
    with Store.open(str(file)) as store:
        report = collect(store, repo, all_secrets=True)
        tables = [row[0] for row in store.query("select table_name from duckdb_tables()").rows]
        held = "\n".join(str(store.query(f"select * from {name}").rows) for name in tables)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file()) + held.encode()
    assert "sk-proj-…" in held
    for raw in (KEY, mistral):
        assert raw.encode() not in stored and raw[10:-6].encode() not in stored
        assert raw not in repr(report)


@pytest.mark.parametrize("comment", ["pragma: allowlist secret", "gitleaks:allow"])
def test_key_when_an_allow_comment_covers_it_then_kept_with_the_comment(repo: Repo, store: Store, comment: str) -> None:
    repo.commit({"a.py": f'key = "{KEY}"  # {comment}\n', "b.py": f'key = "{KEY}"\n'})
    collect(store, repo)
    assert [(row["path"], row["allow_comment"]) for row in keys(store)] == [("a.py", comment), ("b.py", "")]


def test_repository_when_empty_then_collected_with_nothing(repo: Repo, store: Store) -> None:
    assert isinstance(collect(store, repo).outcome, Collected)
    assert keys(store) == []


def test_repository_when_empty_with_a_file_then_its_key_found(repo: Repo, store: Store) -> None:
    repo.write(".env", LINE)
    collect(store, repo)
    assert (key(store)["path"], key(store)["place"]) == (".env", "worktree")


def test_repository_when_bare_then_history_read(repo: Repo, store: Store, tmp_path: Path) -> None:
    repo.commit({".env": LINE})
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "api.git"))
    assert isinstance(collect(store, str(tmp_path / "api.git")).outcome, Collected)
    assert (key(store)["repo"], key(store)["path"], key(store)["in_head"]) == ("api", ".env", True)


def test_repository_when_sha256_then_read(store: Store, tmp_path: Path) -> None:
    repo = Repo.create(tmp_path / "wide", "--object-format=sha256")
    repo.commit({".env": LINE})
    collect(store, repo)
    assert [(row["in_head"], len(row["object_id"])) for row in keys(store)] == [(True, 64)]


def test_repository_when_linked_worktree_then_its_files_and_the_history(
    repo: Repo, store: Store, tmp_path: Path
) -> None:
    repo.commit({"old.env": LINE})
    repo.commit({"old.env": None})
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    (tmp_path / "linked" / ".env").write_text(LINE)
    collect(store, str(tmp_path / "linked"))
    assert [row["path"] for row in keys(store)] == [".env", "old.env"]


def test_repository_when_url_then_mirrored_and_named_by_it(
    repo: Repo, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({".env": LINE})
    collect(store, repo.path.as_uri())
    assert (key(store)["repo"], key(store)["path"]) == ("repo", ".env")


def test_repository_when_shallow_then_partial_with_the_fix(repo: Repo, store: Store, tmp_path: Path) -> None:
    repo.commit({"a.txt": "1"})
    repo.commit({".env": LINE})
    repo.git("clone", "-q", "--depth=1", repo.path.as_uri(), str(tmp_path / "shallow"))
    outcome = collect(store, str(tmp_path / "shallow")).outcome
    assert isinstance(outcome, Partial) and "git fetch --unshallow" in outcome.reason
    assert key(store)["path"] == ".env"


def test_repository_when_an_object_is_damaged_then_partial_and_the_rest_kept(repo: Repo, store: Store) -> None:
    repo.commit({"a.env": LINE, "b.txt": "other content\n"})
    id = repo.git("rev-parse", "HEAD:b.txt")
    file = repo.path / ".git" / "objects" / id[:2] / id[2:]
    file.chmod(0o644)
    file.write_bytes(b"damaged")
    outcome = collect(store, repo).outcome
    assert isinstance(outcome, Partial) and "git fsck" in outcome.reason
    assert key(store)["path"] == "a.env"


def test_location_when_no_repository_then_failed_not_silent(store: Store, tmp_path: Path) -> None:
    outcome = collect(store, str(tmp_path)).outcome
    assert isinstance(outcome, Failed) and "not a git repository" in outcome.reason


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://user:token@git.acme.example/Acme/Search-API.git", "acme/search-api"),
        ("git@git.acme.example:Acme/Search.git", "acme/search"),
        ("ssh://git@git.acme.example:22/acme/search/", "acme/search"),
        ("", "repo"),
    ],
)
def test_repo_when_it_has_a_remote_then_owner_and_name(repo: Repo, store: Store, remote: str, name: str) -> None:
    repo.commit({".env": LINE})
    if remote:
        repo.git("remote", "add", "upstream", remote)
    collect(store, repo)
    assert key(store)["repo"] == name


def test_repo_when_named_by_the_user_then_that_name(repo: Repo, store: Store) -> None:
    repo.commit({".env": LINE})
    collect_repository(store, RepositoryTarget("x", str(repo.path), "acme/named"), OPTIONS)
    assert key(store)["repo"] == "acme/named"


def test_other_secrets_when_asked_for_then_their_own_kind(repo: Repo, store: Store) -> None:
    access_key = "AK" + "IA" + KEY[10:26].upper().replace("-", "Q").replace("_", "R")
    repo.commit({"a.cfg": f"\naws_access_key_id = {access_key}\n"})
    collect(store, repo)
    assert keys(store) == []
    collect(store, repo, all_secrets=True)
    row = key(store)
    assert (row["service"], row["vendor_id"], row["line"], row["path"]) == ("other_secret", "unknown", 2, "a.cfg")
    assert access_key not in str(row)
