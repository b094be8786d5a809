"""Proxy exports as JSON on a real DuckDB: shipped mappings, a user's own, and what other logs share with them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.proxy_json import FORMAT
from shadowscan.model.outcome import Collected, Failed
from shadowscan.store.connection import Store
from tests.collect.conftest import SAMPLES, Collect
from tests.collect.formats.taken import rows_of, take_in

HOSTS = "line, started_at::varchar, client_ip, remote_ip, host, path, action, bytes_out, bytes_in"
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "zscaler": [
        (1, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", "api.openai.com", "/v1/responses", "accept", 5210,
         102931),
        (2, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.52", "api.deepseek.com", "", "reject", 555, 65),
    ],
    "netskope": [
        (1, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", "api.openai.com", "/v1/responses", "accept", 2971, 2050),
        (2, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.52", "api.deepseek.com", "", "reject", 0, 0),
    ],
    "netskope_events": [
        (1, "2026-08-01 00:00:05", "10.0.1.5", "203.0.113.50", "api.openai.com", "/v1/responses", "accept", 0, 0),
        (2, "2026-08-01 00:00:06", "10.0.1.6", "203.0.113.52", "api.deepseek.com", "/", "reject", 0, 0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_normalise_when_shipped_mapping_then_hosts(store: Store, collect_paths: Collect, name: str) -> None:
    [report] = collect_paths(SAMPLES / f"proxy_json_{name}.json")

    assert isinstance(report.outcome, Collected)
    assert (report.format, report.outcome.rejected) == ("proxy_json", 0)
    assert store.query(f"select {HOSTS} from tls_connection order by line").rows == EXPECTED[name]


def test_normalise_when_an_array_of_records_then_as_lines(tmp_path: Path) -> None:
    records = [json.loads(line) for line in (SAMPLES / "proxy_json_zscaler.json").read_text().splitlines()]
    (tmp_path / "a").write_text(json.dumps(records, indent=2))

    assert rows_of(tmp_path, f"select {HOSTS} from tls_connection order by line") == EXPECTED["zscaler"]


def test_normalise_when_a_users_mapping_then_any_keys(tmp_path: Path, store: Store, collect_paths: Collect) -> None:
    (tmp_path / "a.json").write_text('{"Wann":"2026-08-01 02:00:05","Wer":"10.0.1.5","Wohin":"api.x.ai","n":5}\n')
    (tmp_path / "a.mapping.yaml").write_text(
        "columns: {time: Wann, client: Wer, host: Wohin, bytes_out: n}\ntimezone: Europe/Berlin\n"
    )

    collect_paths(f"proxy_json={tmp_path / 'a.json'}")

    assert store.query("select started_at::varchar, host, bytes_out from tls_connection").rows == [
        ("2026-08-01 00:00:05", "api.x.ai", 5)
    ]


def test_normalise_when_records_are_bad_then_rejected_and_counted(tmp_path: Path, collect_paths: Collect) -> None:
    good = (SAMPLES / "proxy_json_netskope.json").read_text().splitlines()[0]
    bad = ['{"x": ', "[1]", "{}", good.replace("10.0.1.5", "somewhere"), good.replace("1785542405", "soon")]
    (tmp_path / "a").write_text("\n".join([good, *bad, good, ""]))

    [report] = collect_paths(tmp_path / "a")

    assert isinstance(report.outcome, Collected)
    assert (report.outcome.tables["tls_connection"], report.outcome.rejected) == (2, 5)


@pytest.mark.parametrize(
    "sample", ["suricata_eve.json", "envoy_gateway.json", "gcp_vpc_flow.json", "aws_network_firewall.json"]
)
def test_sniff_when_another_log_then_refused(sample: str) -> None:
    assert FORMAT.sniff(Head("x", (SAMPLES / sample).read_bytes())) < 0.5


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=60), max_size=3),
    st.dictionaries(
        st.text(max_size=8) | st.sampled_from(["x-cs-url", "X-CS-URL", "date", "cs-host", 'a"b']),
        st.none() | st.integers() | st.text(max_size=20) | st.just([1, {}]),
        max_size=5,
    ),
)
def test_normalise_when_records_are_hostile_then_no_error(
    tmp_path_factory: pytest.TempPathFactory, junk: list[bytes], odd: dict[str, object]
) -> None:
    good = json.loads((SAMPLES / "proxy_json_netskope.json").read_text().splitlines()[0])
    path = tmp_path_factory.mktemp("a") / "a"
    lines = [line for one in junk for line in one.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    path.write_bytes(b"\n".join([json.dumps(good).encode(), *lines, json.dumps(good | odd).encode()]) + b"\n")

    with Store.open(":memory:") as store:
        [report] = take_in(store, f"proxy_json={path}")
        assert isinstance(report.outcome, Collected | Failed)
        assert not isinstance(report.outcome, Failed) or "unrecognised schema" in report.outcome.reason
