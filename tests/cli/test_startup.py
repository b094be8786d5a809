"""Start-up stays cheap: help and version import no SDK."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SDKS = (
    "boto3",
    "botocore",
    "pandas",
    "google.cloud",
    "git",
    "detect_secrets",
    "pyarrow",
    "sqlglot",
    "duckdb",
    "jinja2",
)


@pytest.mark.parametrize("argument", ["--help", "--version", "scan --help"])
def test_help_when_asked_for_then_no_sdk_is_imported(argument: str) -> None:
    code = (
        "import sys, json; from shadowscan.cli import run;"
        f"run({argument.split()!r}); print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    assert imported & set(SDKS) == set()


def test_scan_when_nothing_changed_then_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    sample = Path(__file__).parents[1] / "samples" / "aws_vpc_flow_v5.log"
    code = (
        "import sys, json; from shadowscan.cli import run;"
        f"code = run(['scan', {str(sample)!r}, '-q', '--format', 'json=a.json', '--fail-on', 'never']);"
        "print(json.dumps([code, *sorted(sys.modules)]))"
    )
    twice = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
        for _ in range(2)
    ]
    exit_code, *imported = json.loads(twice[1].stdout.splitlines()[-1])
    assert exit_code == 0
    assert set(imported) & {"pyarrow", "numpy", "pandas", "ruamel.yaml", "boto3", "git"} == set()
