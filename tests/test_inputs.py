"""What a run reads under `--diff`: files of the scanned repository as BASE has them."""

import json
import subprocess
from pathlib import Path

import pytest

from shadowscan.cli import run
from shadowscan.errors import ConfigError, ShadowscanError, UsageError
from shadowscan.inputs import DEFAULT_DB, Request, read_inputs
from shadowscan.ruleset.load import shipped_rules

POLICY = "extends: policies/company.yaml\norganization: acme\n"
STRICT = "vendors: {denied: [openai]}\n"


def git(repo: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Sam", "-c", "user.email=sam@acme.example"]
    call = ["git", "-C", str(repo), *identity, *arguments]
    return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()


def commit(repo: Path, files: dict[str, str | None]) -> str:
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "change")
    return git(repo, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    git(tmp_path, "init", "-q", str(made))
    return made


def denied(repo: Path, base: str) -> list[str]:
    request = Request(
        targets=(str(repo),), policy=str(repo / "policy.yaml"), diff=f"{base}..HEAD", db=str(repo.parent / "s.duckdb")
    )
    return [entry.id for entry in read_inputs(request).policy.vendors.denied]


@pytest.mark.parametrize("company", ["", None], ids=["emptied", "deleted"])
def test_policy_when_the_change_weakens_what_it_extends_then_as_base_has_it(repo: Path, company: str | None) -> None:
    base = commit(repo, {"policy.yaml": POLICY, "policies/company.yaml": STRICT})
    commit(repo, {"policies/company.yaml": company, "x": "x"})
    assert denied(repo, base) == ["openai"]


def test_policy_when_base_lacks_what_it_extends_then_refused_by_name(repo: Path) -> None:
    base = commit(repo, {"policy.yaml": POLICY})
    commit(repo, {"policies/company.yaml": STRICT})
    with pytest.raises(ConfigError, match=r"extends 'policies/company.yaml', which does not exist"):
        denied(repo, base)


def test_policy_when_it_extends_a_file_outside_the_repository_then_that_file(repo: Path) -> None:
    (repo.parent / "company.yaml").write_text(STRICT)
    base = commit(repo, {"policy.yaml": "extends: ../company.yaml\n"})
    commit(repo, {"x": "x"})
    assert denied(repo, base) == ["openai"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"policy.yaml": None}, ["openai"]),
        ({"policy.yaml": "vendors: {approved: [openai]}\n"}, ["openai"]),
        ({"policy.yml": STRICT.replace("openai", "groq")}, ["openai"]),
    ],
    ids=["deleted", "weakened", "another beside"],
)
def test_policy_of_this_folder_when_the_change_touches_it_then_as_base_has_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str | None], expected: list[str]
) -> None:
    base = commit(repo, {"policy.yaml": STRICT})
    commit(repo, change | {"x": "x"})
    monkeypatch.chdir(repo)
    policy = read_inputs(Request(targets=(".",), diff=f"{base}..HEAD")).policy
    assert [entry.id for entry in policy.vendors.denied] == expected


@pytest.mark.parametrize("target", ["other.yaml", "../outside.yaml", ".git/config"])
def test_policy_when_the_change_makes_it_a_link_then_as_base_has_it(repo: Path, target: str) -> None:
    (repo.parent / "outside.yaml").write_text("vendors: {approved: [openai]}\n")
    base = commit(repo, {"policy.yaml": STRICT, "other.yaml": "vendors: {approved: [openai]}\n"})
    (repo / "policy.yaml").unlink()
    (repo / "policy.yaml").symlink_to(target)
    commit(repo, {"x": "x"})
    assert denied(repo, base) == ["openai"]


def test_policy_when_base_has_a_link_then_what_it_leads_to_in_base(repo: Path) -> None:
    (repo / "policy.yaml").symlink_to("policies/company.yaml")
    base = commit(repo, {"policies/company.yaml": STRICT})
    commit(repo, {"policies/company.yaml": "vendors: {}\n"})
    assert denied(repo, base) == ["openai"]


def test_policy_when_base_has_a_link_out_of_the_repository_then_refused_by_name(repo: Path) -> None:
    (repo / "policy.yaml").symlink_to("../company.yaml")
    (repo.parent / "company.yaml").write_text(STRICT)
    base = commit(repo, {"x": "x"})
    with pytest.raises(ShadowscanError, match=r"policy\.yaml is a link out of the repository"):
        denied(repo, base)


def test_policy_when_in_no_commit_then_it_counts(repo: Path) -> None:
    base = commit(repo, {"x": "x"})
    (repo / "policy.yaml").write_text(STRICT)
    assert denied(repo, base) == ["openai"]


