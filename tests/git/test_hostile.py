"""A repository that someone else wrote: nothing in it runs, nothing outside it is read, nothing is fetched."""

from pathlib import Path

import pytest

from shadowscan.git.files import ownership_files, read_file
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.git.repository import Repo, collect, key, keys
from tests.secrets.generate import make_key

KEY = make_key("openai-project-key")
HOOKS = (
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "query-watchman",
)


def plant(repo: Repo, trap: Path) -> str:
    """A program that leaves a file, in every place of the repository's own settings that git might start."""
    script = repo.path.parent / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch '{trap}'\ncat 2>/dev/null\n")
    script.chmod(0o755)
    for name in HOOKS:
        hook = repo.path / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script.read_text())
        hook.chmod(0o755)
    settings = ("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy")
    settings += ("diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge")
    settings += ("filter.x.process", "gpg.program", "gpg.ssh.program", "credential.helper", "core.alternateRefsCommand")
    settings += ("interactive.diffFilter", "pager.log", "pager.cat-file", "uploadpack.packObjectsHook")
    for name in settings:
        repo.git("config", name, str(script))
    repo.git("config", "core.hooksPath", str(repo.path / ".git" / "hooks"))
    repo.git("config", "log.showSignature", "true")
    return str(script)


def test_settings_when_they_name_programs_then_none_runs(repo: Repo, store: Store, tmp_path: Path) -> None:
    base = repo.commit({".gitattributes": "* diff=x filter=x\n", "CODEOWNERS": "* @acme/x\n"})
    repo.commit({".env": f"K={KEY}\n"})
    trap = tmp_path / "ran"
    plant(repo, trap)
    repo.write("untracked.env", f"K={KEY}\n")
    assert isinstance(collect(store, repo).outcome, Collected)
    collect(store, repo, diff=f"{base}..HEAD")
    assert read_file(str(repo.path), "HEAD", ".env") == f"K={KEY}\n".encode()
    assert ownership_files(str(repo.path), "HEAD") == [("CODEOWNERS", b"* @acme/x\n")]
    assert {".env", "untracked.env"} <= {row["path"] for row in keys(store)}
    assert not trap.exists()


def test_promisor_when_an_object_is_missing_then_nothing_is_fetched(repo: Repo, store: Store, tmp_path: Path) -> None:
    repo.commit({".env": f"K={KEY}\n", "gone.txt": "gone"})
    id = repo.git("rev-parse", "HEAD:gone.txt")
    (repo.path / ".git" / "objects" / id[:2] / id[2:]).unlink()
    trap = tmp_path / "ran"
    script = plant(repo, trap)
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.partialClone", "origin")
    repo.git("config", "remote.origin.promisor", "true")
    repo.git("config", "remote.origin.url", f"ssh://{script}/x")
    repo.git("config", "protocol.ssh.allow", "always")
    outcome = collect(store, repo).outcome
    assert isinstance(outcome, Partial) and "not here" in outcome.reason
    assert key(store)["path"] == ".env"
    assert not trap.exists()


def test_partial_clone_when_blobs_are_left_out_then_partial_and_nothing_fetched(
    repo: Repo, store: Store, tmp_path: Path
) -> None:
    repo.commit({"a.env": f"K={KEY}\n"})
    repo.commit({"a.env": "clean\n"})
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = str(tmp_path / "partial")
    repo.git("clone", "-q", "--filter=blob:none", repo.path.as_uri(), clone)
    outcome = collect(store, clone).outcome
    assert isinstance(outcome, Partial) and "git fetch --refetch" in outcome.reason
    assert keys(store) == []


def test_worktree_when_settings_point_elsewhere_then_files_there_are_not_read(
    repo: Repo, store: Store, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.env").write_text(f"K={KEY}\n")
    repo.git("config", "core.worktree", str(outside))
    collect(store, str(repo.path))
    assert keys(store) == []


def test_environment_when_a_hook_set_git_dir_then_the_target_is_read(
    repo: Repo, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repo.create(tmp_path / "other")
    other.commit({".env": f"K={KEY}\n"})
    repo.commit({"a.txt": "1"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    collect(store, repo)
    assert keys(store) == []


@pytest.mark.parametrize("url", ["ext::sh -c touch% ran", "ssh://-oProxyCommand=touch/x", "--upload-pack=touch://x"])
def test_url_when_it_would_run_a_program_then_failed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = collect(store, url).outcome
    assert type(outcome).__name__ == "Failed"
    assert not (tmp_path / "ran").exists()


def test_codeowners_when_several_then_the_one_its_host_reads(repo: Repo) -> None:
    repo.commit({"docs/CODEOWNERS": "* @acme/c\n", ".bitbucket/CODEOWNERS": "* @acme/d\n", "CODEOWNERS": "* @acme/b\n"})
    assert ownership_files(str(repo.path), "HEAD") == [("CODEOWNERS", b"* @acme/b\n")]

    repo.commit({".github/CODEOWNERS": "* @acme/a\n", "svc/catalog-info.yaml": "kind: X\n"})
    assert [path for path, _ in ownership_files(str(repo.path), "HEAD")] == [
        ".github/CODEOWNERS",
        "svc/catalog-info.yaml",
    ]
