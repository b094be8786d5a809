"""What a TARGET means, before anything is read."""

import subprocess
from pathlib import Path

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.config import SourceEntry
from shadowscan.errors import NotYetError, TargetError, UsageError
from shadowscan.model.target import RepositoryTarget, Target


def make_repository(path: Path, *flags: str) -> Path:
    subprocess.run(["git", "init", "-q", *flags, str(path)], check=True)
    return path


def test_plan_when_format_is_known_then_it_is_forced_and_hyphens_are_underscores(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    plan = plan_targets([f"aws-vpc-flow={tmp_path}/a", "route53_resolver=-"])

    assert plan.targets == (
        Target(f"aws-vpc-flow={tmp_path}/a", "path", f"{tmp_path}/a", "aws_vpc_flow"),
        Target("route53_resolver=-", "stdin", "-", "route53_resolver"),
    )


def test_plan_when_path_holds_an_equals_sign_then_it_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("year=2026", "focus=x"):
        Path(name).mkdir()
        (Path(name) / "a.log").touch()

    plan = plan_targets(["year=2026/a.log", "./focus=x"])

    assert [(target.location, target.format) for target in plan.targets] == [("year=2026/a.log", ""), ("./focus=x", "")]


def test_plan_when_folder_is_a_repository_then_git_takes_it_and_a_subfolder_is_plain(tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "app")
    (repo / "logs").mkdir()
    (repo / "logs" / "a.log").touch()

    plan = plan_targets([str(repo), f"{repo}/logs", f"git={repo}/logs"])

    assert plan.repositories == (
        RepositoryTarget(str(repo), str(repo)),
        RepositoryTarget(f"git={repo}/logs", f"{repo}/logs"),
    )
    assert [target.location for target in plan.targets] == [f"{repo}/logs"]


def test_plan_when_walking_meets_repositories_then_bare_ones_too(tmp_path: Path) -> None:
    make_repository(tmp_path / "b" / "bare.git", "--bare")
    make_repository(tmp_path / "a")
    plan = plan_targets([str(tmp_path)])

    assert [repo.location for repo in plan.repositories] == [f"{tmp_path}/a", f"{tmp_path}/b/bare.git"]
    assert plan.targets == ()


@pytest.mark.parametrize(
    "url",
    ["https://git.example/acme/api", "git@git.example:acme/api.git", "ssh://git.example/a.git", "file:///x/a.git"],
)
def test_plan_when_url_then_a_repository(url: str) -> None:
    assert plan_targets([url], repo="acme/api").repositories == (RepositoryTarget(url, url, "acme/api"),)


def test_plan_when_place_is_missing_then_the_nearest_name_is_offered(tmp_path: Path) -> None:
    (tmp_path / "flows.log").touch()
    with pytest.raises(TargetError, match=r"did you mean .*flows\.log"):
        plan_targets([f"{tmp_path}/flow.log"])
    with pytest.raises(TargetError, match="did you mean aws_vpc_flow="):
        plan_targets(["aws-vpc-flows=x.log"])
    with pytest.raises(TargetError, match="no source reads"):
        plan_targets(["ftp://x/y"])


def test_plan_when_folder_is_empty_then_refused(tmp_path: Path) -> None:
    (tmp_path / ".shadowscan").mkdir()
    (tmp_path / ".shadowscan" / "x.log").touch()
    with pytest.raises(TargetError, match="holds no file"):
        plan_targets([str(tmp_path)])


@pytest.mark.parametrize("name", ["gs://b/p", "ce:"])
def test_plan_when_name_is_reserved_then_it_names_itself(name: str) -> None:
    with pytest.raises(NotYetError, match="is not built yet") as caught:
        plan_targets([name])
    assert name in str(caught.value)


def test_plan_when_repo_would_name_two_repositories_then_refused(tmp_path: Path) -> None:
    make_repository(tmp_path / "a")
    make_repository(tmp_path / "b")
    with pytest.raises(UsageError, match="2 repositories"):
        plan_targets([str(tmp_path)], repo="acme/x")


def test_plan_when_source_is_configured_then_its_format_and_options_go_with_the_target(tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    place = str(tmp_path / "a.log")
    entry = SourceEntry.model_validate({"target": place, "format": "aws-vpc-flow", "fields": "srcaddr dstaddr"})

    [target] = plan_targets([place], configured=[entry]).targets

    assert target == Target(place, "path", place, "aws_vpc_flow", (("fields", "srcaddr dstaddr"),))


def test_plan_when_configured_format_is_none_then_refused(tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    entry = SourceEntry(target=str(tmp_path / "a.log"), format="aws_vpc_flaw")

    with pytest.raises(UsageError, match="no format 'aws_vpc_flaw'"):
        plan_targets([entry.target], configured=[entry])
