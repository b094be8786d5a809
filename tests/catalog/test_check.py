"""The shipped files pass their own upkeep, and each kind of neglect is seen."""

from datetime import date

from shadowscan.catalog.check import check_files
from shadowscan.catalog.loader import shipped_files


def test_shipped_files_when_checked_then_no_error() -> None:
    report = check_files(shipped_files(), date(2026, 11, 26))

    assert [f"{problem.place}: {problem.message}" for problem in report.errors] == []
