"""Logs of containers: the log inside as if it had come alone, with the time that it needs."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.containers import container_json, kubernetes_log
from shadowscan.collect.formats.interface import Head
from shadowscan.model.outcome import Collected
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.lines import asked, write
from tests.collect.formats.taken import take_in

TIME = "2026-08-01T00:00:03.123456789Z"
COREDNS = '[INFO] 10.1.0.21:53116 - 24044 "A IN api.openai.com. udp 45 false 1232" NOERROR qr,rd,ra 96 0.012s'
DNSMASQ = "dnsmasq[1]: query[A] x.ai from 10.1.0.22"
BIND = "01-Aug-2026 00:00:01.123 client 10.1.0.23#53115 (y.ai): query: y.ai IN A + (10.0.0.2)"
ROUTE53 = (SAMPLES / "route53_resolver.json").read_text().splitlines()[0]


def docker(log: str, **more: Any) -> str:
    return json.dumps({"log": log + "\n", "stream": "stdout", "time": TIME} | more)


@pytest.mark.parametrize(
    "begin",
    [
        f"{TIME} stdout F ",
        f"{TIME} stderr F:x ",
        "2026-08-01T02:00:03.123456789+02:00 stdout F ",
        f"{TIME} ",
        f"[pod/coredns-5d78c9869d-8xk2p/coredns] {TIME} ",
    ],
)
def test_unwrap_when_the_log_has_no_time_then_the_runtimes(
    tmp_path: Path, store: Store, collect_paths: Collect, begin: str
) -> None:
    write(tmp_path / "0.log", begin + COREDNS, begin + COREDNS)

    [report] = collect_paths(tmp_path)

    assert (report.format, isinstance(report.outcome, Collected)) == ("coredns", True)
    assert asked(store, "line, client_ip, qname, queried_at::varchar") == [
        (1, "10.1.0.21", "api.openai.com", "2026-08-01 00:00:03.123456"),
        (2, "10.1.0.21", "api.openai.com", "2026-08-01 00:00:03.123456"),
    ]


@pytest.mark.parametrize(("inside", "format_id"), [(COREDNS, "coredns"), (DNSMASQ, "dnsmasq"), (BIND, "bind")])
def test_unwrap_when_docker_or_a_shipper_then_every_log_inside(
    tmp_path: Path, store: Store, collect_paths: Collect, inside: str, format_id: str
) -> None:
    shipped = {"kubernetes": {"container_name": "dns"}, "time": None, "@timestamp": TIME}
    write(tmp_path / "docker.log", docker(inside))
    write(tmp_path / "shipped.log", docker(inside, **shipped))

    [report] = collect_paths(tmp_path)

    assert report.format == format_id
    assert asked(store, "line, queried_at::varchar") == [(1, "2026-08-01 00:00:03.123456")] * 2


def test_unwrap_when_the_log_inside_is_json_then_without_the_time(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", f"{TIME} stdout F {ROUTE53}")

    [report] = collect_paths(tmp_path / "a")

    assert report.format == "route53_resolver"
    assert len(asked(store)) == 1


def test_unwrap_when_several_containers_then_each_is_an_object(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = (f"[pod/a-1/coredns] {COREDNS}", f"[pod/b-1/dnsmasq] {DNSMASQ}", "[pod/c-1/app] hello there")
    write(tmp_path / "a", *lines, f"[pod/a-2/coredns] {COREDNS}")

    reports = collect_paths(tmp_path / "a")

    assert sorted(report.format for report in reports) == ["coredns", "dnsmasq", "unrecognised"]
    assert [report.target.rpartition("!")[2] for report in reports if report.format == "unrecognised"] == ["app"]
    assert store.query("select object from source_object order by object").rows == [
        (f"{tmp_path / 'a'}!coredns",),
        (f"{tmp_path / 'a'}!dnsmasq",),
    ]
    assert sorted(asked(store, "line, qname")) == [(1, "api.openai.com"), (1, "x.ai"), (2, "api.openai.com")]


def test_unwrap_when_lines_are_broken_bad_or_cut_then_joined_and_counted(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    lines = (
        f"{TIME} stdout P {COREDNS[:30]}",
        f"{TIME} stdout P {COREDNS[30:50]}",
        f"{TIME} stdout F {COREDNS[50:]}",
        "no line of a runtime",
        f"{TIME} stdout F {COREDNS}",
        f"{TIME} stdout P {COREDNS[:30]}",
    )
    text = "".join(f"{line}\n" for line in (*[f"{TIME} stdout F {COREDNS}"] * 200, *lines))
    (tmp_path / "a.gz").write_bytes(gzip.compress(text.encode()))

    [report] = collect_paths(tmp_path)

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (202, 2)


def test_unwrap_when_a_docker_record_is_bad_then_counted(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    more = {"kubernetes": {"container_name": "coredns"}}
    write(tmp_path / "a", *[docker(COREDNS, **more)] * 20, '{"log": ', docker(COREDNS, **more))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["dns_query"], report.outcome.rejected) == (21, 1)


def test_export_when_the_log_inside_has_no_time_then_the_exports(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    write(tmp_path / "a", f"2026-08-01T00:00:03.123Z {COREDNS}")

    collect_paths(tmp_path / "a")

    assert asked(store, "queried_at::varchar") == [("2026-08-01 00:00:03.123",)]


@pytest.mark.parametrize(
    "data",
    [
        b"2026-08-01T00:00:03Z stdout X message\n",
        b"2026-08-01T00:00:03.123Z a log with times\n",
        b"[a/b/c] message\n",
        b'{"log": 5, "stream": "stdout"}\n',
        b'{"log": "text", "level": "info"}\n',
        b"",
    ],
)
def test_peek_when_another_shape_then_no_container(data: bytes) -> None:
    assert kubernetes_log.CONTAINER.peek(Head("x", data)) is None
    assert container_json.CONTAINER.peek(Head("x", data)) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6), st.sampled_from([f"{TIME} stdout F ", f"{TIME} stdout P ", ""]))
def test_unwrap_when_bytes_are_hostile_then_counted_and_nothing_fails(
    tmp_path_factory: pytest.TempPathFactory, odd: list[bytes], begin: str
) -> None:
    sound = [f"{TIME} stdout F {COREDNS}"] * 200
    lines = [begin.encode() + data.replace(b"\n", b" ") for data in odd]
    path = write(tmp_path_factory.mktemp("cri") / "a", *sound, *lines)

    with Store.open(":memory:") as store:
        [report] = take_in(store, path)
        assert isinstance(report.outcome, Collected), report
        assert report.outcome.tables["dns_query"] == 200
