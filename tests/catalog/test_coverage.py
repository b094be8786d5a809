"""The coverage report over any list of hosts."""

from pathlib import Path

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.catalog.check import main
from shadowscan.catalog.coverage import coverage_lines, measure
from shadowscan.catalog.public_suffix import public_suffixes

LIST = """# a comment
rank,domain
1,api.openai.com
2,STATUS.openai.com.
"3","www.shop.co.uk"
4;cdn.shop.co.uk
*.huggingface.co
||blocked.example^
not-a-host
1.2.3
"""


def test_measure_when_list_is_a_csv_then_known_and_unknown_are_counted() -> None:
    found = measure(LIST.splitlines(keepends=True), load_catalog(), public_suffixes())

    assert (found.total, found.refused) == (7, 1)
    assert [(name, vendor) for name, vendor, _ in found.known][:2] == [
        ("api.openai.com", "openai"),
        ("STATUS.openai.com.", "openai"),
    ]
    assert found.surfaces["api"] == found.surfaces["status"] == 1
    assert found.unknown == {"shop.co.uk": 2, "blocked.example": 1}


def test_coverage_when_told_then_share_surfaces_and_what_is_missing() -> None:
    lines = list(coverage_lines(measure(["api.openai.com", "a.shop.co.uk"], load_catalog(), public_suffixes())))

    assert lines[0] == "2 names, 1 known (50.00 %), 1 of them use, 0 refused"
    assert "  api.openai.com  openai  api" in lines and "  1       shop.co.uk" in lines


def test_coverage_when_list_is_empty_or_missing_then_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "none").write_text("")

    assert main(["--list", str(tmp_path / "none")]) == 0
    assert main(["--list", str(tmp_path / "missing")]) == 1
    assert capsys.readouterr().out.startswith("0 names, 0 known (0.00 %)")
