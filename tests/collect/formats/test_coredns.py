"""CoreDNS: who asked for what, with or without a time before the line."""

from pathlib import Path

import pytest

from shadowscan.collect.formats.coredns import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import asked, write

ASKED = '[INFO] 10.1.0.21:53116 - 24044 "A IN api.openai.com. udp 45 false 1232" NOERROR qr,rd,ra 96 0.012s'
ASKED6 = '[INFO] [fd00:0::21]:53117 - 24045 "AAAA IN X.ai. tcp 45 false 1232" NXDOMAIN qr,rd,ra 120 0.010s "0"'


def test_normalise_when_times_are_before_the_lines_then_theirs_count(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        f"2026-08-01T00:00:03.123456789Z {ASKED}",
        f"2026-08-01T02:00:04+02:00 {ASKED6}",
        f"Aug  1 00:00:05 node-1 coredns[812]: {ASKED}",
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert asked(store) == [
        (1, "10.1.0.21", "api.openai.com", "A", "NOERROR"),
        (2, "fd00::21", "x.ai", "AAAA", "NXDOMAIN"),
        (3, "10.1.0.21", "api.openai.com", "A", "NOERROR"),
    ]
    assert asked(store, "queried_at::varchar, resolver_id") == [
        ("2026-08-01 00:00:03.123456", "unknown"),
        ("2026-08-01 00:00:04", "unknown"),
        ("2026-08-01 00:00:05", "unknown"),
    ]


def test_normalise_when_there_is_no_time_then_that_of_the_file_and_a_note(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", ASKED, ASKED6)

    collect_paths(tmp_path / "a")

    assert asked(store, "queried_at::varchar") == [("2026-08-02 12:00:00",)] * 2
    assert store.query("select kind, count, detail from coverage_note").rows == [
        ("no_time", 2, "2 questions have no time: that of the file was taken")
    ]


def test_normalise_when_other_lines_then_passed_by_and_cut_or_foreign_ones_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        ".:53",
        "CoreDNS-1.11.3",
        "linux/amd64, go1.21.11, a6338e9",
        "[INFO] plugin/reload: Running configuration SHA512 = 4a21",
        "[ERROR] plugin/errors: 2 api.openai.com. A: read udp 10.0.0.7:41003->10.0.0.2:53: i/o timeout",
        ASKED,
        "who wrote this",
        ASKED[:40],
        b"\xff\xfe" + ASKED.encode(),
        ASKED,
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 3
    assert ": line " in report.outcome.reason
    assert asked(store, "line") == [(6,), (10,)]


@pytest.mark.parametrize(
    "data", [b"[INFO] plugin/reload: x\n", b"[INFO] request served\n", b'"A IN x. udp 1 false 1" NOERROR']
)
def test_sniff_when_no_question_then_not_ours(data: bytes) -> None:
    assert FORMAT.sniff(Head("coredns.log", data)) == 0
    assert FORMAT.sniff(Head("x", (SAMPLES / "coredns.log").read_bytes())) > 0.9
