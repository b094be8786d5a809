"""The contract's exit codes, through the command line."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shadowscan.cli import run

FLOW = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action"
    " log-status\n"
    "2 470100000011 eni-1 10.0.1.5 160.79.104.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK\n"
)


def scan(*arguments: object) -> int:
    return run(["scan", *map(str, arguments), "-q", "--db", ":memory:", "--format", "json"])


def test_scan_when_nothing_counts_at_the_bar_then_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.log").write_text(FLOW)
    assert scan("flow.log") == 0  # without a policy severity is medium
    assert scan("flow.log", "--fail-on", "medium") == 1
    assert scan("flow.log", "--fail-on", "never") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        ["empty"],
        ["photo.png"],
        ["flow.log", "--select", "keys.leeked-key"],
        ["flow.log", "--fail-on", "worst"],
        ["flow.log", "--engine", "spark://host:7077"],
        ["flow.log", "--format", "sarif"],
        ["flow.log", "--format", "xlsx"],
        ["gs://bucket/prefix"],
        ["flow.log", "--policy", "bad.yaml"],
    ],
)
def test_scan_when_it_makes_no_sense_then_2_and_a_hint(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.log").write_text(FLOW)
    (tmp_path / "empty").mkdir()
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (tmp_path / "bad.yaml").write_text("vendors:\n  aproved: [openai]\n")
    assert scan(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert "Traceback" not in err


def test_scan_when_policy_has_an_unknown_key_then_file_line_and_nearest_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.log").write_text(FLOW)
    (tmp_path / "bad.yaml").write_text("organization: acme\nvendors:\n  aproved: [openai]\n  denied: [deepsek]\n")
    scan("flow.log", "--policy", "bad.yaml")
    err = capfd.readouterr().err
    assert "bad.yaml:3" in err
    assert "approved" in err
    assert "deepseek" in err


def test_scan_when_gz_is_cut_then_rows_before_are_kept_and_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    row = FLOW.splitlines()[1]
    whole = gzip.compress("\n".join([FLOW.splitlines()[0], *[row] * 5000]).encode(), compresslevel=1)
    (tmp_path / "flow.log.gz").write_bytes(whole[: len(whole) // 2])
    assert scan("flow.log.gz") == 3
    document = json.loads(capfd.readouterr().out)
    (source,) = document["sources"]
    assert source["state"] == "partial"
    assert 0 < source["tables"]["flow"] < 5000
    assert document["run"]["complete"] is False
    assert scan("flow.log.gz", "--on-incomplete", "warn") == 0


def test_scan_when_stdout_is_closed_then_141(tmp_path: Path) -> None:
    (tmp_path / "flow.log").write_text(FLOW)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "shadowscan", "scan", "flow.log", "-q", "--db", ":memory:", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.DEVNULL, check=False)
    os.close(writing)
    assert done.returncode == 141
