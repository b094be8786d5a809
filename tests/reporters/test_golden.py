"""Golden files: what each format writes for the hostile fixture, read in review.

To write them anew: `SHADOWSCAN_GOLDEN=write pytest tests/reporters/test_golden.py`, then read the diff.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from shadowscan.errors import UsageError
from shadowscan.reporters import find_reporter, reporter_ids
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit, make_report

GOLDEN = Path(__file__).parent / "golden"
AUDITS = sorted(set(reporter_ids()) - {"xlsx"})
REPORTS = ["csv", "html", "json", "markdown", "terminal"]


def check(name: str, data: bytes) -> None:
    path = GOLDEN / name
    if os.environ.get("SHADOWSCAN_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert data.decode() == path.read_bytes().decode()


@pytest.mark.parametrize("id", AUDITS)
def test_audit_as_in_the_golden_file(id: str) -> None:
    check(f"audit.{id}.txt", find_reporter(id).render(make_audit(), RenderOptions()))


def test_verbose_terminal_as_in_the_golden_file() -> None:
    options = RenderOptions(verbose=True, group_by="vendor", width=120)

    check("audit.terminal-verbose.txt", find_reporter("terminal").render(make_audit(), options))


@pytest.mark.parametrize("id", REPORTS)
def test_report_as_in_the_golden_file(id: str) -> None:
    check(f"report.{id}.txt", find_reporter(id).render_report(make_report(), RenderOptions()))


@pytest.mark.parametrize("id", reporter_ids())
def test_same_audit_in_another_order_gives_the_same_bytes(id: str) -> None:
    audit = make_audit()
    lists = ("sources", "rules", "coverage", "findings", "inventory", "residency")
    turned = replace(audit, **{name: getattr(audit, name)[::-1] for name in lists})
    reporter = find_reporter(id)

    assert reporter.render(turned, RenderOptions()) == reporter.render(audit, RenderOptions())


@pytest.mark.parametrize("id", sorted(set(reporter_ids()) - set(REPORTS) - {"xlsx"}))
def test_report_in_a_format_for_findings_is_refused(id: str) -> None:
    with pytest.raises(UsageError, match=f"cannot be written as {id}"):
        find_reporter(id).render_report(make_report(), RenderOptions())


def test_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'sarif'"):
        find_reporter("sarf")


@pytest.mark.parametrize("id", reporter_ids())
def test_audit_without_findings_still_says_what_was_not_looked_at(id: str) -> None:
    audit = replace(make_audit(), findings=(), inventory=(), residency=())
    data = find_reporter(id).render(audit, RenderOptions())

    silent = {"jsonl", "ocsf", "csv", "gitlab", "xlsx"}  # findings only, or binary
    assert id in silent or b"broken.gz" in data
