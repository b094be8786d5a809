"""Start-up stays cheap: help and version import no SDK."""

import json
import subprocess
import sys

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
