import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit
from tests.reporters.render import render, render_report


def schema(name: str) -> Any:
    return json.loads((files("shadowscan") / "schemas" / f"{name}.schema.json").read_text())


@pytest.mark.parametrize("name", ["audit", "report", "baseline"])
def test_schema_is_itself_valid(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_audit_document_follows_its_schema() -> None:
    Draft202012Validator(schema("audit")).validate(json.loads(render("json")))


def test_report_document_follows_its_schema() -> None:
    Draft202012Validator(schema("report")).validate(json.loads(render_report("json")))


def test_findings_are_worst_first_and_money_is_exact() -> None:
    findings = json.loads(render("json"))["findings"]

    assert [f["severity"] for f in findings] == ["critical", "critical", "high", "high", "medium", "info"]
    assert next(f["cost"] for f in findings if f["cost"]) == {"amount": "1200.50", "currency": "USD"}


def test_summary_counts_what_counts() -> None:
    summary = json.loads(render("json"))["summary"]

    assert summary["findings"] == {"critical": 1, "high": 1, "medium": 0, "low": 0, "info": 0}
    assert summary["by_team"] == {"search": 1, "unknown": 1}
    assert summary["by_vendor"] == {"openai": 2}


def test_naive_times_are_utc() -> None:
    audit = make_audit()
    naive = audit.run.started_at.replace(tzinfo=None)
    document = json.loads(
        find_reporter("json").render(replace(audit, run=replace(audit.run, started_at=naive)), RenderOptions())
    )

    assert document["run"]["started_at"] == "2026-10-03T08:00:00Z"


@pytest.mark.parametrize("hostile", ["\x9b31m", "\u2028", "\u202e", "\udcff"])
def test_text_that_acts_on_readers_is_escaped(hostile: str) -> None:
    audit = make_audit()
    changed = replace(audit.findings[0], title=hostile)
    data = find_reporter("jsonl").render(replace(audit, findings=(changed,)), RenderOptions())

    assert hostile not in data.decode()
    assert json.loads(data)["title"] == ("\ufffd" if hostile == "\udcff" else hostile)
