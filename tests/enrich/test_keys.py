"""`llm_key`: one row a key and repository, as bad as its worst place."""

from typing import Any

import pytest

from shadowscan.enrich import keys
from tests.enrich.hits import hit
from tests.enrich.records import Network, insert

KEY: dict[str, Any] = {
    "key_id": "9f2c", "mask": "sk-proj-…9Qx2", "service": "project_key", "severity": "critical", "path": ".env",
    "detail": "openai-project-key, in base64",
}  # fmt: skip


def only_row(network: Network, columns: str) -> tuple[Any, ...]:
    keys.build(network.context)
    (row,) = network.store.query(f"select {columns} from llm_key").rows
    return tuple(row)


def test_key_when_in_three_places_then_one_row_with_all_of_them() -> None:
    network = Network()
    for line in (1, 2, 3):
        hit(network.store, "key", "openai", **KEY, line=line, in_head=line == 2)

    row = only_row(network, "vendor_name, place_count, in_head, severity, confidence, is_ai")

    assert row == ("OpenAI", 3, True, "critical", "high", True)


@pytest.mark.parametrize(
    ("kind_severity", "key_kind", "in_head", "expected"),
    [
        ("critical", "project_key", True, "critical"),
        ("critical", "project_key", False, "high"),
        ("critical", "admin_key", False, "critical"),
        ("info", "public_key", True, "info"),
        ("medium", "api_key", True, "medium"),
    ],
)
def test_severity_when_kind_and_place_are_known_then_as_bad_as_they_make_it(
    kind_severity: str, key_kind: str, in_head: bool, expected: str
) -> None:
    assert keys.severity_of(kind_severity, key_kind, in_head) == expected


@pytest.mark.parametrize(
    ("vendor_id", "format_id", "expected"),
    [
        ("openai", "openai-project-key", "high"),
        ("minimax", "minimax-key", "medium"),
        ("mistral", "mistral-key", "low"),
        ("unknown", "bare-sk-48", "low"),
    ],
)
def test_confidence_when_shape_or_only_a_word_names_the_vendor_then_by_that(
    vendor_id: str, format_id: str, expected: str
) -> None:
    network = Network()
    hit(network.store, "key", vendor_id, **KEY | {"detail": format_id})

    assert only_row(network, "confidence") == (expected,)


def test_key_when_only_uncommitted_then_in_head_without_dates() -> None:
    network = Network()
    hit(network.store, "key", "openai", **KEY, place="worktree", in_head=False, committed_at=None, last_seen_at=None)

    assert only_row(network, "in_head, first_seen_at, last_seen_at") == (True, None, None)


def test_key_when_one_place_has_no_allow_comment_then_not_allowed() -> None:
    network = Network()
    hit(network.store, "key", "openai", **KEY, allow_comment="gitleaks:allow")
    hit(network.store, "key", "openai", **KEY, line=9)

    assert only_row(network, "allow_comment") == ("",)


def test_key_when_bill_names_its_last_four_then_in_use() -> None:
    network = Network()
    hit(network.store, "key", "openai", **KEY)
    insert_charge(network, "sk-...9Qx2")

    assert only_row(network, "in_use, use_detail") == (True, "a bill names a key that ends in 9Qx2")


def test_evidence_when_built_twice_then_once() -> None:
    network = Network()
    hit(network.store, "key", "openai", **KEY)
    keys.build(network.context)

    ref = only_row(network, "evidence_ref")[0]

    samples = network.store.query("select source_id from evidence_sample where evidence_ref = $r", {"r": ref}).rows
    assert [tuple(row) for row in samples] == [(7,)]


def insert_charge(network: Network, credential: str) -> None:
    from shadowscan.schema import load_tables

    fill: dict[str, Any] = {"credential_id": credential}
    for column in load_tables()["charge"].columns:
        if not column.default and not column.nullable and column.name not in fill:
            fill[column.name] = _example(column.type, column.example)
    insert(network.store, "charge", **fill)


def _example(type_: str, text: str) -> Any:
    return "2026-10-02 00:00:00" if type_ == "TIMESTAMP" else text
