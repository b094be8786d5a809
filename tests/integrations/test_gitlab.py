"""The GitLab job's own script, on what a runner leaves: some commits, detached."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.git.repository import Repo
from tests.integrations.conftest import Forge
from tests.integrations.runner import ROOT, clean_environment
from tests.secrets.generate import make_key

JOB = yaml.safe_load((ROOT / "integrations" / "gitlab.yml").read_text("utf-8"))["shadowscan"]
KEY = f"k = '{make_key('anthropic-api-key')}'\n"
ZERO = "0" * 40


def checkout(forge: Forge, commit: str, depth: int = 20) -> Path:
    workspace = forge.folder / "builds"
    workspace.mkdir()
    clone = Repo(workspace)
    clone.git("init", "-q", "-b", "main")
    clone.git("remote", "add", "origin", forge.origin.path.as_uri())
    clone.git("fetch", "-q", f"--depth={depth}", "origin", f"+{commit}:refs/pipelines/1")
    clone.git("checkout", "-q", "--force", "--detach", "refs/pipelines/1")
    return workspace


def run_job(workspace: Path, *steps: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The steps as the runner's shell runs them; `shadowscan` is this checkout's, unless a step installs another."""
    tools = workspace.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "shadowscan").write_text(f'#!/bin/sh\nexec {sys.executable} -m shadowscan "$@"\n')
    (tools / "shadowscan").chmod(0o755)
    environment = clean_environment()
    environment |= {name: str(value) for name, value in JOB["variables"].items()}
    environment |= {"CI_PROJECT_DIR": str(workspace), "CI_PROJECT_URL": "https://gitlab.example/acme/api"}
    environment |= {"PATH": f"{tools}:{environment['PATH']}", "TMPDIR": str(workspace.parent), **variables}
    script = "\n".join(line for step in steps for line in JOB[step])
    script = script.replace("/tmp/", f"{workspace.parent}/")  # noqa: S108 - the runner's, not this machine's
    call = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(call, cwd=workspace, env=environment, capture_output=True, text=True, check=False)


def report(workspace: Path) -> list[str]:
    document = json.loads((workspace / "gl-secret-detection-report.json").read_text("utf-8"))
    return [entry["location"]["file"] for entry in document["vulnerabilities"]]


def test_job_when_a_merge_request_is_longer_than_the_clone_then_it_fetches_and_finds_the_key(forge: Forge) -> None:
    forge.origin.git("checkout", "-q", "-b", "topic")
    base = forge.origin.git("rev-parse", "HEAD")
    forge.origin.commit({"new.py": KEY})
    for n in range(25):
        forge.origin.commit({"n.txt": f"{n}"})
    workspace = checkout(forge, forge.origin.git("rev-parse", "HEAD"))
    done = run_job(workspace, "script", CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_COMMIT_BEFORE_SHA=ZERO)
    assert (done.returncode, report(workspace)) == (1, ["new.py"]), done.stderr
    suites = ElementTree.parse(workspace / "shadowscan.xml").getroot()  # noqa: S314 - our own output
    assert suites[0].get("failures") == "1"
    assert "new.py:1" in done.stdout


def test_job_when_a_merged_result_then_only_what_the_source_adds(forge: Forge) -> None:
    fork = forge.origin.git("rev-parse", "HEAD")
    forge.origin.git("checkout", "-q", "-b", "topic")
    forge.origin.commit({"b.txt": "1"})
    forge.origin.git("checkout", "-q", "main")
    forge.origin.commit({"old.py": KEY})
    target, merge = forge.merge(3, "topic")
    workspace = checkout(forge, merge)
    start = {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target, "CI_MERGE_REQUEST_DIFF_BASE_SHA": fork}
    done = run_job(workspace, "script", **start)
    assert (done.returncode, report(workspace)) == (0, []), done.stderr


def test_job_when_scheduled_then_the_whole_history_and_not_the_job_s_cache(forge: Forge) -> None:
    forge.origin.commit({"old.py": KEY})
    forge.origin.commit({"old.py": None})
    for n in range(25):
        forge.origin.commit({"n.txt": f"{n}"})
    workspace = checkout(forge, forge.origin.git("rev-parse", "HEAD"))
    (workspace / ".cache").mkdir()
    (workspace / ".cache" / "wheel.py").write_text(KEY)
    done = run_job(workspace, "script", CI_COMMIT_BEFORE_SHA=ZERO)
    assert (done.returncode, report(workspace)) == (1, ["old.py"]), done.stderr


def test_job_when_the_range_is_gone_then_3(forge: Forge) -> None:
    workspace = checkout(forge, forge.origin.git("rev-parse", "HEAD"))
    done = run_job(workspace, "script", CI_COMMIT_BEFORE_SHA="1" * 40)
    assert done.returncode == 3
    assert json.loads((workspace / "gl-secret-detection-report.json").read_text())["scan"]["status"] == "failure"


@pytest.mark.slow
def test_job_when_nothing_is_installed_then_it_installs_and_scans(forge: Forge) -> None:
    forge.origin.commit({"new.py": KEY})
    workspace = checkout(forge, forge.origin.git("rev-parse", "HEAD"))
    start = {"CI_COMMIT_BEFORE_SHA": forge.origin.git("rev-parse", "HEAD~1"), "SHADOWSCAN_PACKAGE": f"{ROOT}[fast]"}
    done = run_job(workspace, "before_script", "script", **start)
    assert (done.returncode, report(workspace)) == (1, ["new.py"]), done.stderr
    assert (workspace.parent / "shadowscan" / "bin" / "shadowscan").exists()
