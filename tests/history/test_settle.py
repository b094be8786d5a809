"""States by the contract's exact meaning, on a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shadowscan.history.settle import Settlement, settle
from shadowscan.model.outcome import Collected, Evaluated, NotEvaluable, Partial, RuleReport, SourceReport
from shadowscan.model.severity import Severity
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.history.factory import RULE, make_finding

NOW = datetime(2026, 11, 1)  # noqa: DTZ001 - the store's times are naive UTC
LOGS = SourceReport("s3://logs/a", "aws_vpc_flow", Collected({"flow": 4}), source_ids=(1,))
EVALUATED = RuleReport(RULE, "1.0.0", "finding", Evaluated(1, 4))


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        opened.query(
            "insert into source_object"
            " (source_id, target, object, format, digest, version, state, collected_at, run_id)"
            " values (1, 's3://logs/a', 's3://logs/a/1', 'aws_vpc_flow', 'd', 'v', 'collected', $at, 'r0')",
            {"at": NOW},
        )
        yield opened


def by(**changes: object) -> Settlement:
    settlement = Settlement("r1", NOW, Window(), (LOGS,), (EVALUATED,), targets_only=True)
    return replace(settlement, **changes)


def test_settle_when_seen_first_then_new_and_when_again_then_unchanged(store: Store) -> None:
    assert [finding.state for finding in settle(store, [make_finding()], by())] == ["new"]
    assert [finding.state for finding in settle(store, [make_finding()], by(run_id="r2"))] == ["unchanged"]


def test_settle_when_counts_grow_then_unchanged_but_severity_makes_updated(store: Store) -> None:
    settle(store, [make_finding()], by())
    assert settle(store, [make_finding(event_count=99)], by())[0].state == "unchanged"
    assert settle(store, [make_finding(severity=Severity.MEDIUM)], by())[0].state == "updated"


def test_settle_when_gone_and_looked_for_then_resolved_once(store: Store) -> None:
    settle(store, [make_finding()], by())
    assert [finding.state for finding in settle(store, [], by(run_id="r2"))] == ["resolved"]
    assert settle(store, [], by(run_id="r3")) == []


def test_settle_when_found_again_after_resolved_then_new(store: Store) -> None:
    settle(store, [make_finding()], by())
    settle(store, [], by(run_id="r2"))
    assert settle(store, [make_finding()], by(run_id="r3"))[0].state == "new"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": (RuleReport(RULE, "1.0.0", "finding", NotEvaluable("no flows")),)}, "not evaluated"),
        ({"sources": (replace(LOGS, outcome=Partial({"flow": 2}, 0, "cut")),)}, "not collected completely"),
        ({"window": Window(None, datetime(2026, 10, 2, tzinfo=UTC))}, "window"),
        ({"sources": (), "targets_only": False}, "was not collected in this run"),
    ],
)
def test_settle_when_gone_but_not_looked_for_then_stays_and_says_why(
    store: Store, changes: dict[str, object], words: str
) -> None:
    settle(store, [make_finding()], by())
    (finding,) = settle(store, [], by(run_id="r2", **changes))
    assert finding.state == "unchanged"
    assert words in (finding.not_rechecked or "")


def test_settle_when_other_targets_are_scanned_then_finding_is_neither_shown_nor_touched(store: Store) -> None:
    settle(store, [make_finding()], by())
    other = SourceReport("s3://logs/b", "aws_vpc_flow", Collected({"flow": 1}), source_ids=(2,))
    assert settle(store, [], by(run_id="r2", sources=(other,))) == []
    assert store.query("select state, last_run_id from finding").rows == [("new", "r1")]


def test_settle_when_subject_gains_a_stronger_id_then_history_is_kept_under_an_alias(store: Store) -> None:
    weak = make_finding("a/v/10.1.2.3")
    settle(store, [weak], by())
    store.query(
        "insert into subject_link values ('arn:ranker', 'address', 'a/v/10.1.2.3', null, null, 'aws_inventory')"
    )
    (finding,) = settle(store, [make_finding("arn:ranker")], by(run_id="r2"))
    assert (finding.state, finding.aliases) == ("unchanged", (weak.fingerprint,))
    assert store.query("select first_run_id, count(*) over () from finding").rows == [("r1", 1)]
