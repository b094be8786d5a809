"""What docs/ci.md tells people to paste is valid, and names only what there is."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integrations.runner import ROOT

BLOCKS = re.findall(r"```yaml\n# (\S+)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.DOTALL)
SCHEMAS = {"action.yml": "vendor.github-actions", "integrations/gitlab.yml": "vendor.gitlab-ci"}


def validate(schema: str, file: Path) -> None:
    call = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def block(name: str) -> str:
    return next(text for file, text in BLOCKS if file == name)


@pytest.mark.parametrize("file", sorted(SCHEMAS))
def test_file_when_held_against_the_published_schema_then_valid(file: str) -> None:
    validate(SCHEMAS[file], ROOT / file)


@pytest.mark.parametrize("name", [".github/workflows/shadowscan.yml", ".github/workflows/shadowscan-history.yml"])
def test_workflow_when_pasted_then_valid_and_every_input_is_the_action_s(name: str, tmp_path: Path) -> None:
    file = tmp_path / "workflow.yml"
    file.write_text(block(name))
    validate("vendor.github-workflows", file)
    (job,) = yaml.safe_load(block(name))["jobs"].values()
    (step,) = [step for step in job["steps"] if step["uses"].startswith("OWNER/shadowscan@")]
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert set(step.get("with", {})) <= set(action["inputs"])
    assert set(re.findall(r"outputs\.([\w-]+)", block(name))) <= set(action["outputs"])


def test_gitlab_include_when_pasted_then_valid_and_overrides_a_variable_of_the_job(tmp_path: Path) -> None:
    file = tmp_path / "ci.yml"
    file.write_text(block(".gitlab-ci.yml"))
    validate("vendor.gitlab-ci", file)
    pasted = yaml.safe_load(block(".gitlab-ci.yml"))["shadowscan"]
    job = yaml.safe_load((ROOT / "integrations" / "gitlab.yml").read_text("utf-8"))["shadowscan"]
    assert set(pasted["variables"]) <= set(job["variables"])


def test_hook_configuration_when_pasted_then_pre_commit_takes_it_and_knows_the_hook(tmp_path: Path) -> None:
    from pre_commit.clientlib import load_config, load_manifest

    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(block(".pre-commit-config.yaml"))
    (source,) = load_config(file)["repos"]
    offered = {hook["id"] for hook in load_manifest(ROOT / ".pre-commit-hooks.yaml")}
    assert {hook["id"] for hook in source["hooks"]} == offered
