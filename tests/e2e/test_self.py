"""The project scans clean with its own tool, history included."""

import json
import subprocess
from pathlib import Path

from shadowscan.cli import run

ROOT = Path(__file__).parents[2]


def test_own_repository_when_scanned_then_no_key_in_any_commit(tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", str(ROOT), str(tmp_path / "shadowscan")], check=True)
    output = tmp_path / "audit.json"
    arguments = ["--select", "keys.*", "--all-secrets", "-q", "--db", ":memory:", "--format", f"json={output}"]
    assert run(["scan", str(tmp_path / "shadowscan"), *arguments]) == 0
    document = json.loads(output.read_text("utf-8"))
    assert [(finding["rule_id"], finding["locations"]) for finding in document["findings"]] == []
    assert document["sources"][0]["state"] == "collected"
