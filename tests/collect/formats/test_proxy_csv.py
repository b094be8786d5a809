"""Proxy and firewall exports on a real DuckDB: shipped mappings, a user's own, and headers that do not tell."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats._proxy_mapping import PROXY_MAPPINGS, fold, shipped_mappings
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.proxy_csv import FORMAT
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

HOSTS = "line, started_at::varchar, client_ip, remote_ip, remote_port, host, path, action, bytes_out, bytes_in"
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "zscaler": [
        (2, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", 443, "api.openai.com", "/v1/responses", "accept", 5210,
         102931),
        (3, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.51", 443, "api.anthropic.com", "", "accept", 555, 65),
        (4, "2026-08-01 00:00:07", "10.0.1.6", "203.0.113.52", 443, "api.deepseek.com", "/", "reject", 218, 14230),
        (5, "2026-08-01 00:00:08", "10.0.1.6", "203.0.113.70", 11434, "ollama.example", "/api/chat", "accept", 120,
         900),
    ],
    "zscaler_nss": [
        (1, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", 443, "api.openai.com", "/v1/responses", "accept", 5210,
         102931),
        (2, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.52", 80, "api.deepseek.com", "/", "reject", 72, 14061),
    ],
    "netskope": [
        (2, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", 443, "api.openai.com", "/v1/responses", "accept", 2971,
         2050),
        (3, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.52", 443, "api.deepseek.com", "", "reject", 0, 0),
    ],
    "paloalto": [
        (1, "2026-08-01 00:00:36", "10.0.1.5", "203.0.113.50", 443, "api.openai.com", "/", "accept", 0, 0),
        (3, "2026-08-01 00:01:08", "10.0.1.6", "203.0.113.52", 443, "api.deepseek.com", "/", "reject", 0, 0),
    ],
    "destination": [
        (2, "2026-08-01 00:00:05", "10.0.1.5", "unknown", 443, "api.openai.com", "", "accept", 5210, 102931),
        (3, "2026-08-01 00:00:06", "10.0.1.6", "unknown", 443, "api.deepseek.com", "", "reject", 0, 0),
    ],
}  # fmt: skip
GERMAN = (
    "Zeitpunkt;Arbeitsplatz;Adresse;Empfangen;Ergebnis\n"
    "01.08.2026 02:00:05;10.0.1.5;https://api.openai.com/v1/x?k=1;9;ok\n"
    "01.08.2026 02:00:06;10.0.1.6;api.x.ai;9;gesperrt\n"
)
MAPPING = """\
columns: {time: Zeitpunkt, client: Arbeitsplatz, url: Adresse, bytes_in: Empfangen, action: Ergebnis}
time_formats: ["%d.%m.%Y %H:%M:%S"]
timezone: Europe/Berlin
refused: [gesperrt]
"""


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_normalise_when_shipped_mapping_then_hosts(store: Store, collect_paths: Collect, name: str) -> None:
    [report] = collect_paths(SAMPLES / f"proxy_csv_{name}.csv")

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("proxy_csv", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == EXPECTED[name]


def test_normalise_when_palo_alto_traffic_then_flows_both_ways_and_drops(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "proxy_csv_paloalto.csv")

    flows = "line, started_at::varchar, ended_at::varchar, client_ip, client_port, remote_ip, direction, action, bytes"
    assert store.query(f"select {flows}, sensor from flow order by line, direction").rows == [
        (2, "2026-08-01 00:00:35", "2026-08-01 00:01:06", "10.0.1.5", 52984, "203.0.113.50", "egress", "accept", 20642,
         "firewall"),
        (2, "2026-08-01 00:00:35", "2026-08-01 00:01:06", "10.0.1.5", 52984, "203.0.113.50", "ingress", "accept", 21111,
         "firewall"),
        (4, "2026-08-01 00:01:09", "2026-08-01 00:01:09", "10.0.1.7", 52999, "203.0.113.53", "egress", "reject", 0,
         "firewall"),
    ]  # fmt: skip
    assert store.query("select kind, count from coverage_note").rows == [("no_host", 1)]  # the start of a session


def test_normalise_when_the_address_was_asked_for_then_a_flow(store: Store, collect_paths: Collect) -> None:
    collect_paths(SAMPLES / "proxy_csv_destination.csv")

    assert store.query("select line, remote_ip, remote_port, bytes from flow order by bytes").rows == [
        (4, "203.0.113.9", 8443, 12),
        (4, "203.0.113.9", 8443, 34),
    ]


@pytest.mark.parametrize("name", ["karte.mapping.yaml", "karte.csv.mapping.yaml", "proxy_csv.mapping.yaml"])
def test_normalise_when_mapping_beside_then_its_names_zone_and_words(tmp_path: Path, name: str) -> None:
    (tmp_path / "karte.csv").write_text(GERMAN)
    (tmp_path / name).write_text(MAPPING)

    found = rows_of(
        f"proxy_csv={tmp_path / 'karte.csv'}", "select started_at::varchar, host, path, action from tls_connection"
    )

    assert found == [
        ("2026-08-01 00:00:05", "api.openai.com", "/v1/x", "accept"),
        ("2026-08-01 00:00:06", "api.x.ai", "", "reject"),
    ]


def test_normalise_when_mapping_by_option_then_taken(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    (tmp_path / "karte.csv").write_text(GERMAN)
    (tmp_path / "m.yaml").write_text(MAPPING.replace("Europe/Berlin", "UTC") + "sensor: firewall\n")

    collect_paths(tmp_path / "karte.csv", format="proxy_csv", mapping=str(tmp_path / "m.yaml"), timezone="Asia/Tokyo")

    assert store.query("select started_at::varchar, sensor from tls_connection where line = 2").rows == [
        ("2026-07-31 17:00:05", "firewall")
    ]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [("colums: {}\n", "columns"), ("timezone: Mars/Base\ncolumns: {url: Adresse}\n", "Mars/Base"),
     ("recognise: {time: x}\n", "order"),
        ("time_formats: ['%d.%Q']\n", "%Q"), ("order: [a]\nrecognise: {a: '('}\n", "expression")],
    ids=["unknown word", "no zone", "recognise alone", "no time code", "bad expression"],
)  # fmt: skip
def test_normalise_when_mapping_says_what_it_may_not_then_refused_in_words(
    tmp_path: Path, collect_paths: Collect, mapping: str, words: str
) -> None:
    (tmp_path / "karte.csv").write_text(GERMAN)
    (tmp_path / "karte.mapping.yaml").write_text(mapping)

    [report] = collect_paths(f"proxy_csv={tmp_path / 'karte.csv'}")

    assert isinstance(report.outcome, Failed)
    assert words in report.outcome.reason


def test_normalise_when_the_option_names_no_zone_then_failed_in_words(tmp_path: Path, collect_paths: Collect) -> None:
    (tmp_path / "karte.csv").write_text(GERMAN)
    (tmp_path / "karte.mapping.yaml").write_text(MAPPING)

    [report] = collect_paths(tmp_path / "karte.csv", format="proxy_csv", timezone="Mars/Base")

    assert isinstance(report.outcome, Failed)
    assert "timezone = 'Mars/Base' is none" in report.outcome.reason


def test_normalise_when_no_column_can_be_the_host_then_unrecognised_schema_loudly(
    tmp_path: Path, collect_paths: Collect
) -> None:
    (tmp_path / "a.csv").write_text("time,src_ip,zielhost,bytes_out\n2026-08-01,10.0.1.5,api.openai.com,5\n")

    [report] = collect_paths(tmp_path / "a.csv")

    assert isinstance(report.outcome, Failed)
    assert "unrecognised schema: no column means host" in report.outcome.reason
    assert "a.csv.mapping.yaml" in report.outcome.reason


@pytest.mark.parametrize(
    "moment", ["1785542405", "1785542405.0", "1785542405000", "1785542405000000000", "2026-08-01T00:00:05Z",
               "2026-08-01 02:00:05+02:00", "2026-08-01 00:00:05"],
)  # fmt: skip
def test_normalise_when_time_is_written_otherwise_then_the_same_moment(tmp_path: Path, moment: str) -> None:
    (tmp_path / "a.csv").write_text(f"time,client_ip,host,bytes_out\n{moment},10.0.1.5,api.openai.com,5\n")

    assert rows_of(tmp_path, "select started_at::varchar from tls_connection") == [("2026-08-01 00:00:05",)]


def test_normalise_when_rows_are_bad_then_counted_and_the_others_kept(tmp_path: Path, collect_paths: Collect) -> None:
    rows = ["2026-08-01,10.0.1.5,api.openai.com,5,6", "yesterday,10.0.1.5,x.ai,5,6", "2026-08-01,nobody,x.ai,5,6",
            "2026-08-01,10.0.1.5,x.ai,/a,b,5,6", "2026-08-01,10.0.1.5", "2026-08-01,10.0.1.5,x.ai,many,6"]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join(["time,client_ip,host,bytes_out,bytes_in", *rows, ""]))

    [report] = collect_paths(tmp_path / "a.csv")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["tls_connection"], report.outcome.rejected) == (2, 4)


@pytest.mark.parametrize(
    "content",
    [
        "ts,td,host,cpu,bytes\n2026-08-01 00:00:01,1.0,a,0.5,100\n",
        (SAMPLES / "card_csv.csv").read_text(),
        (SAMPLES / "roster_csv.csv").read_text(),
        (SAMPLES / "focus.csv").read_text(),
        "name,ip\na,10.0.0.1\n",
        "a,b,c,d\n1,2,3,4\n",
    ],
)
def test_sniff_when_look_alike_then_refused(content: str) -> None:
    assert FORMAT.sniff(Head("x.csv", content.encode())) < 0.5


def test_shipped_mappings_when_loaded_then_each_is_whole() -> None:
    assert len(shipped_mappings()) == len(list(PROXY_MAPPINGS.glob("*.yaml")))
    for name, mapping in shipped_mappings().items():
        named = {fold(one) for kind in mapping.kinds for names in kind.columns.values() for one in names}
        only = {fold(one) for kind in mapping.kinds for one in kind.only}
        assert mapping.title, name
        assert mapping.source.startswith("https://") or name == "generic", name
        assert not mapping.order or named | only <= {fold(one) for one in mapping.order}, name


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(EXPECTED)),
    st.lists(st.binary(max_size=60), max_size=4),
    st.lists(st.text(max_size=12) | st.sampled_from(['"', "'", "\x00", "9" * 25, "://", "-"]), max_size=12),
)
def test_normalise_when_rows_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: list[bytes], cells: list[str]
) -> None:
    good = (SAMPLES / f"proxy_csv_{name}.csv").read_bytes()
    path = tmp_path_factory.mktemp("a") / "a.csv"
    path.write_bytes(b"\n".join([good.rstrip(), *junk, ",".join(cells).encode("utf-8", "replace")]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"proxy_csv={path}")

    assert isinstance(report.outcome, Collected | Failed)
    assert not isinstance(report.outcome, Failed) or "Exception" not in report.outcome.reason.replace(
        "InvalidInputException", ""
    )
