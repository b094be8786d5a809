"""The same evidence gives the same findings: in any order, files, batches, and in windows one after the other."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from shadowscan import pipeline
from shadowscan.collect import batch
from shadowscan.inputs import Request
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.e2e.network import HEADER, START, Site

CLIENTS = ("10.1.0.5", "10.1.0.6", "10.1.0.7")
NAMES = ("api.openai.com", "api.anthropic.com", "api.deepseek.com", "cats.example")
REMOTES = ("203.0.113.1", "203.0.113.2", "160.79.104.10", "2001:db8::7")
HOURS = 72
VIEWS = ("llm_egress", "llm_lookup", "workload_day", "log_hour", "relay_hour", "relay_day")
BY_NAME = "select * from {view} order by all"
UNLIKE = ("state", "evidence", "source_ids")  # of a run or of a file, not of what was seen

MOMENTS = st.integers(0, HOURS * 60 - 1)
ANSWERS = st.lists(
    st.tuples(MOMENTS, st.sampled_from(CLIENTS), st.sampled_from(NAMES), st.sampled_from(REMOTES)),
    max_size=8,
    unique_by=lambda drawn: (drawn[0], drawn[1], drawn[3]),
)
FLOWS = st.lists(
    st.tuples(MOMENTS, st.sampled_from(CLIENTS), st.sampled_from(REMOTES), st.integers(40, 9000)),
    min_size=1,
    max_size=16,
    unique_by=lambda drawn: drawn[:3],
)
pytestmark = pytest.mark.slow  # each example is several whole scans
GENTLY = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking costs minutes of stores
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lines of a flow log and of a Route 53 log."""

    flows: tuple[str, ...]
    questions: tuple[str, ...]


def written(answers: Sequence[tuple[int, str, str, str]], flows: Sequence[tuple[int, str, str, int]]) -> Evidence:
    site = Site(Path())
    for minute, client, name, remote in answers:
        site.answer(client, name, remote, START + timedelta(minutes=minute))
    for minute, client, remote, size in flows:
        site.flow(client, remote, START + timedelta(minutes=minute), bytes=size)
    return Evidence(tuple(site.flows), tuple(site.queries))


def lay(folder: Path, evidence: Evidence, parts: int, order: random.Random) -> None:
    """The lines in that many files of each kind, in any order and under names that say nothing."""
    for kind, lines, head in (("f", evidence.flows, HEADER + "\n"), ("q", evidence.questions, "")):
        shuffled = order.sample(lines, len(lines))
        for number in range(parts):
            some = shuffled[number::parts]
            if some:
                (folder / f"{kind}{order.randrange(10**9)}").write_text(head + "\n".join(some) + "\n", "utf-8")


def whole(evidence: Evidence) -> dict[str, object]:
    """What one scan says of one file of each kind, in the order it happened."""
    with TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        (logs / "flow.log").write_text("\n".join([HEADER, *evidence.flows]) + "\n", "utf-8")
        (logs / "dns.log").write_text("\n".join(evidence.questions) + "\n" if evidence.questions else "", "utf-8")
        return said(Path(folder), logs, [Window()])


def said(folder: Path, logs: Path, windows: Sequence[Window]) -> dict[str, object]:
    """Roll-ups and findings after a scan of each window, then of the store as a whole."""
    db = str(folder / "s.duckdb")
    for window in windows:
        pipeline.scan(Request(targets=(str(logs),), db=db, window=window))
    audit = pipeline.detect(Request(db=db))
    with Store.open(db) as store:
        found: dict[str, object] = {view: store.query(BY_NAME.format(view=view)).rows for view in VIEWS}
    return found | {"findings": [without_run(finding) for finding in audit.findings]}


def without_run(finding: object) -> dict[str, str]:
    names = (name for name in finding.__dataclass_fields__ if name not in UNLIKE)  # type: ignore[attr-defined]
    return {name: str(getattr(finding, name)) for name in names}


SHARED = {
    "answers": [(0, CLIENTS[0], "cats.example", REMOTES[0]), (60, CLIENTS[0], "api.openai.com", REMOTES[0])],
    "flows": [(61, CLIENTS[0], REMOTES[0], 1000), (30, CLIENTS[1], REMOTES[2], 500), (2000, CLIENTS[0], REMOTES[2], 7)],
}


@GENTLY
@example(**SHARED, parts=3, limit=1, seed=1)
@given(
    answers=ANSWERS, flows=FLOWS, parts=st.integers(1, 4), limit=st.sampled_from([1, 2, 500]), seed=st.integers(0, 99)
)
def test_scan_when_rows_lie_in_any_order_and_files_then_the_same_is_said(
    answers: list[tuple[int, str, str, str]], flows: list[tuple[int, str, str, int]], parts: int, limit: int, seed: int
) -> None:
    evidence = written(answers, flows)
    with TemporaryDirectory() as folder, patch.object(batch, "BATCH_OBJECTS", limit):
        logs = Path(folder) / "logs"
        logs.mkdir()
        lay(logs, evidence, parts, random.Random(seed))  # noqa: S311 - any order will do
        found = said(Path(folder), logs, [Window()])

    assert found == whole(evidence)


@GENTLY
@example(**SHARED, cuts=[61, 1440])
@given(answers=ANSWERS, flows=FLOWS, cuts=st.lists(MOMENTS, min_size=1, max_size=3, unique=True))
def test_scan_when_run_by_windows_then_the_same_as_at_once(
    answers: list[tuple[int, str, str, str]], flows: list[tuple[int, str, str, int]], cuts: list[int]
) -> None:
    evidence = written(answers, flows)
    bounds = [None, *(START.astimezone(UTC) + timedelta(minutes=cut) for cut in sorted(cuts)), None]
    windows = [Window(start, end) for start, end in pairwise(bounds)]
    with TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        lay(logs, evidence, 1, random.Random(0))  # noqa: S311
        found = said(Path(folder), logs, windows)

    assert found == whole(evidence)


@GENTLY
@example(**SHARED, seed=3)
@given(answers=ANSWERS, flows=FLOWS, seed=st.integers(0, 99))
def test_scan_when_objects_are_there_again_under_other_names_then_nothing_changes(
    answers: list[tuple[int, str, str, str]], flows: list[tuple[int, str, str, int]], seed: int
) -> None:
    evidence = written(answers, flows)
    with TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        (logs / "again").mkdir(parents=True)
        lay(logs, evidence, 2, random.Random(seed))  # noqa: S311
        for path in [path for path in logs.iterdir() if path.is_file()]:
            (logs / "again" / f"copy-{path.name}").write_bytes(path.read_bytes())
        found = said(Path(folder), logs, [Window(), Window()])

    assert found == whole(evidence)
