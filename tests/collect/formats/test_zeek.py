"""Zeek: five logs, two ways of writing, one shape; and what a site may change in them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.zeek import FORMAT
from shadowscan.model.outcome import Collected, Skipped
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect

CONN = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto duration conn_state orig_ip_bytes resp_ip_bytes"
ONE_CONN = "1785542402.5 Ca 10.0.1.5 50022 203.0.113.50 443 tcp 1.5 SF 600 900"


def log(path: str, fields: str, *rows: str) -> bytes:
    """A tab separated log; names and values are written here with spaces between them."""
    head = ("#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", f"#path\t{path}")
    lines = (*head, *("\t".join(text.split(" ")) for text in (f"#fields {fields}", *rows)), "#close\t2026-08-01")
    return "".join(f"{line}\n" for line in lines).encode()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def record(**fields: Any) -> bytes:
    base = {"ts": 1785542401.1, "uid": "Cj", "id.orig_h": "10.0.1.5", "id.orig_p": 53111, "id.resp_h": "10.0.0.2"}
    return json.dumps(base | {"id.resp_p": 53, "proto": "udp"} | fields).encode() + b"\n"


def rows(store: Store, table: str, columns: str) -> list[tuple[Any, ...]]:
    return store.query(f"select {columns} from {table} order by source_id, line, rowid").rows


def test_normalise_when_all_samples_then_flow_and_host_share_their_connection(
    store: Store, collect_paths: Collect
) -> None:
    reports = collect_paths(*(SAMPLES / f"zeek_{kind}.log" for kind in ("conn", "dns", "http", "ssl")))

    assert all(isinstance(report.outcome, Collected) and not report.outcome.rejected for report in reports)
    assert rows(store, "flow", "line, direction, client_ip, remote_ip, remote_port, bytes, packets, connection_id") == [
        (9, "egress", "192.0.2.15", "203.0.113.50", 443, 6200, 40, "Cdef"),
        (9, "ingress", "192.0.2.15", "203.0.113.50", 443, 94300, 80, "Cdef"),
    ]
    assert rows(store, "dns_answer", "line, client_ip, qname, ip, ttl_seconds") == [
        (9, "192.0.2.15", "api.anthropic.com", "203.0.113.50", 300),
        (9, "192.0.2.15", "api.anthropic.com", "203.0.113.51", 300),
    ]
    assert rows(store, "tls_connection", "host, named_by, path, remote_ip, remote_port, connection_id, bytes_out") == [
        ("api.openai.com", "connect", "", "unknown", 443, "Cghi", 0),
        ("ollama.example", "http_host", "/api/chat", "203.0.113.70", 11434, "Cjkl", 120),
        ("api.anthropic.com", "sni", "", "203.0.113.50", 443, "Cdef", 0),
    ]
    assert rows(store, "flow", "sensor, started_at::varchar, ended_at::varchar")[0] == (
        "zeek",
        "2026-08-01 00:00:02.5",
        "2026-08-01 00:00:14.8",
    )


def test_normalise_when_json_of_several_logs_then_each_by_its_fields(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    data = (
        record(
            query="API.openai.com",
            qtype_name="A",
            rcode_name="NOERROR",
            rejected=False,
            TTLs=[60.0, 5.0, 5.0],
            answers=["cdn.example", "203.0.113.9", "RRSIG 1 a.example"],
        )
        + record(conn_state="REJ", orig_ip_bytes=60, resp_ip_bytes=40, proto="tcp")
        + record(server_name="x.ai", established=False, last_alert="unknown_ca", proto="tcp")
        + record(trans_depth=1, helo="mail.example")
        + record(_path="ssl", ts="2026-08-01T00:00:02.5Z", server_name="y.ai", established=True)
    )

    [report] = collect_paths(write(tmp_path / "a", data))

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 0
    assert rows(store, "dns_query", "line, qname, cname_chain, answer_count") == [
        (1, "api.openai.com", "cdn.example", 1)
    ]
    assert rows(store, "dns_answer", "ip, ttl_seconds") == [("203.0.113.9", 5)]
    assert rows(store, "flow", "line, action, bytes") == [(2, "reject", 60), (2, "reject", 40)]
    assert rows(store, "tls_connection", "line, host, action, started_at::varchar") == [
        (3, "x.ai", "reject", "2026-08-01 00:00:01.1"),
        (5, "y.ai", "accept", "2026-08-01 00:00:02.5"),
    ]


def test_normalise_when_logs_are_put_together_then_each_line_goes_by_the_fields_before_it(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    turned = log("ssl", "server_name id.resp_h id.orig_h uid ts", "x.ai 203.0.113.9 10.0.1.5 Cb 1785542403.0")
    write(tmp_path / "a.log.gz", gzip.compress(log("conn", CONN, ONE_CONN) + turned))
    write(tmp_path / "b.log", turned)

    collect_paths(tmp_path)

    assert rows(store, "flow", "line, connection_id, direction") == [(7, "Ca", "egress"), (7, "Ca", "ingress")]
    assert rows(store, "tls_connection", "line, host, remote_ip, remote_port") == [
        (15, "x.ai", "203.0.113.9", 443),
        (7, "x.ai", "203.0.113.9", 443),
    ]


def test_normalise_when_the_site_marks_otherwise_then_its_marks_count(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    fields = "ts,uid,id.orig_h,id.resp_h,query,qtype_name,answers"
    line = "1785542403.0,Cb,10.0.1.5,10.0.0.2,x.ai,A,203.0.113.9|203.0.113.8"
    empty = "1785542403.0,NULL,10.0.1.5,10.0.0.2,y.ai,A,NULL"
    head = f"#separator \\x2c\n#set_separator,|\n#unset_field,NULL\n#path,dns\n#fields,{fields}\n"
    write(tmp_path / "a", f"{head}{line}\n{empty}\n".encode())

    collect_paths(tmp_path / "a")

    assert rows(store, "dns_query", "qname, answer_count, cname_chain") == [("x.ai", 2, ""), ("y.ai", 0, "")]


@pytest.mark.parametrize(
    ("orig", "resp", "expected"),
    [
        ("10.0.1.5", "203.0.113.9", [("egress", "10.0.1.5", 600), ("ingress", "10.0.1.5", 900)]),
        ("203.0.113.9", "10.0.1.5", [("egress", "10.0.1.5", 900), ("ingress", "10.0.1.5", 600)]),
        ("::ffff:203.0.113.9", "::ffff:10.0.1.5", [("egress", "10.0.1.5", 900), ("ingress", "10.0.1.5", 600)]),
        ("192.0.2.1", "203.0.113.9", [("egress", "192.0.2.1", 600), ("ingress", "192.0.2.1", 900)]),
        ("10.0.1.5", "10.0.1.6", [("egress", "10.0.1.5", 600), ("ingress", "10.0.1.5", 900)]),
        ("fd00::5", "2001:DB8::9", [("egress", "fd00::5", 600), ("ingress", "fd00::5", 900)]),
    ],
)
def test_normalise_when_sides_differ_then_both_ways_have_one_client(
    tmp_path: Path, store: Store, collect_paths: Collect, orig: str, resp: str, expected: list[tuple[str, str, int]]
) -> None:
    write(tmp_path / "a", log("conn", CONN, f"1785542402.5 Ca {orig} 50022 {resp} 443 tcp - SF 600 900"))

    collect_paths(tmp_path / "a")

    assert sorted(rows(store, "flow", "direction, client_ip, bytes")) == expected


def test_normalise_when_lines_are_bad_then_rejected_and_the_others_keep_their_numbers(
    tmp_path: Path, store: Store, collect_paths: Collect
) -> None:
    data = log("conn", CONN, "1785542402.5 Cx \udcff 1".replace("\udcff", "BAD"), "nonsense", ONE_CONN)
    write(tmp_path / "a", data.replace(b"BAD", b"\xff\xfe"))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert report.outcome.rejected == 2
    assert "line 7: " in report.outcome.reason or "line 8: " in report.outcome.reason
    assert rows(store, "flow", "line") == [(9,), (9,)]


@pytest.mark.parametrize("name", ["zeek_conn.log", "zeek_dns.log", "zeek_http.log", "zeek_ssl.log", "zeek_dns.json"])
def test_sniff_when_one_of_the_five_then_sure(name: str) -> None:
    assert FORMAT.sniff(Head("x", (SAMPLES / name).read_bytes())) > 0.9


@pytest.mark.parametrize(
    "data",
    [
        log("weird", "ts uid id.orig_h id.resp_h name", "1785542402.5 C 10.0.1.5 10.0.1.6 x"),
        log("conn", "uid", "C1"),
        b"#fields",
        b"# a comment\na,b\n",
        record(_path="weird", name="x"),
        record(helo="x", trans_depth=1),
    ],
)
def test_sniff_when_another_log_then_not_ours(data: bytes) -> None:
    assert FORMAT.sniff(Head("x", data)) < 0.5


def test_scan_when_a_folder_has_other_logs_then_each_is_skipped_and_named(
    tmp_path: Path, collect_paths: Collect
) -> None:
    write(tmp_path / "weird.log", log("weird", "ts uid id.orig_h id.resp_h name", "1785542402.5 C 10.0.1.5 - x"))
    write(tmp_path / "conn.log", log("conn", CONN, ONE_CONN))

    taken, skipped = collect_paths(tmp_path)

    assert isinstance(taken.outcome, Collected)
    assert isinstance(skipped.outcome, Skipped)
    assert skipped.outcome.reason == "not recognised: Zeek log 'weird', of which nothing is read; nearest format zeek"


def test_normalise_when_quic_then_its_server_name_and_udp(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    fields = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p version client_initial_dcid server_name client_protocol"
    line = "1785542402.5 Cq 10.0.1.5 39264 203.0.113.50 443 1 ceef7990f5bb4071 API.openai.com h3"
    unnamed = line.replace("API.openai.com", "-").replace("Cq", "Cr")
    write(tmp_path / "quic.log", log("quic", fields, line, unnamed))
    json_record = record(client_initial_dcid="ceef", server_name="x.ai", **{"id.resp_p": 443})
    write(tmp_path / "quic.json", json_record)

    reports = collect_paths(tmp_path)

    assert [report.outcome.rejected for report in reports if isinstance(report.outcome, Collected)] == [0]
    assert rows(store, "tls_connection", "host, protocol, remote_port, named_by, connection_id") == [
        ("x.ai", 17, 443, "sni", "Cj"),
        ("api.openai.com", 17, 443, "sni", "Cq"),
    ]
