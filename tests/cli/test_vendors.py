"""`vendors list|show|update`, and that every command sees a company's own entries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog

ACME = "id: acme\nname: Acme\ncategory: chat\nhosts: [chat.acme.example]\n"


def ask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shadowscan", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_list_when_json_then_every_vendor_with_counts(tmp_path: Path) -> None:
    rows = json.loads(ask(tmp_path, "vendors", "list", "--format", "json").stdout)

    assert [row["id"] for row in rows] == sorted(load_catalog().vendors)
    assert all(0 <= row["verified"] <= row["hosts"] and row["own"] is False for row in rows)


def test_list_when_category_then_only_it_and_unknown_is_refused(tmp_path: Path) -> None:
    lines = ask(tmp_path, "vendors", "list", "--category", "vector", "--format", "jsonl").stdout.splitlines()
    refused = ask(tmp_path, "vendors", "list", "--category", "vektor")

    assert {json.loads(line)["category"] for line in lines} == {"vector"}
    assert (refused.returncode, "did you mean 'vector'?" in refused.stderr) == (2, True)


def test_show_when_json_then_everything_with_sources(tmp_path: Path) -> None:
    shown = json.loads(ask(tmp_path, "vendors", "show", "anthropic", "--format", "json").stdout)

    assert {"services", "sources", "hosts", "ranges", "region_rules", "key_formats", "packages"} <= shown.keys()
    declared = {source["id"] for source in shown["sources"]}
    assert all(set(host["sources"]) <= declared and host["sources"] for host in shown["hosts"])
    assert all(source["url"].startswith("https://") and source["seen_on"] for source in shown["sources"])
    assert "file" not in shown


def test_show_when_table_then_readable_sections(tmp_path: Path) -> None:
    text = ask(tmp_path, "vendors", "show", "anthropic").stdout

    for heading in ("services", "hosts (", "ranges", "region rules", "key formats", "billing", "packages", "sources"):
        assert f"\n{heading}" in text
    assert "160.79.104.0/23" in text and "api.anthropic.com" in text and "ANTHROPIC_API_KEY" in text


def test_show_when_unknown_then_the_nearest(tmp_path: Path) -> None:
    done = ask(tmp_path, "vendors", "show", "antropic")

    assert (done.returncode, "did you mean 'anthropic'?" in done.stderr) == (2, True)


def test_update_when_done_then_every_command_sees_the_entry(tmp_path: Path) -> None:
    (tmp_path / "given.yaml").write_text(ACME)
    (tmp_path / "policy.yaml").write_text("vendors: {approved: [acme]}\n")
    (tmp_path / "flow.log").write_text("nothing\n")

    before = ask(tmp_path, "scan", "flow.log", "-q").stderr
    done = ask(tmp_path, "vendors", "update", "--from", "given.yaml", "--format", "json")
    after = ask(tmp_path, "scan", "flow.log", "-q").stderr

    assert json.loads(done.stdout) == [
        {"id": "acme", "action": "added", "hosts": 1, "file": ".shadowscan/vendors/acme.yaml", "notes": ""}
    ]
    assert "unknown vendor 'acme'" in before and "unknown vendor" not in after
    assert "acme" in ask(tmp_path, "vendors", "match", "chat.acme.example").stdout
    assert "with your own entry" in ask(tmp_path, "vendors", "show", "acme").stdout
    assert "1 with your own entries" in ask(tmp_path, "doctor").stdout


def test_update_when_settings_name_a_folder_then_there_and_a_missing_one_is_refused_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "given.yaml").write_text(ACME)
    (tmp_path / "shadowscan.toml").write_text('[settings]\nvendors = "security/vendors"\n')

    missing = ask(tmp_path, "vendors", "list")
    ask(tmp_path, "vendors", "update", "--from", "given.yaml")

    assert (missing.returncode, "vendors update --from" in missing.stderr) == (2, True)
    assert (tmp_path / "security" / "vendors" / "acme.yaml").read_text() == ACME
    assert ask(tmp_path, "vendors", "show", "acme").returncode == 0


@pytest.mark.parametrize(
    "text", ["id: [", "id: acme\n", ACME + "hots: []\n", ACME.replace("chat.acme.example", "http://x")]
)
def test_update_when_a_file_is_wrong_then_exit_2_with_file_and_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "given.yaml").write_text(text)

    done = ask(tmp_path, "vendors", "update", "--from", "given.yaml")

    assert done.returncode == 2 and "given.yaml:" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / ".shadowscan" / "vendors").exists()
