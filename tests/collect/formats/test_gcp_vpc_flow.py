"""Google Cloud VPC flow logs on a real DuckDB, in every container they are exported in."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.gcp_vpc_flow import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected, Partial
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect, write_gzip
from tests.collect.formats.gcp_entries import CONTAINERS, read_entries, write_lines
from tests.collect.formats.taken import rows_of, take_in

SAMPLE = SAMPLES / "gcp_vpc_flow.json"
ENTRIES = read_entries(SAMPLE)
FLOWS = "select * exclude (source_id) from flow order by line"


def entry(number: int = 0, /, **payload: object) -> dict[str, Any]:
    """A sample entry with other payload fields; None takes a field away."""
    found = ENTRIES[number]
    changed = found["jsonPayload"] | payload
    return found | {"jsonPayload": {name: value for name, value in changed.items() if value is not None}}


def ends(src: str, src_port: int, dest: str, dest_port: int) -> dict[str, object]:
    return {"src_ip": src, "src_port": src_port, "dest_ip": dest, "dest_port": dest_port, "protocol": 6}


def test_normalise_when_sample_then_the_reporter_is_the_client(store: Store, collect_paths: Collect) -> None:
    [report] = collect_paths(SAMPLE)

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("gcp_vpc_flow", 0)
    sides = "select line, direction, action, client_ip, client_port, remote_ip, remote_port, bytes, packets from flow"
    assert store.query(f"{sides} order by line").rows == [
        (1, "egress", "accept", "10.1.0.5", 40110, "203.0.113.30", 443, 5120, 11),
        (2, "ingress", "accept", "10.1.0.5", 40110, "203.0.113.30", 443, 88000, 70),
        (3, "egress", "accept", "10.8.1.7", 51000, "10.1.0.5", 8443, 700, 4),
        (5, "egress", "reject", "2001:db8:1::5", 40112, "2001:db8:ff::10", 443, 80, 1),
    ]


def test_normalise_when_sample_then_who_and_where_as_the_log_says(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    places = "select line, account_id, vpc_id, subnet_id, instance_id, region, az, workload from flow order by line"
    vm = "projects/acme-etl/zones/europe-west1-b/instances/etl-1"
    node = "projects/acme-apps/zones/europe-west1-c/instances/gke-main-pool-1"
    assert store.query(places).rows == [
        (1, "acme-etl", "acme-net:prod", "apps", vm, "europe-west1", "europe-west1-b", "unknown"),
        (2, "acme-etl", "acme-net:prod", "apps", vm, "europe-west1", "europe-west1-b", "unknown"),
        (3, "acme-apps", "acme-net:prod", "apps", node, "europe-west1", "europe-west1-c", "k8s/search/ranker"),
        (5, "acme-apps", "acme-net:prod", "apps", node, "europe-west1", "europe-west1-c", "mig/gke-main-pool-grp"),
    ]


def test_normalise_when_sample_then_what_was_not_seen_is_noted(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLE)

    assert store.query("select kind, count from coverage_note order by kind").rows == [("duplicate", 1), ("sampled", 4)]


@pytest.mark.parametrize("container", sorted(CONTAINERS))
def test_normalise_when_container_varies_then_the_same_rows(tmp_path: Path, container: str) -> None:
    CONTAINERS[container](tmp_path, ENTRIES)

    assert rows_of(tmp_path, FLOWS) == rows_of(SAMPLE, FLOWS)


@pytest.mark.parametrize(
    ("pod", "controller"),
    [
        ("ranker-7b8d9c6f4d-xk2qm", "ranker"),  # ReplicaSet
        ("fluentbit-gke-xk2qm", "fluentbit-gke"),  # DaemonSet
        ("redis-0", "redis"),  # StatefulSet
        ("nightly-29123456-xk2qm", "nightly"),  # CronJob
        ("standalone", "standalone"),
        ("web-front", "web-front"),
    ],
)
def test_normalise_when_pod_then_its_controller_is_the_workload(
    tmp_path: Path, store: Store, collect_paths: Collect, pod: str, controller: str
) -> None:
    details = {"pod": {"pod_name": pod, "pod_namespace": "search"}}

    collect_paths(write_lines(tmp_path / "a.json", entry(2, src_gke_details=details)))

    assert store.query("select workload from flow").rows == [(f"k8s/search/{controller}",)]


def test_normalise_when_both_ends_tell_then_the_caller_is_the_client_of_both_ways(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    there, back = ends("10.8.1.7", 51000, "10.1.0.5", 8443), ends("10.1.0.5", 8443, "10.8.1.7", 51000)
    tellings = [entry(2, connection=way, reporter=side) for way in (there, back) for side in ("SRC", "DEST")]

    collect_paths(write_lines(tmp_path / "a.json", *(one | {"insertId": str(i)} for i, one in enumerate(tellings))))

    assert store.query("select line, client_ip, direction from flow order by line").rows == [
        (1, "10.8.1.7", "egress"),
        (4, "10.8.1.7", "ingress"),
    ]
    assert store.query("select count from coverage_note where kind = 'duplicate'").rows == [(2,)]


def test_normalise_when_the_log_says_who_called_then_ports_do_not_decide(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    way = ends("10.8.1.7", 700, "10.1.0.5", 9000)
    tellings = [
        entry(2, connection=way, connection_direction="EGRESS", bytes_sent=None, packets_sent=None),
        entry(3, connection=way, connection_direction="INGRESS"),
    ]

    collect_paths(write_lines(tmp_path / "a.json", *tellings))

    assert store.query("select client_ip, bytes, packets from flow").rows == [("10.8.1.7", 0, 0)]


def test_normalise_when_only_one_end_tells_then_it_is_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_lines(tmp_path / "a.json", entry(3)))

    assert store.query("select client_ip, remote_ip, direction from flow").rows == [("10.1.0.5", "10.8.1.7", "ingress")]


def test_normalise_when_gateways_tell_then_the_network_behind_them_is_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    there, back = ends("192.168.4.4", 50000, "10.1.0.5", 443), ends("10.1.0.5", 443, "192.168.4.4", 50000)
    plain = {"src_instance": None, "src_vpc": None, "src_gke_details": None}
    tellings = [
        entry(2, connection=there, reporter="SRC_GATEWAY", **plain),
        entry(2, connection=back, reporter="DEST_GATEWAY", dest_instance=None, dest_vpc=None),
    ]

    collect_paths(write_lines(tmp_path / "a.json", *(one | {"insertId": str(i)} for i, one in enumerate(tellings))))

    assert store.query("select client_ip, remote_ip, direction, account_id, region from flow order by line").rows == [
        ("192.168.4.4", "10.1.0.5", "egress", "acme-net", "europe-west1"),
        ("192.168.4.4", "10.1.0.5", "ingress", "acme-net", "europe-west1"),
    ]


def test_normalise_when_an_entry_is_there_twice_then_once_and_noted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    [report] = collect_paths(write_lines(tmp_path / "a.json", entry(0), entry(1), entry(0)))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 0)
    assert store.query("select count from coverage_note where kind = 'duplicate'").rows == [(1,)]


def test_normalise_when_there_is_no_metadata_then_the_resource_says_whose_it_is(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_lines(tmp_path / "a.json", entry(0, src_instance=None, src_vpc=None, dest_location=None)))

    places = "select account_id, vpc_id, instance_id, region, workload from flow"
    assert store.query(places).rows == [("acme-net", "unknown", "unknown", "europe-west1", "unknown")]
    assert store.query("select detail from coverage_note where kind = 'no_metadata'").rows == [
        ("1 flows without metadata: their network and VM are not known",)
    ]


def test_normalise_when_a_google_api_is_called_then_the_service_is_named(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    named = {"type": "GOOGLE_API", "service_name": "aiplatform.googleapis.com", "connectivity": "PRIVATE_GOOGLE_ACCESS"}
    entries = [entry(0, dest_google_service=named), entry(1, src_google_service={"type": "GOOGLE_API"})]

    collect_paths(write_lines(tmp_path / "a.json", *entries))

    assert store.query("select remote_service from flow order by line").rows == [
        ("aiplatform.googleapis.com",),
        ("GOOGLE_API",),
    ]


def test_normalise_when_there_is_no_reporter_then_the_private_side_is_the_client(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    collect_paths(write_lines(tmp_path / "a.json", entry(0, reporter=None), entry(1, reporter=None)))

    assert store.query("select client_ip, direction from flow order by line").rows == [
        ("10.1.0.5", "egress"),
        ("10.1.0.5", "ingress"),
    ]


def test_normalise_when_entries_are_bad_then_rejected_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    bad = [
        entry(0, connection=None),
        entry(0, connection=ends("nowhere", 1, "203.0.113.30", 443)),
        entry(0, connection=ends("10.1.0.5", 1, "2001:db8::1", 443)),
        entry(0, start_time="yesterday"),
        entry(0, start_time="0001-01-01T00:00:00Z"),
        entry(0, start_time="9999-12-31T23:59:59Z"),
        entry(0) | {"jsonPayload": "text"},
    ]
    lines = [json.dumps(one | {"insertId": str(i)}) for i, one in enumerate([entry(0), *bad, entry(1)])]
    (tmp_path / "a.json").write_text("\n".join([*lines, '{"logName": ', "[1, 2]", "\x00"]) + "\n")

    [report] = collect_paths(tmp_path / "a.json")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 10)
    assert "line 2: an address is missing" in report.outcome.reason


def test_normalise_when_a_payload_in_a_string_is_broken_then_only_that_entry_is_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    names = {"log_name": ENTRIES[0]["logName"], "timestamp": ENTRIES[0]["timestamp"]}
    payloads = [json.dumps(ENTRIES[0]["jsonPayload"]), "text", "", json.dumps(ENTRIES[0]["jsonPayload"])]
    entries = [names | {"insert_id": str(i), "json_payload": payload} for i, payload in enumerate(payloads)]

    [report] = collect_paths(write_lines(tmp_path / "a.json", *entries))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 2)


def test_normalise_when_values_have_other_types_then_what_can_be_read_is(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    odd = {"src_ip": "10.1.0.5", "src_port": "40110", "dest_ip": "203.0.113.30", "dest_port": 443.0, "protocol": "six"}

    collect_paths(write_lines(tmp_path / "a.json", entry(0, connection=odd, bytes_sent=-5, packets_sent="many")))

    assert store.query("select client_port, remote_port, protocol, bytes, packets from flow").rows == [
        (40110, 443, 0, 0, 0)
    ]


def test_normalise_when_two_logs_are_in_one_file_then_the_other_is_rejected_by_name(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    other = {"logName": "projects/acme-net/logs/dns.googleapis.com%2Fdns_queries", "jsonPayload": {}}

    [report] = collect_paths(write_lines(tmp_path / "a.json", entry(0), entry(1), other))

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (2, 1)
    assert "line 3: no record of this log" in report.outcome.reason


def test_normalise_when_file_is_cut_then_the_last_line_is_rejected(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    for name, text in (("lines", "\n".join(map(json.dumps, ENTRIES))), ("array", json.dumps(ENTRIES))):
        (tmp_path / name).write_text(text[:-10])

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["flow"], report.outcome.rejected) == (6, 2)


def test_normalise_when_gzip_is_cut_then_complete_lines_are_kept(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    text = "".join(
        json.dumps(entry(0, bytes_sent=str(i * 7919 % 10007)) | {"insertId": f"i{i}"}) + "\n" for i in range(3000)
    )
    path = write_gzip(tmp_path / "a.json.gz", text.encode())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    [report] = collect_paths(path)

    assert isinstance(report.outcome, Partial)
    assert report.outcome.rejected == 0
    assert 500 < report.outcome.tables["flow"] < 2999


def test_normalise_when_a_copy_has_another_name_then_taken_once(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    for name in ("a.json", "b.log"):
        write_lines(tmp_path / name, *ENTRIES)

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert store.query("select count(*) from flow").rows == [(4,)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=80), max_size=4),
    st.dictionaries(
        st.sampled_from(["connection", "start_time", "bytes_sent", "reporter", "src_vpc", "src_gke_details"]),
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
        [report] = take_in(store, f"gcp_vpc_flow={path}")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.tables["flow"] + report.outcome.rejected == len(lines) + 2


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_sniff_when_bytes_are_hostile_then_a_score_and_no_error(data: bytes) -> None:
    for prefix in (b"", b'{"logName":', b"[" * 5000, b'[{"logName":"x/vpc_flows"},', b"PAR1"):
        assert 0 <= FORMAT.sniff(Head("x", prefix + data)) <= 1


def test_sniff_when_log_is_another_then_no() -> None:
    for log in ("compute.googleapis.com%2Ffirewall", "dns.googleapis.com%2Fdns_queries"):
        text = json.dumps(ENTRIES[0] | {"logName": f"projects/acme-net/logs/{log}"})
        assert FORMAT.sniff(Head("x", text.encode())) == 0
