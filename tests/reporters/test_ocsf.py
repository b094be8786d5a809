"""Detection findings of OCSF 1.3.0: what the class asks for. bench/schemas.py reads the schema's own sources."""

import json
from typing import Any

import pytest

from tests.reporters.render import render

# https://schema.ocsf.io/1.3.0/classes/detection_finding: required attributes, and the values of the enumerations used.
REQUIRED = {"activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time", "type_uid"}
VALUES = {
    "activity_id": {0, 1, 2, 3, 99},
    "severity_id": {0, 1, 2, 3, 4, 5, 6, 99},
    "confidence_id": {0, 1, 2, 3, 99},
    "status_id": {0, 1, 2, 3, 4, 99},
}
EVENTS = [json.loads(line) for line in render("ocsf").splitlines()]


@pytest.mark.parametrize("event", EVENTS, ids=[event["finding_info"]["uid"][:8] for event in EVENTS])
def test_event_is_of_its_class(event: dict[str, Any]) -> None:
    assert event.keys() >= REQUIRED
    assert (event["category_uid"], event["class_uid"]) == (2, 2004)
    assert event["type_uid"] == 2004 * 100 + event["activity_id"]
    assert {name: event[name] for name, allowed in VALUES.items() if event[name] not in allowed} == {}
    assert event["metadata"].keys() >= {"product", "version"}
    assert event["finding_info"].keys() >= {"title", "uid"}
    assert isinstance(event["time"], int) and event["time"] > 10**12, "milliseconds"


def test_suppressed_baselined_and_resolved_findings_have_their_status() -> None:
    assert sorted(event["status"] for event in EVENTS) == ["New", "New", "New", "Resolved", "Suppressed", "Suppressed"]
