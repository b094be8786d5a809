"""Which range an event means, and that it is whole after the checkout action's one commit."""

import subprocess

import pytest

from tests.git.repository import Repo
from tests.integrations.conftest import Forge
from tests.integrations.runner import Job, run_action


def change(job: Job, **inputs: str) -> str:
    assert run_action(job, only="change", **inputs) == 0, job.log
    return job.output("change", "diff")


def subjects(job: Job, diff: str) -> list[str]:
    """Subjects of the commits of the range, oldest first; fails where the range cannot be listed whole."""
    call = ["git", "rev-list", "--objects", "--missing=error", *_ends(diff)]
    subprocess.run(call, cwd=job.workspace, check=True, capture_output=True)
    call = ["git", "log", "--reverse", "--format=%s", *_ends(diff)]
    return subprocess.run(call, cwd=job.workspace, check=True, capture_output=True, text=True).stdout.splitlines()


def _ends(diff: str) -> list[str]:
    base, _, head = diff.partition("..")
    return [head, f"^{base}"]


def pull_request(forge: Forge, commits: int, event: str = "pull_request", depth: int = 1) -> Job:
    base, merge = forge.merge(7, "topic")
    payload = {"pull_request": {"number": 7, "commits": commits, "base": {"sha": base}}}
    return forge.job("refs/pull/7/merge", merge, event, payload, depth)


def branch(origin: Repo, name: str, commits: int, start: str = "main") -> str:
    origin.git("checkout", "-q", "-b", name, start)
    for n in range(commits):
        origin.commit({f"{name}-{n}.txt": f"{n}"}, f"{name} {n}")
    head = origin.git("rev-parse", "HEAD")
    origin.git("checkout", "-q", "main")
    return head


def test_pull_request_when_one_commit_is_here_then_its_commits_and_the_merge(forge: Forge) -> None:
    branch(forge.origin, "topic", 3)
    job = pull_request(forge, commits=3)
    base, _, head = change(job).partition("..")
    assert base == forge.origin.git("rev-parse", "main")
    assert subjects(job, f"{base}..{head}") == ["topic 0", "topic 1", "topic 2", "Merge topic into main"]


def test_pull_request_when_main_went_far_ahead_then_only_the_change(forge: Forge) -> None:
    branch(forge.origin, "topic", 2)
    for n in range(130):
        forge.origin.git("commit", "-q", "--allow-empty", "-m", f"later {n}")
    job = pull_request(forge, commits=2)
    assert subjects(job, change(job)) == ["topic 0", "topic 1", "Merge topic into main"]


def test_pull_request_when_main_moved_since_the_event_then_the_base_of_the_merge(forge: Forge) -> None:
    branch(forge.origin, "topic", 1)
    forge.origin.commit({"b.txt": "1"}, "later")
    job = pull_request(forge, commits=1)
    job.github["event"]["pull_request"]["base"]["sha"] = forge.origin.git("rev-parse", "main~1")
    assert subjects(job, change(job)) == ["topic 0", "Merge topic into main"]


def test_pull_request_when_its_head_is_checked_out_and_a_merge_then_all_its_commits(forge: Forge) -> None:
    branch(forge.origin, "topic", 2)
    forge.origin.commit({"b.txt": "1"}, "later")
    forge.origin.git("checkout", "-q", "topic")
    forge.origin.git("merge", "-q", "--no-ff", "-m", "Merge main into topic", "main")
    head = forge.origin.git("rev-parse", "HEAD")
    job = pull_request(forge, commits=3)
    Repo(job.workspace).git("fetch", "-q", "--depth=1", "origin", head)
    Repo(job.workspace).git("checkout", "-q", "--detach", head)
    assert subjects(job, change(job)) == ["topic 0", "topic 1", "Merge main into topic"]


def test_pull_request_when_all_history_is_here_then_nothing_is_fetched(forge: Forge) -> None:
    branch(forge.origin, "topic", 1)
    job = pull_request(forge, commits=1, depth=0)
    forge.origin.path.rename(forge.origin.path.with_name("gone"))
    assert subjects(job, change(job)) == ["topic 0", "Merge topic into main"]


def test_pull_request_target_when_the_base_is_checked_out_then_refused(forge: Forge) -> None:
    main = forge.origin.git("rev-parse", "main")
    payload = {"pull_request": {"number": 7, "commits": 1, "base": {"sha": main}}}
    job = forge.job("refs/heads/main", main, "pull_request_target", payload)
    assert run_action(job, only="change") == 2
    assert "::error::pull_request_target checks out the base" in job.log


def test_merge_queue_when_two_changes_wait_then_only_the_last(forge: Forge) -> None:
    first = branch(forge.origin, "first", 1)
    queue = f"gh-readonly-queue/main/pr-8-{first}"
    head = branch(forge.origin, queue, 2, start="first")
    job = forge.job(f"refs/heads/{queue}", head, "merge_group", {"merge_group": {"base_sha": first, "head_sha": head}})
    assert subjects(job, change(job)) == [f"{queue} 0", f"{queue} 1"]


def test_push_when_of_two_commits_then_these(forge: Forge) -> None:
    before, after = forge.origin.git("rev-parse", "main~2"), forge.origin.git("rev-parse", "main")
    job = forge.job("refs/heads/main", after, "push", {"before": before})
    assert subjects(job, change(job)) == ["main 3", "main 4"]


def test_push_when_forced_then_what_the_old_head_did_not_have(forge: Forge) -> None:
    before = branch(forge.origin, "old", 2)
    after = branch(forge.origin, "topic", 2, start="main~1")
    forge.origin.git("branch", "-D", "old")
    job = forge.job("refs/heads/topic", after, "push", {"before": before})
    assert subjects(job, change(job)) == ["topic 0", "topic 1"]


@pytest.mark.parametrize("depth", [0, 1])
def test_push_when_the_branch_is_new_then_what_the_default_branch_does_not_have(forge: Forge, depth: int) -> None:
    after = branch(forge.origin, "topic", 2)
    job = forge.job("refs/heads/topic", after, "push", {"before": "0" * 40}, depth)
    assert subjects(job, change(job)) == ["topic 0", "topic 1"]


def test_base_when_given_as_a_branch_then_that_one(forge: Forge) -> None:
    branch(forge.origin, "release", 1, start="main~3")
    job = forge.job("refs/heads/main", forge.origin.git("rev-parse", "main"), "workflow_dispatch", {})
    assert subjects(job, change(job, base="release")) == ["main 2", "main 3", "main 4"]


@pytest.mark.parametrize("event", [("schedule", {}), ("push", {"before": "0" * 40})])
def test_event_when_it_has_no_base_then_no_range(forge: Forge, event: tuple[str, dict[str, str]]) -> None:
    name, payload = event
    job = forge.job("refs/heads/main", forge.origin.git("rev-parse", "main"), name, payload)
    assert change(job) == ""
    assert "the whole history is scanned" in job.log


def test_range_when_the_forge_has_it_no_more_then_it_is_left_to_the_scan_to_say(forge: Forge) -> None:
    job = forge.job("refs/heads/main", forge.origin.git("rev-parse", "main"), "push", {"before": "1" * 40})
    assert change(job).startswith("1" * 40)
    assert "the range is not whole" in job.log
