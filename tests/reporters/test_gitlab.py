"""GitLab's secret detection report.

The schema below is a digest of what 15.2.1 asks of the parts that are written here, in its own words; `python -m
bench.schemas` holds reports against the published file itself.
"""

import json
from dataclasses import replace
from typing import Any

from jsonschema import Draft7Validator

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Finding
from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit

TEXT = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}


def record(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


IDENTIFIER = record("type name value", type=TEXT, name=TEXT, value=TEXT, url={"pattern": "^(https?|ftp)://.+"})
SCANNER = record("id name version vendor", id=TEXT, name=TEXT, version=TEXT, vendor=record("name", name=TEXT))
SCAN = record(
    "analyzer end_time scanner start_time status type",
    analyzer=SCANNER,
    scanner=SCANNER,
    start_time=TIME,
    end_time=TIME,
    status={"enum": ["success", "failure"]},
    type={"const": "secret_detection"},
    messages={"items": record("level value", level={"enum": ["info", "warn", "fatal"]}, value=TEXT)},
)
VULNERABILITY = record(
    "id identifiers location",
    id=TEXT,
    name={"type": "string", "maxLength": 255},
    description={"type": "string", "maxLength": 1048576},
    solution={"type": "string", "maxLength": 7000},
    severity={"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
    identifiers={"type": "array", "minItems": 1, "items": IDENTIFIER},
    location=record(
        "commit",
        file={"type": "string"},
        start_line={"type": "number"},
        commit=record("sha", sha=TEXT, author={"type": "string"}),
    ),
)
SCHEMA = record(
    "scan version vulnerabilities",
    scan=SCAN,
    version={"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
    vulnerabilities={"type": "array", "items": VULNERABILITY},
)


def report(audit: Audit) -> Any:
    document = json.loads(find_reporter("gitlab").render(audit, RenderOptions()))
    Draft7Validator(SCHEMA).validate(document)
    return document


def with_key(**changes: Any) -> Audit:
    key: Finding = next(f for f in make_audit().findings if f.rule_id == "keys.leaked-key" and f.counts)
    return replace(make_audit(), findings=(replace(key, **changes),))


def test_report_follows_the_schema_and_has_a_vulnerability_a_file() -> None:
    found = report(make_audit())["vulnerabilities"]

    assert len(found) == 3
    assert len({entry["id"] for entry in found}) == 3


def test_key_in_no_file_stands_at_its_commit() -> None:
    place = CodeLocation("acme/api", "", 0, "d" * 40, "", None, in_head=False)

    (found,) = report(with_key(locations=(place,)))["vulnerabilities"]

    assert found["location"] == {"commit": {"sha": "d" * 40}}


def test_texts_longer_than_gitlab_takes_are_cut() -> None:
    found = report(with_key(title="t" * 300, remediation="r" * 9000))["vulnerabilities"]

    assert {(len(entry["name"]), len(entry["solution"])) for entry in found} == {(255, 7000)}


def test_weakness_is_an_identifier_after_the_rule() -> None:
    found = report(with_key(tags=("cwe-798", "owasp-llm02-2025")))["vulnerabilities"]

    assert [entry["name"] for entry in found[0]["identifiers"]] == ["keys.leaked-key", "CWE-798"]


def test_what_failed_and_what_has_no_place_here_is_said() -> None:
    scan = report(make_audit())["scan"]

    assert scan["status"] == "failure"
    assert [message["level"] for message in scan["messages"]] == ["warn", "warn", "warn", "info"]
    assert scan["messages"][-1]["value"].startswith("1 finding of other rules")
