"""A small runner of composite actions: the shell steps of an action.yml, as GitHub's runner would start them.

Expressions are the part that the action uses: dotted names, strings, `==`, `!=`, `&&` and `||`. Of the steps that use
other actions only the cache is played: it restores this checkout's own environment, unless the job starts cold.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_PART = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Job:
    """One job's state: the checkout, the event, and what the steps leave."""

    workspace: Path
    temp: Path
    github: dict[str, Any]
    environment: dict[str, str]
    is_cold: bool = False
    steps: dict[str, Any] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    log: str = ""

    @property
    def summary(self) -> str:
        file = self.temp / "summary.md"
        return file.read_text("utf-8") if file.exists() else ""

    def output(self, step: str, name: str) -> str:
        return str(self.steps[step]["outputs"].get(name, ""))


def run_action(job: Job, *, only: str = "", **inputs: str) -> int:
    """Run the action, or `only` one step of it; gives the exit code of the first step that fails, else 0."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    known = {
        name: _fill(str(spec.get("default", "")), {"github": job.github}) for name, spec in action["inputs"].items()
    }
    assert set(given) <= set(known), "an input that the action does not have"
    for step in (step for step in action["runs"]["steps"] if only in ("", step.get("id"))):
        context = {"github": job.github, "inputs": {**known, **given}, "steps": job.steps}
        if "if" in step and not _value(step["if"], context):
            continue
        if "uses" in step:
            _play_cache(job, step, Path(_fill(step["with"]["path"], context)))
            continue
        code = _run_step(job, step, context)
        if code:
            return code
    return 0


def _run_step(job: Job, step: dict[str, Any], context: dict[str, Any]) -> int:
    assert step["shell"] == "bash"
    outputs = job.temp / f"output-{len(list(job.temp.iterdir()))}"
    outputs.touch()
    files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(job.temp / "summary.md")}
    own = {name: _fill(str(value), context) for name, value in step.get("env", {}).items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _fill(step["run"], context)],
        cwd=job.workspace,
        env={**job.environment, "GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(job.temp), **files, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    job.log += done.stdout + done.stderr
    pairs = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
    job.steps[step.get("id", step["name"])] = {"outputs": pairs}
    return done.returncode


def _play_cache(job: Job, step: dict[str, Any], path: Path) -> None:
    job.used.append(step["uses"])
    if "restore" not in step["uses"]:
        return
    job.steps[step["id"]] = {"outputs": {"cache-hit": "" if job.is_cold else "true"}}
    if not job.is_cold:
        tool = path / "bin" / "shadowscan"
        tool.parent.mkdir(parents=True)
        tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m shadowscan "$@"\n')
        tool.chmod(0o755)


def _fill(text: str, context: dict[str, Any]) -> str:
    return _PART.sub(lambda part: str(_value(part.group(1), context) or ""), text)


def _value(expression: str, context: dict[str, Any]) -> Any:
    """`a || b`, `a && b`, `a == 'b'`, `a != 'b'` and names, by rising precedence."""
    for operator in ("||", "&&"):
        if operator in expression:
            parts = [_value(part.strip(), context) for part in expression.split(operator)]
            wanted = operator == "||"
            return next((part for part in parts if bool(part) is wanted), parts[-1])
    for operator in ("==", "!="):
        if operator in expression:
            left, right = (_value(part.strip(), context) for part in expression.split(operator))
            return (left == right) is (operator == "==")
    if expression.startswith("'"):
        return expression.strip("'")
    found: Any = context
    for name in expression.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def clean_environment() -> dict[str, str]:
    """The machine's own environment without git's and GitHub's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "RUNNER_"))}
