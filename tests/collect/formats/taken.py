"""Taking in one target: what the tests of this room share where the fixtures are not enough."""

from datetime import UTC, datetime
from typing import Any

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.model.outcome import Collected, SourceReport
from shadowscan.model.window import Window
from shadowscan.store.connection import Store


def take_in(store: Store, target: object) -> list[SourceReport]:
    """Collect one target."""
    options = CollectOptions("r1", Window(), datetime(2026, 11, 1, tzinfo=UTC))
    return collect(store, plan_targets([str(target)]).targets, options)


def rows_of(target: object, sql: str) -> list[tuple[Any, ...]]:
    """Collect the target, which must come in whole, in a store of its own, and ask."""
    with Store.open(":memory:") as store:
        [report] = take_in(store, target)
        assert isinstance(report.outcome, Collected), report
        assert report.outcome.rejected == 0, report
        return store.query(sql).rows