def test_config_when_the_change_repoints_it_then_as_base_has_it(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = '[settings]\ndb = "{0}.duckdb"\nvendors = "{0}"\n'
    entry = "id: acme\nname: Acme\ncategory: chat\nhosts: [chat.acme.example]\n"
    base = commit(repo, {"shadowscan.toml": settings.format("own"), "own/acme.yaml": entry})
    commit(repo, {"shadowscan.toml": settings.format("quiet"), "own/acme.yaml": None, "quiet/x.yaml": "id: x\n"})
    monkeypatch.chdir(repo)
    inputs = read_inputs(Request(targets=(".",), diff=f"{base}..HEAD"))
    assert inputs.db == "own.duckdb"
    assert inputs.catalog.match("chat.acme.example").vendor_id == "acme"


@pytest.mark.parametrize("config", ["", "shadowscan.toml"])
def test_config_when_the_change_brings_or_drops_one_then_as_base_has_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    without = commit(repo, {"x": "x"})
    with_one = commit(repo, {"shadowscan.toml": '[settings]\ndb = "own.duckdb"\n'})
    monkeypatch.chdir(repo)
    assert read_inputs(Request(targets=(".",), config=config, diff=f"{without}..HEAD")).db == DEFAULT_DB
    commit(repo, {"shadowscan.toml": None})
    assert read_inputs(Request(targets=(".",), config=config, diff=f"{with_one}..HEAD")).db == "own.duckdb"


def test_config_when_it_lists_the_sources_then_as_base_has_them(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = commit(repo, {"shadowscan.toml": '[[sources]]\ntarget = "."\n'})
    commit(repo, {"shadowscan.toml": '[[sources]]\ntarget = "/nowhere"\n'})
    monkeypatch.chdir(repo)
    assert read_inputs(Request(diff=f"{base}..HEAD")).targets == (".",)


def test_owners_when_the_change_alters_them_then_as_base_has_them(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = commit(repo, {"owners.yaml": "teams: [{name: search}]\n"})
    commit(repo, {"owners.yaml": "teams: [{name: nobody}]\n"})
    monkeypatch.chdir(repo)
    owners = read_inputs(Request(targets=(".",), diff=f"{base}..HEAD")).owners
    assert [team.name for team in owners.teams] == ["search"]


@pytest.mark.parametrize("after", ["two", None], ids=["altered", "deleted"])
def test_baseline_when_the_change_touches_it_then_as_base_has_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch, after: str | None
) -> None:
    def of(name: str) -> str:
        entry = {"fingerprint": name, "rule_id": "keys.leaked-key", "title": "t"}
        return json.dumps({"schema": "shadowscan.baseline/1", "fingerprints": [entry]})

    base = commit(repo, {"known.json": of("one")})
    commit(repo, {"known.json": of(after) if after else None, "x": "x"})
    monkeypatch.chdir(repo)
    inputs = read_inputs(Request(targets=(".",), baseline="known.json", diff=f"{base}..HEAD"))
    assert inputs.baseline == {"one"}


def test_rules_when_the_change_drops_one_then_as_base_has_them(repo: Path) -> None:
    rule = (shipped_rules() / "keys" / "other-secret.yaml").read_text()
    own = rule.replace("keys.other-secret", "keys.own").replace("Other secret in a", "Own secret in a")
    base = commit(repo, {"own/keys/own.yaml": own})
    commit(repo, {"own/keys/own.yaml": None, "own/x.txt": "x"})
    inputs = read_inputs(Request(targets=(str(repo),), rules=(str(repo / "own"),), diff=f"{base}..HEAD"))
    assert "keys.own" in inputs.pack.rules


def test_store_when_the_change_brings_it_then_refused(repo: Path) -> None:
    base = commit(repo, {"x": "x"})
    commit(repo, {"s.duckdb": "what is known already"})
    with pytest.raises(UsageError, match=r"is a file of the scanned repository"):
        read_inputs(Request(targets=(str(repo),), db=str(repo / "s.duckdb"), diff=f"{base}..HEAD"))


def test_files_when_base_is_not_in_the_clone_then_none_of_the_change_counts(repo: Path) -> None:
    commit(repo, {"policy.yaml": "inline_allow: true\n"})
    request = Request(targets=(str(repo),), policy=str(repo / "policy.yaml"), diff=f"{'0' * 39}1..HEAD")
    assert not read_inputs(request).policy.is_given


def test_policy_when_it_is_wrong_in_base_then_named_as_the_person_knows_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = commit(repo, {"policy.yaml": "vendors:\n  aproved: []\n"})
    monkeypatch.chdir(repo)
    with pytest.raises(ConfigError) as refused:
        read_inputs(Request(targets=(".",), diff=f"{base}..HEAD"))
    assert str(refused.value).startswith("policy.yaml:2")


def test_policy_when_base_has_none_then_none_is_given(repo: Path) -> None:
    base = commit(repo, {"x": "x"})
    commit(repo, {"policy.yaml": "vendors: {approved: [openai]}\n"})
    request = Request(
        targets=(str(repo),), policy=str(repo / "policy.yaml"), diff=f"{base}..HEAD", db=str(repo.parent / "s.duckdb")
    )
    assert not read_inputs(request).policy.is_given


def test_scan_when_base_is_not_in_the_clone_then_3_and_the_one_line_fix(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    commit(repo, {"policy.yaml": STRICT, "shadowscan.toml": "", "owners.yaml": "teams: []\n"})
    commit(repo, {"x": "x"})
    git(repo.parent, "clone", "-q", "--depth=1", repo.as_uri(), "shallow")
    monkeypatch.chdir(repo.parent / "shallow")
    base = git(repo, "rev-parse", "HEAD~1")
    code = run(["scan", ".", "--diff", f"{base}..HEAD", "--db", ":memory:", "--format", "json", "-q"])
    [source] = json.loads(capfd.readouterr().out)["sources"]
    assert (code, source["state"]) == (3, "partial")
    assert source["reason"].endswith("run `git fetch --deepen=1000 origin`")
