"""Google Cloud DNS query logs on a real DuckDB, in every container they are exported in."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.gcp_dns import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, write_gzip
from tests.collect.formats.gcp_entries import CONTAINERS, read_entries, write_lines
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "gcp_dns.json"
ENTRIES = read_entries(SAMPLE)
VM = "projects/acme-etl/zones/europe-west1-b/instances/etl-1"


def entry(number: int = 0, /, **payload: object) -> dict[str, Any]:
    """A sample entry with other payload fields; None takes a field away."""
    found = ENTRIES[number]
    changed = found["jsonPayload"] | payload
    return found | {"jsonPayload": {name: value for name, value in changed.items() if value is not None}}


def rdata(*answers: tuple[str, str]) -> str:
    return "\n".join(f"a.example.\t60\tIN\t{kind}\t{value}" for kind, value in answers)


def test_normalise_when_sample_then_who_asked_what(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("gcp_dns", 0)
    asked = "select qname, qtype, rcode, client_ip, account_id, instance_id, resolver_id, cname_chain, answer_count"
    assert store.query(f"{asked} from dns_query order by line").rows == [
        ("api.openai.com", "A", "NOERROR", "10.1.0.5", "acme-etl", VM, "unknown", "edge.cdn.example", 2),
        ("api.anthropic.com", "AAAA", "NOERROR", "10.1.0.5", "acme-etl", VM, "unknown", "", 1),
        ("no.such.example", "A", "NXDOMAIN", "10.1.0.5", "acme-etl", VM, "unknown", "", 0),
        ("cdn.openai.example", "A", "NOERROR", "10.1.0.5", "acme-etl", VM, "unknown", "", 5),
        ("api.mistral.ai", "A", "NOERROR", "192.168.4.53", "acme-net", "unknown", "inbound-forwarding", "", 1),
    ]
    assert store.query("select distinct vpc_id, region from dns_query").rows == [("acme-net:prod", "europe-west1")]


def test_normalise_when_sample_then_addresses_with_their_time_to_live(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    answers = "select line, qname, ip, ip_version, ip_lo, ttl_seconds, account_id, vpc_id from dns_answer"
    assert store.query(f"{answers} where line <> 4 order by line, ip").rows == [
        (1, "api.openai.com", "203.0.113.30", 4, 3405803806, 60, "acme-etl", "acme-net:prod"),
        (1, "api.openai.com", "203.0.113.31", 4, 3405803807, 60, "acme-etl", "acme-net:prod"),
        (2, "api.anthropic.com", "2001:db8::1", 6, -9223372036854775807, 300, "acme-etl", "acme-net:prod"),
        (5, "api.mistral.ai", "203.0.113.40", 4, 3405803816, 30, "acme-net", "acme-net:prod"),
    ]


def test_normalise_when_the_log_cut_the_answer_then_half_an_address_is_left_out_and_noted(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLE)

    assert store.query("select ip from dns_answer where line = 4 order by ip").rows == [
        (f"198.51.100.{number}",) for number in range(200, 205)
    ]
    assert store.query("select kind, count, detail from coverage_note").rows == [
        ("truncated", 1, "1 answers cut by the log at 260 bytes: addresses after the cut are not known")
    ]


def test_normalise_when_answer_is_cut_but_structured_then_nothing_is_lost(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    whole = [{"type": "A", "ttl": "60", "rvalue": f"198.51.100.{number}"} for number in range(20)]

    collect_paths(write_lines(tmp_path / "a.json", entry(3, structuredRdata=whole)))

    assert store.query("select count(*) from dns_answer").rows == [(20,)]
    assert store.query("select count(*) from coverage_note").rows == [(0,)]


@pytest.mark.parametrize("container", sorted(CONTAINERS))
@pytest.mark.parametrize("table", ["dns_query", "dns_answer"])
def test_normalise_when_container_varies_then_the_same_rows(tmp_path: Path, container: str, table: str) -> None:
    CONTAINERS[container](tmp_path, ENTRIES)
    rows = f"select * exclude (source_id) from {table} order by all"

    assert rows_of(tmp_path, rows) == rows_of(SAMPLE, rows)


def test_normalise_when_answers_are_odd_then_only_addresses_are_answers(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    odd = [("a", "no address"), ("mx", "1 mail.example."), ("ns", "ns.example."), ("a", "203.0.113.1")]
    long_form = rdata(("aaaa", "0:0:0:0:0:0:0:1"), ("aaaa", "1::2::3"))
    entries = [
        entry(0, rdata=rdata(*odd) + "\nbroken line\n"),
        entry(0, queryType="AAAA", rdata=long_form) | {"insertId": "b"},
    ]

    collect_paths(write_lines(tmp_path / "a.json", *entries))

    assert store.query("select ip from dns_answer order by ip").rows == [("203.0.113.1",), ("::1",)]


def test_normalise_when_entries_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = [
        entry(0, queryName=None),
        entry(0, queryName="."),
        entry(0) | {"timestamp": "yesterday"},
        entry(0) | {"timestamp": "0001-01-01T00:00:00Z"},
        entry(0) | {"timestamp": "9999-12-31T00:00:00Z"},
        entry(0) | {"jsonPayload": None},
    ]
    lines = [json.dumps(one | {"insertId": str(i)}) for i, one in enumerate([entry(0), *bad, entry(1)])]
    (tmp_path / "a.json").write_text("\n".join([*lines, '{"logName": ', "[1, 2]"]) + "\n")

    [report] = collect_paths(tmp_path / "a.json")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (3, 7)
    assert "line 2: no name was asked for" in report.outcome.reason


def test_normalise_when_an_entry_is_there_twice_then_once_and_noted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    [report] = collect_paths(write_lines(tmp_path / "a.json", entry(0), entry(0), entry(2)))

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables == {"dns_query": 2, "dns_answer": 2, "coverage_note": 1}
    assert store.query("select kind, count from coverage_note").rows == [("duplicate", 1)]


def test_normalise_when_two_entries_have_no_id_then_both_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    plain = {name: value for name, value in entry(2).items() if name != "insertId"}

    collect_paths(write_lines(tmp_path / "a.json", plain, plain))

    assert store.query("select count(*) from dns_query").rows == [(2,)]


def test_normalise_when_gzip_is_cut_then_complete_lines_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    entries = (entry(0, queryName=f"{i * 7919 % 10007}.example.") | {"insertId": f"i{i}"} for i in range(3000))
    path = write_gzip(tmp_path / "a.json.gz", "".join(json.dumps(one) + "\n" for one in entries).encode())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Partial)
    assert report.outcome.rejected == 0
    assert 500 < report.outcome.tables["dns_query"] < 2999


def test_collect_when_both_logs_are_in_a_folder_then_each_is_read_as_what_it_is(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write_lines(tmp_path / "a.json", *ENTRIES)
    write_lines(tmp_path / "b.json", *read_entries(SAMPLES / "gcp_vpc_flow.json"))

    reports = collect_paths(tmp_path)

    assert sorted(report.format for report in reports) == ["gcp_dns", "gcp_vpc_flow"]


def test_collect_when_flow_and_answer_are_of_one_vm_then_they_meet_in_account_network_client_and_instance(
    store: Store, collect_paths: Collect
) -> None:
    collect_paths(SAMPLE, SAMPLES / "gcp_vpc_flow.json")

    met = """
        select distinct a.qname
        from flow as f
        join dns_answer as a
          on a.account_id = f.account_id and a.vpc_id = f.vpc_id and a.client_ip = f.client_ip
         and a.instance_id = f.instance_id and a.ip_lo = f.remote_lo
    """
    assert store.query(met).rows == [("api.openai.com",)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.dictionaries(
        st.sampled_from(["queryName", "rdata", "structuredRdata", "sourceIP", "vmInstanceName"]),
        st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2) | st.just({}),
    ),
)
def test_normalise_when_lines_are_hostile_then_every_one_is_a_row_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], payload: dict[str, Any]
) -> None:
    lines = [line for one in junk for line in one.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    odd = ENTRIES[0] | {"insertId": "odd", "jsonPayload": ENTRIES[0]["jsonPayload"] | payload}
    path = tmp_path_factory.mktemp("a") / "a"
    path.write_bytes(b"\n".join([json.dumps(ENTRIES[0]).encode(), *lines, json.dumps(odd).encode()]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"gcp_dns={path}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["dns_query"] + report.outcome.rejected == len(lines) + 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"logName":', b"[" * 5000, b'[{"logName":"x/dns_queries"},', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1
