"""Unbound: questions, or replies where they are logged, in any of its times."""

from pathlib import Path

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.unbound import FORMAT
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import asked, write

QUESTION = "unbound[812:0] info: 192.0.2.20 api.x.ai. A IN"


def test_normalise_when_every_kind_of_time_then_utc(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    write(
        tmp_path / "a",
        f"[1785542401] {QUESTION}",
        f"2026-08-01T02:00:02.500+02:00 {QUESTION}",
        f"Aug 01 00:00:03 {QUESTION}",
        "Aug  1 00:00:04 ns1 unbound[812]: [812:0] query: fd00::1 . NS IN",
    )

    collect_paths(tmp_path / "a")

    assert asked(store, "queried_at::varchar, client_ip, qname, qtype") == [
        ("2026-08-01 00:00:01", "192.0.2.20", "api.x.ai", "A"),
        ("2026-08-01 00:00:02.5", "192.0.2.20", "api.x.ai", "A"),
        ("2026-08-01 00:00:03", "192.0.2.20", "api.x.ai", "A"),
        ("2026-08-01 00:00:04", "fd00::1", ".", "NS"),
    ]
    assert store.query("select kind, count from coverage_note").rows == [("no_year", 2)]


def test_normalise_when_replies_are_logged_too_then_each_question_once_with_its_code(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        f"[1785542401] {QUESTION}",
        f"[1785542401] {QUESTION} NXDOMAIN 0.031220 0 62".replace("info", "reply"),
        f"[1785542402] {QUESTION} NOERROR 0.000000 1 62 on udp 192.0.2.1 53",
        "[1785542403] unbound[812:0] info: 192.0.2.20 - - - FORMERR - - -",
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert asked(store) == [
        (2, "192.0.2.20", "api.x.ai", "A", "NXDOMAIN"),
        (3, "192.0.2.20", "api.x.ai", "A", "NOERROR"),
    ]


def test_normalise_when_other_lines_then_passed_by_and_cut_ones_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(
        tmp_path / "a",
        "[1785542400] unbound[812:0] notice: init module 0: validator",
        "[1785542401] unbound[812:0] info: resolving api.openai.com. A IN",
        f"[1785542401] {QUESTION}",
        "[1785542401] unbound[812:0] info: 192.0.2.20 api.x",
        "Aug  1 00:00:02 ns1 CRON[813]: (root) CMD (run-parts)",
        "?",
    )

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 2
    assert "line 4: " in report.outcome.reason
    assert asked(store, "line") == [(3,)]


def test_sniff_when_service_lines_only_then_not_ours() -> None:
    assert FORMAT.sniff(Head("x", b"[1785542400] unbound[812:0] info: resolving api.openai.com. A IN\n")) == 0
    assert FORMAT.sniff(Head("x", (SAMPLES / "unbound_syslog.log").read_bytes())) > 0.9
