"""Route 53 Resolver query logs on a real DuckDB."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.route53_resolver import FORMAT
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, write_gzip


def query(**changes: object) -> str:
    base: dict[str, object] = {
        "version": "1.100000",
        "account_id": "123456789012",
        "vpc_id": "vpc-0aa",
        "query_timestamp": "2026-08-01T00:00:01Z",
        "query_name": "API.OpenAI.com.",
        "query_type": "A",
        "rcode": "NOERROR",
        "answers": [{"Rdata": "203.0.113.10", "Type": "A", "Class": "IN"}],
        "srcaddr": "10.0.1.5",
        "srcids": {"instance": "i-0cc"},
    }
    return json.dumps(base | changes)


def test_normalise_when_sample_then_questions_and_answers(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "route53_resolver.json")

    questions = store.query("select qname, client_ip, instance_id, resolver_id, rcode, action from dns_query").rows
    assert questions == [
        ("api.openai.com", "10.0.1.5", "i-0cc", "unknown", "NOERROR", "allow"),
        ("x.example.org", "10.0.1.6", "i-0dd", "rslvr-in-0ee", "NXDOMAIN", "block"),
    ]
    assert store.query("select qname, ip, ip_lo, ttl_seconds from dns_answer order by ip").rows == [
        ("api.openai.com", "203.0.113.10", 3405803786, -1),
        ("api.openai.com", "203.0.113.11", 3405803787, -1),
    ]


def test_normalise_when_answer_is_a_chain_then_kept_in_order_and_only_addresses_are_answers(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    answers = [
        {"Rdata": "Edge.CDN.example.", "Type": "CNAME", "Class": "IN"},
        {"Rdata": "pop1.cdn.example.", "Type": "CNAME", "Class": "IN"},
        {"Rdata": "2001:DB8:0::1", "Type": "AAAA", "Class": "IN"},
        {"Rdata": "no address", "Type": "A", "Class": "IN"},
    ]
    (tmp_path / "a").write_text(query(answers=answers, query_type="AAAA", srcaddr="FD00:0::5") + "\n")

    collect_paths(tmp_path / "a")

    assert store.query("select cname_chain, client_ip, answer_count from dns_query").rows == [
        ("edge.cdn.example > pop1.cdn.example", "fd00::5", 2)
    ]
    assert store.query("select ip, ip_version, client_ip from dns_answer").rows == [("2001:db8::1", 6, "fd00::5")]


def test_normalise_when_optional_keys_are_absent_then_unknown_is_a_word(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    short = {"query_timestamp": "2026-08-01T00:00:01Z", "query_name": "a.example.", "srcaddr": "10.0.0.1"}
    (tmp_path / "a").write_text(json.dumps(short) + "\n")

    collect_paths(tmp_path / "a")

    assert store.query(
        "select account_id, vpc_id, region, instance_id, cname_chain, answer_count from dns_query"
    ).rows == [("unknown", "unknown", "unknown", "unknown", "", 0)]


def test_normalise_when_lines_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = ['{"query_name": ', "[1, 2]", query(query_timestamp="yesterday"), query(query_name="")]
    (tmp_path / "a").write_text("\n".join([query(), query(), *bad, query()]) + "\n")

    [report] = collect_paths("route53-resolver=" + str(tmp_path / "a"))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (3, 4)


def test_normalise_when_several_files_then_every_answer_knows_its_line(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    for name, count in (("a", 30_000), ("b", 3)):
        lines = [query(query_name=f"{number}.example.") for number in range(1, count)]
        (tmp_path / name).write_text("\n".join(["{bad", *lines]) + "\n")

    collect_paths(tmp_path)

    for table in ("dns_query", "dns_answer"):
        wrong = f"select count(*) from {table} where qname <> (line - 1) || '.example'"
        assert store.query(wrong).rows == [(0,)]


def test_normalise_when_gzip_is_cut_then_complete_lines_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = [query(query_name=f"{number * 7919 % 10007}.example.") for number in range(3000)]
    path = write_gzip(tmp_path / "a.log.gz", ("\n".join(lines) + "\n").encode())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Partial)
    assert report.outcome.rejected == 0
    assert 500 < report.outcome.tables["dns_query"] < 2999


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"query_name":', b"[" * 5000):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1


def test_normalise_when_blocked_then_no_answer_is_kept(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    lines = [query(firewall_rule_action=action) for action in ("BLOCK", "ALERT", "ALLOW")]
    (tmp_path / "a").write_text("\n".join(lines) + "\n")

    collect_paths(tmp_path / "a")

    assert store.query("select action from dns_query order by line").rows == [("block",), ("alert",), ("allow",)]
    assert store.query("select line from dns_answer order by line").rows == [(2,), (3,)]


def test_normalise_when_account_is_not_in_the_record_then_from_the_delivery_path(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    folder = tmp_path / "AWSLogs" / "470100000011" / "vpcdnsquerylogs" / "vpc-0aa" / "2026"
    folder.mkdir(parents=True)
    (folder / "a.log").write_text(query(account_id=None) + "\n")

    collect_paths(tmp_path)

    assert store.query("select account_id from dns_query").rows == [("470100000011",)]


def test_normalise_when_the_root_is_asked_for_then_kept_as_a_dot(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    (tmp_path / "a").write_text(query(query_name=".", query_type="NS", answers=[]) + "\n")

    collect_paths(tmp_path / "a")

    assert store.query("select qname, qtype from dns_query").rows == [(".", "NS")]


def test_normalise_when_records_have_no_line_breaks_or_are_one_array_then_the_same_rows(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    records = [query(query_name=f"{number}.example.") for number in range(3)]
    (tmp_path / "joined").write_text("".join(records))
    (tmp_path / "array").write_text("[" + ",\n".join(records) + "]")

    collect_paths(tmp_path)

    assert store.query("select qname, count(*), min(line), max(line) from dns_query group by 1 order by 1").rows == [
        ("0.example", 2, 1, 1),
        ("1.example", 2, 2, 2),
        ("2.example", 2, 3, 3),
    ]


def test_normalise_when_the_clock_is_absurd_then_rejected_by_line(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    times = ["1970-01-01T00:00:00Z", "2026-08-01T02:00:00+02:00", "9999-01-01T00:00:00Z"]
    (tmp_path / "a").write_text("\n".join(query(query_timestamp=time) for time in times) + "\n")

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 2
    assert "line 1: the time of the query is not between 2000 and 2100" in report.outcome.reason
    assert str(store.query("select queried_at from dns_query").rows[0][0]) == "2026-08-01 00:00:00"
