"""Collecting is incremental and exactly once; what is bad fails alone."""

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from shadowscan.collect.run import CollectOptions, collect_bytes
from shadowscan.model.outcome import Collected, Failed, Partial, Skipped
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, flow_log, record, write_gzip

DAY = 86_400


def total(store: Store) -> tuple[int, int]:
    [row] = store.query("select count(*), coalesce(sum(bytes), 0)::bigint from flow").rows
    return row[0], row[1]


def many_records(count: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - test data
    return [record(f"203.0.113.{chance.randrange(256)}", size=chance.randrange(10**6)) for _ in range(count)]


def test_collect_when_run_again_then_unchanged_and_no_row_twice(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_gzip(tmp_path / "a.log.gz", flow_log(record()))

    [first] = collect_paths(tmp_path)
    [second] = collect_paths(tmp_path)

    assert isinstance(first.outcome, Collected)
    assert isinstance(second.outcome, Collected)
    assert (first.outcome.unchanged, second.outcome.unchanged) == (False, True)
    assert second.source_ids == first.source_ids
    assert total(store) == (1, 100)


def test_collect_when_object_changed_then_its_rows_are_replaced_under_the_same_id(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    path = write_gzip(tmp_path / "a.log.gz", flow_log(record(), record()))
    [first] = collect_paths(path)
    write_gzip(path, flow_log(record(size=5)))

    [second] = collect_paths(path)

    assert second.source_ids == first.source_ids
    assert total(store) == (1, 5)
    assert store.query("select rows from source_object").rows == [('{"flow": 1}',)]


def test_collect_when_same_bytes_have_another_name_then_taken_once(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_gzip(tmp_path / "a.log.gz", flow_log(record()))
    (tmp_path / "b.log.gz").write_bytes((tmp_path / "a.log.gz").read_bytes())

    [report] = collect_paths(tmp_path)
    (tmp_path / "a.log.gz").rename(tmp_path / "c.log.gz")
    collect_paths(tmp_path)

    assert len(report.source_ids) == 1
    assert total(store) == (1, 100)


def test_collect_when_file_is_only_touched_then_unchanged(tmp_path: Path, collect_paths: Collect) -> None:
    path = write_gzip(tmp_path / "a.log.gz", flow_log(record()))
    collect_paths(path)
    path.touch()

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Collected)
    assert report.outcome.unchanged


def test_collect_when_headers_and_formats_are_mixed_then_each_is_read_as_what_it_is(
    store: Store, collect_paths: Collect
) -> None:
    reports = collect_paths(SAMPLES)

    tables = {report.format: report.outcome.tables for report in reports if isinstance(report.outcome, Collected)}
    assert tables["aws_vpc_flow"] == {"flow": 5, "coverage_note": 1}
    assert tables["route53_resolver"] == {"dns_query": 2, "dns_answer": 2}
    assert total(store)[0] == sum(found.get("flow", 0) for found in tables.values())


def test_collect_when_extension_lies_then_content_decides(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    (tmp_path / "plain.log.gz").write_bytes(flow_log(record()))
    (tmp_path / "packed.txt").write_bytes(gzip.compress(flow_log(record("203.0.113.11"))))
    (tmp_path / "zstd.log").write_bytes(zstandard.compress(flow_log(record("203.0.113.12"))))

    collect_paths(tmp_path)

    assert total(store) == (3, 300)


def test_collect_when_gzip_is_cut_then_complete_lines_are_kept_and_the_whole_object_replaces_them(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    records = many_records(3000)
    whole = gzip.compress(flow_log(*records))
    path = tmp_path / "cut.log.gz"
    path.write_bytes(whole[: len(whole) // 2])
    write_gzip(tmp_path / "good.log.gz", flow_log(record()))

    [good, cut] = collect_paths(tmp_path)

    assert isinstance(good.outcome, Collected)
    assert isinstance(cut.outcome, Partial)
    assert cut.target == str(path)
    assert "breaks off" in cut.outcome.reason
    assert 1000 < cut.outcome.tables["flow"] < 2999
    assert store.query("select state, count(*) from source_object group by 1 order by 1").rows == [
        ("collected", 1),
        ("partial", 1),
    ]

    [_, again] = collect_paths(tmp_path)
    assert isinstance(again.outcome, Partial)

    path.write_bytes(whole)
    [report] = collect_paths(tmp_path)
    assert isinstance(report.outcome, Collected)
    assert total(store)[0] == 3001


def test_collect_when_zstd_is_cut_then_complete_lines_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    whole = zstandard.compress(flow_log(*many_records(20_000)))
    (tmp_path / "cut.log.zst").write_bytes(whole[: len(whole) * 3 // 4])

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Partial)
    assert 0 < total(store)[0] < 20_000


def test_collect_when_one_file_of_a_batch_is_bad_then_it_fails_alone(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    for number in range(4):
        write_gzip(tmp_path / f"{number}.log.gz", flow_log(record(size=number + 1)))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 srcaddr log_status, and no footer")

    reports = collect_paths(tmp_path)

    failed = [report for report in reports if isinstance(report.outcome, Failed)]
    assert [report.target for report in failed] == [str(tmp_path / "bad.parquet")]
    assert total(store) == (4, 10)


def test_collect_when_file_is_unrecognised_then_skipped_with_its_first_bytes(
    tmp_path: Path, collect_paths: Collect
) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (tmp_path / "b.json").write_text('{"zeta": 1, "alpha": 2}')

    reports = collect_paths(tmp_path)

    reasons = [report.outcome.reason for report in reports if isinstance(report.outcome, Skipped)]
    assert "binary, starts 89 50 4e 47 (PNG image)" in reasons[0]
    assert "JSON object with keys alpha, zeta" in reasons[1]


def test_collect_when_file_cannot_be_read_then_it_fails_alone(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_gzip(tmp_path / "a.log.gz", flow_log(record()))
    (tmp_path / "loop").symlink_to(tmp_path / "loop2")
    (tmp_path / "dir.log").mkdir()
    write_gzip(tmp_path / "dir.log" / "b.log.gz", flow_log(record("203.0.113.77")))

    collect_paths(tmp_path)

    assert total(store) == (2, 200)


def test_collect_when_window_is_given_then_only_its_events_and_a_wider_one_reads_again(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    start = 1785542400  # 2026-08-01T00:00:00Z
    days = [record(start=start + day * DAY, size=day + 1) for day in range(3)]
    path = write_gzip(tmp_path / "a.log.gz", flow_log(*days))
    second_day = Window(datetime(2026, 8, 2, tzinfo=UTC), datetime(2026, 8, 3, tzinfo=UTC))

    [report] = collect_paths(path, window=second_day)
    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables, total(store)) == ({"flow": 1}, (1, 2))
    assert report.first_at == datetime(2026, 8, 2, tzinfo=UTC)

    [same] = collect_paths(path, window=second_day)
    assert isinstance(same.outcome, Collected)
    assert same.outcome.unchanged

    collect_paths(path)
    assert total(store) == (3, 6)


def test_collect_when_windows_follow_one_another_then_both_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    start = 1785542400  # 2026-08-01T00:00:00Z
    days = [record(start=start + day * DAY, size=day + 1) for day in range(4)]
    path = write_gzip(tmp_path / "a.log.gz", flow_log(*days))
    midnights = [datetime(2026, 8, day, tzinfo=UTC) for day in (1, 2, 3, 4)]

    collect_paths(path, window=Window(midnights[0], midnights[1]))
    collect_paths(path, window=Window(midnights[2], midnights[3]))
    assert total(store) == (2, 4)

    [inside] = collect_paths(path, window=Window(midnights[2], midnights[3]))
    assert isinstance(inside.outcome, Collected)
    assert inside.outcome.unchanged

    collect_paths(path, window=Window(midnights[1], midnights[2]))
    assert total(store) == (3, 6)
    collect_paths(path, window=Window(midnights[2], None))
    assert total(store) == (4, 10)


def test_collect_when_a_known_log_grows_then_a_window_takes_nothing_away(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    start = 1785542400
    path = tmp_path / "a.log.gz"
    write_gzip(path, flow_log(record(start=start, size=1)))
    collect_paths(path)
    write_gzip(path, flow_log(*(record(start=start + day * DAY, size=day + 1) for day in range(3))))

    collect_paths(path, window=Window(datetime(2026, 8, 3, tzinfo=UTC), None))

    assert total(store) == (2, 4)


def test_collect_when_days_are_touched_then_they_and_the_next_are_dirty(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    path = write_gzip(tmp_path / "a.log.gz", flow_log(record(start=1785542400)))
    collect_paths(path)
    days = [str(day) for (day,) in store.query("select day from dirty_day order by 1").rows]
    store.query("delete from dirty_day")
    write_gzip(path, flow_log(record(start=1785542400 + 5 * DAY)))

    collect_paths(path)

    assert days == ["2026-08-01", "2026-08-02"]
    replaced = [str(day) for (day,) in store.query("select day from dirty_day order by 1").rows]
    assert replaced == ["2026-08-01", "2026-08-02", "2026-08-06", "2026-08-07"]


def test_collect_bytes_when_two_repositories_hold_the_same_file_then_two_objects(store: Store) -> None:
    options = CollectOptions("r1", Window(), datetime(2026, 11, 1, tzinfo=UTC))
    data = flow_log(record())

    reports = [
        collect_bytes(store, target=repo, name="a.log", data=data, scope=repo, options=options)
        for repo in ("acme/a", "acme/b", "acme/a")
    ]
    nothing = collect_bytes(store, target="acme/a", name="b", data=b"\x00\x01", scope="acme/a", options=options)

    assert nothing is None
    assert [report.source_ids for report in reports if report] == [(1,), (2,), (1,)]
    assert total(store) == (2, 200)
