"""The sentence of a finding: counts, sizes, money, days, and nothing evaluated."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shadowscan.ruleset.message import counted, human_bytes, plain_decimal, write_message


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (1_234_567, "1.2 MB"),
        (999_960, "1.0 MB"),
        (3_400_000_000, "3.4 GB"),
    ],
)
def test_human_bytes_when_large_then_one_decimal_in_powers_of_a_thousand(size: int, text: str) -> None:
    assert human_bytes(size) == text


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [(1, "day", "1 day"), (2, "day", "2 days"), (3, "repository", "3 repositories"), (0, "place", "0 places")],
)
def test_counted_when_not_one_then_plural(count: int, noun: str, text: str) -> None:
    assert counted(count, noun) == text


@pytest.mark.parametrize(
    ("value", "text"), [("412.180000000000", "412.18"), ("5", "5.00"), ("0.000001", "0.000001"), ("1E+3", "1000.00")]
)
def test_plain_decimal_when_written_then_exact(value: str, text: str) -> None:
    assert plain_decimal(Decimal(value)) == text


def test_write_message_when_a_place_is_odd_then_it_stays_text() -> None:
    facts = {"a": "x", "b": None, "seen": datetime(2026, 10, 1, 8, tzinfo=UTC)}

    said = write_message("{a} {a.__class__} {b} {seen:date} {{a}}", facts)

    assert said == "x {a.__class__} unknown 2026-10-01 {x}"


def test_write_message_when_a_fact_looks_like_a_place_then_it_is_not_read_again() -> None:
    assert write_message("{a}", {"a": "{b}", "b": "secret"}) == "{b}"
