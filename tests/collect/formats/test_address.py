"""Addresses: private by number and by text are one answer."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.formats._address import create_macros
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.store.connection import Store

BOTH = "select is_private_text($text, ipv4_number($text)), looks_private($text)"
EDGES = (
    *("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.16.0.0", "172.31.255.255"),
    *("172.32.0.0", "192.167.255.255", "192.168.0.0", "192.169.0.0", "100.63.255.255", "100.64.0.0", "100.127.255.255"),
    *("100.128.0.0", "101.64.0.0", "1.10.0.1", "fc00::1", "FDff::1", "fe80::1", "2001:db8::10", "fec0::1"),
)


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    engine = Store.open(":memory:").engine
    create_macros(engine)
    return engine


@pytest.mark.parametrize("text", EDGES)
def test_looks_private_when_at_the_edge_of_a_range_then_as_by_number(engine: DuckDBEngine, text: str) -> None:
    [(by_number, by_text)] = engine.query(BOTH, {"text": text}).rows

    assert by_number == by_text


@settings(deadline=None)
@given(st.one_of(st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(2**64, 2**128 - 1).map(IPv6Address)))
def test_looks_private_when_any_address_then_as_by_number(
    engine: DuckDBEngine, address: IPv4Address | IPv6Address
) -> None:
    [(by_number, by_text)] = engine.query(BOTH, {"text": str(address)}).rows

    assert by_number == by_text


def test_looks_private_when_mapped_then_as_the_address_in_it(engine: DuckDBEngine) -> None:
    assert engine.query("select looks_private('::ffff:10.0.0.1'), looks_private('::FFFF:8.8.8.8')").rows == [
        (True, False)
    ]
