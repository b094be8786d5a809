"""The composite action, step by step, on what the checkout action leaves."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integrations.conftest import Forge
from tests.integrations.runner import ROOT, Job, run_action
from tests.secrets.generate import make_key

OLD, NEW = (f"k = '{make_key(kind)}'\n" for kind in ("openai-project-key", "anthropic-api-key"))


def pull_request(forge: Forge, files: dict[str, str | bytes | None], **github: Any) -> Job:
    forge.origin.commit({"old.py": OLD})
    forge.origin.git("checkout", "-q", "-b", "topic")
    forge.origin.commit(files)
    base, merge = forge.merge(7, "topic")
    payload = {"pull_request": {"number": 7, "commits": 1, "base": {"sha": base}}}
    job = forge.job("refs/pull/7/merge", merge, "pull_request", payload)
    job.github.update(github)
    return job


def annotations(job: Job) -> list[str]:
    return [line for line in job.log.splitlines() if line.startswith(("::error", "::warning", "::notice file"))]


def test_pull_request_when_it_adds_a_key_then_1_at_its_line_and_nothing_of_before(forge: Forge) -> None:
    job = pull_request(forge, {"src/new.py": f"# new\n{NEW}"})
    assert run_action(job, select="keys.*", comment="false") == 1
    (line,) = annotations(job)
    assert line.startswith("::error file=src/new.py,line=2,title=keys.leaked-key")
    assert "%0AFix 1: Issue a new key" in line
    assert "**1 finding** (1 critical)" in job.summary
    log = json.loads(Path(job.output("scan", "sarif")).read_text("utf-8"))
    assert len(log["runs"][0]["results"]) == 1


def test_pull_request_when_nothing_new_counts_then_0_and_no_annotation(forge: Forge) -> None:
    job = pull_request(forge, {"b.txt": "1"})
    assert run_action(job, comment="false") == 0, job.log
    assert annotations(job) == []
    assert job.output("scan", "exit-code") == "0"
    assert job.used == ["actions/cache/restore@v5"]


def test_pull_request_when_it_brings_its_own_silence_then_it_counts(forge: Forge) -> None:
    silence = 'suppressions: [{rule: "keys.leaked-key", path: "**", reason: r, by: me, expires: 2099-01-01}]\n'
    files: dict[str, str | bytes | None] = {"new.py": NEW.strip() + "  # gitleaks:allow\n", "policy.yaml": silence}
    assert run_action(pull_request(forge, files), select="keys.*", comment="false") == 1


def test_scheduled_run_when_one_commit_is_here_then_3_since_history_is_missing(forge: Forge) -> None:
    job = forge.job("refs/heads/main", forge.origin.git("rev-parse", "main"), "schedule", {})
    assert run_action(job, select="keys.*") == 3
    assert "fetch --unshallow" in job.log


def test_scheduled_run_when_all_history_is_here_then_old_keys_count(forge: Forge) -> None:
    forge.origin.commit({"old.py": OLD})
    forge.origin.commit({"old.py": None})
    job = forge.job("refs/heads/main", forge.origin.git("rev-parse", "main"), "schedule", {}, depth=0)
    assert run_action(job, select="keys.*", args="--all-secrets --on-incomplete warn") == 1
    assert "Where: " in job.log


def test_policy_when_it_is_wrong_then_2_and_the_log_says_so(forge: Forge) -> None:
    job = pull_request(forge, {"b.txt": "1"})
    assert run_action(job, fail_on="loud", comment="false") == 2
    assert "::error title=shadowscan did not run::" in job.log


class Comments(ThreadingHTTPServer):
    """The part of GitHub's API that comments use: a list, a new one, a changed one."""

    def __init__(self, may_write: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.may_write = may_write
        self.comments: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Comments

    def do_GET(self) -> None:
        page = int(self.path.rpartition("page=")[2])
        self._answer(200, self.server.comments[100 * (page - 1) : 100 * page])

    def do_POST(self) -> None:
        body = self._body()
        if not self.server.may_write:
            self._answer(403, {"message": "Resource not accessible by integration"})
            return
        bot = {"type": "Bot"}
        self.server.comments.append({"id": len(self.server.comments), "user": bot, "body": body})
        self._answer(201, self.server.comments[-1])

    def do_PATCH(self) -> None:
        comment = self.server.comments[int(self.path.rpartition("/")[2])]
        comment["body"] = self._body()
        self._answer(200, comment)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing on stderr."""

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

    def _answer(self, code: int, document: Any) -> None:
        assert self.headers["Authorization"] == "Bearer t0ken"
        data = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def comments() -> Iterator[Comments]:
    server = Comments(may_write=True)
    yield server
    server.shutdown()
    server.server_close()


def comment(job: Job, server: Comments, code: str, report: str = "# Shadow AI audit\n") -> str:
    """Run the comment step alone with the scan's outcome; gives what it logged."""
    file = job.temp / "report.md"
    file.write_text(report)
    job.environment["GITHUB_API_URL"] = server.url
    job.steps["scan"] = {"outputs": {"exit-code": code, "markdown": str(file)}}
    job.log = ""
    assert run_action(job, only="comment", token="t0ken") == 0, job.log
    return job.log


def test_comment_when_the_scan_runs_again_then_one_comment_brought_up_to_date(forge: Forge, comments: Comments) -> None:
    job = pull_request(forge, {"b.txt": "1"})
    stranger = {"id": 0, "user": {"type": "User"}, "body": "<!-- shadowscan: this comment is kept up to date -->"}
    comments.comments += [{**stranger, "id": n} for n in range(120)]
    comment(job, comments, "1", "# first\n")
    comment(job, comments, "1", "# second\n")
    assert [entry["body"].splitlines()[1] for entry in comments.comments[120:]] == ["# second"]
    comment(job, comments, "0")
    assert "nothing that this change adds counts any more" in comments.comments[120]["body"]
    assert comments.comments[0] == stranger


def test_comment_when_nothing_ever_counted_then_none(forge: Forge, comments: Comments) -> None:
    comment(pull_request(forge, {"b.txt": "1"}), comments, "0")
    assert comments.comments == []


def test_comment_when_the_report_is_too_long_then_cut_before_a_heading(forge: Forge, comments: Comments) -> None:
    report = "# Audit\n\n## Findings\n" + "\n### one\n\n" + "x" * 50_000 + "\n### two\n\n" + "y" * 50_000
    comment(pull_request(forge, {"b.txt": "1"}), comments, "1", report)
    body = comments.comments[0]["body"]
    assert len(body) < 65_536
    assert "### two" not in body
    assert "summary of the job has the rest" in body


def test_comment_when_the_token_may_not_write_then_a_notice_and_no_failure(forge: Forge, comments: Comments) -> None:
    comments.may_write = False
    assert "::notice title=shadowscan::No comment" in comment(pull_request(forge, {"b.txt": "1"}), comments, "1")


def test_action_when_it_uses_others_then_only_the_cache() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    assert [step["uses"] for step in steps if "uses" in step] == ["actions/cache/restore@v5", "actions/cache/save@v5"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert [script for script in scripts if "${{" in script] == [], "an expression in a script is code of the event"


@pytest.mark.slow
def test_action_when_nothing_is_cached_then_it_installs_itself(forge: Forge) -> None:
    job = pull_request(forge, {"new.py": NEW})
    job.is_cold = True
    assert run_action(job, select="keys.*", comment="false") == 1, job.log
    assert annotations(job)[0].startswith("::error file=new.py,line=1")
    assert job.used == ["actions/cache/restore@v5", "actions/cache/save@v5"], "a check that fails keeps its install"
