"""Standard input is known by its content alone."""

import gzip
import io
from types import SimpleNamespace

import pytest

from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import Collect, flow_log, record


def test_collect_when_standard_input_then_each_content_once(
    store: Store, collect_paths: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchanged = []
    for size in (1, 2, 1):
        data = gzip.compress(flow_log(record(size=size)), mtime=0)
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        [report] = collect_paths("-")
        assert isinstance(report.outcome, Collected)
        unchanged.append(report.outcome.unchanged)

    assert unchanged == [False, False, True]
    assert store.query("select sum(bytes)::bigint from flow").rows == [(3,)]
