"""Findings reach their team: sections by team, how it is reached, who owns the code, what has no team last."""

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from shadowscan.model.audit import Audit
from shadowscan.model.owner import Owner, OwnerEvidence
from shadowscan.model.severity import Severity
from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit

OWNED = Owner("growth", "owned", 0.8, "codeowners", (OwnerEvidence("codeowners", "*", "@acme/growth", 0.8),))
NOBODY = Owner(None, "unowned", 0.0, "nothing found")
CONTACT = "#growth-alerts"


def audit_of(*owners: Owner, severities: tuple[Severity, ...] = ()) -> Audit:
    """One finding that counts for each owner."""
    finding = next(found for found in make_audit().findings if found.counts)
    levels = severities or (Severity.HIGH,) * len(owners)
    found = tuple(
        replace(finding, owner=owner, severity=level, fingerprint=f"{number:032}")
        for number, (owner, level) in enumerate(zip(owners, levels, strict=True))
    )
    return replace(make_audit(), findings=found, contacts=(("growth", CONTACT),))


def render(audit: Audit, format: str) -> bytes:
    return find_reporter(format).render(audit, RenderOptions())


@pytest.mark.parametrize("format", ["terminal", "markdown", "html", "github", "gitlab", "sarif", "ocsf"])
def test_team_when_it_has_a_contact_then_it_is_told(format: str) -> None:
    key = next(found for found in make_audit().findings if found.rule_id == "keys.leaked-key" and found.counts)
    audit = replace(audit_of(OWNED), findings=(replace(key, owner=OWNED),))

    assert "growth-alerts" in render(audit, format).decode().replace("\\-", "-")


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_groups_when_one_has_no_team_then_it_comes_last_even_if_worst(format: str) -> None:
    text = render(audit_of(NOBODY, OWNED, severities=(Severity.CRITICAL, Severity.LOW)), format).decode()

    assert 0 < text.index("growth") < text.index("no team")


def test_terminal_when_teams_fill_the_screen_then_what_is_critical_and_nobodys_is_on_it() -> None:
    teams = [Owner(f"team-{number:02}", "owned", 0.9, "tag") for number in range(20)]
    text = render(audit_of(NOBODY, *teams, severities=(Severity.CRITICAL, *[Severity.LOW] * 20)), "terminal").decode()

    assert "no team (unowned)" in text
    assert "more; -v shows all" in text


def test_sarif_when_code_has_owners_then_they_are_a_property_as_the_host_writes_them() -> None:
    results = json.loads(render(audit_of(OWNED, NOBODY), "sarif"))["runs"][0]["results"]
    properties: list[dict[str, Any]] = [result["properties"] for result in results]

    assert [each.get("codeOwners") for each in properties] == [["@acme/growth"], None]
    assert [each.get("contact") for each in properties] == [CONTACT, None]


def test_workbook_when_teams_then_a_sheet_counts_for_each_and_nobodys_last() -> None:
    from openpyxl import load_workbook

    data = render(audit_of(NOBODY, OWNED, OWNED, severities=(Severity.HIGH, Severity.HIGH, Severity.LOW)), "xlsx")

    rows = list(load_workbook(BytesIO(data))["teams"].values)

    assert rows[0][:3] == ("team", "contact", "critical")
    assert rows[1] == ("growth", CONTACT, 0, 1, 0, 1, 0)
    assert rows[2][0] == "unowned"
