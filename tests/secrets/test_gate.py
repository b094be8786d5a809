"""The fast gate finds exactly what the slow one finds: a gate that says too little fails silently."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.secrets.context import distance, word_pattern
from shadowscan.secrets.gate import shape_ends
from shadowscan.secrets.match import exact_expression, fixed_start
from shadowscan.secrets.spans import exact_spans, places_of, spans_near
from tests.secrets.generate import bare_key, formats, make_key, matcher

WORDS = sorted({word for _, format in formats() for word in (*format.context, *(w.upper() for w in format.context))})
KEYS = st.builds(make_key, st.sampled_from([format.id for _, format in formats()]), st.integers(0, 3))
BARE = st.builds(bare_key, st.sampled_from([32, 48]), st.integers(0, 3))
NOISE = st.text("skAIza-_=\"'\\n%3D\n <>().,x0", max_size=12)
CORPUS = st.lists(st.one_of(KEYS, BARE, NOISE, st.sampled_from(WORDS)), max_size=12).map("".join)
LINES = st.lists(st.one_of(KEYS, BARE, NOISE, st.sampled_from(WORDS)), max_size=12).map("\n".join)


def seen(text: str, *, native: bool) -> list[tuple[str, str, int, bytes]]:
    found = matcher(native=native).find(text.encode())
    return [(f.vendor_id, f.format_id, f.line, f.secret.reveal()) for f in found]


@given(st.one_of(CORPUS, LINES))
@settings(max_examples=200, deadline=None)
def test_find_when_hyperscan_is_missing_then_the_same_keys(text: str) -> None:
    assert seen(text, native=True) == seen(text, native=False)


def test_gate_when_each_format_in_each_context_then_both_see_it() -> None:
    for _, format in formats():
        for word in (*format.context, *(w.upper() for w in format.context), *(w.lower() for w in format.context)):
            text = f"{word}: {make_key(format.id)}"
            assert seen(text, native=True) == seen(text, native=False) != []


@given(st.one_of(CORPUS, LINES))
@settings(max_examples=100, deadline=None)
def test_exact_spans_when_only_tried_where_keys_begin_then_those_of_the_slow_search(text: str) -> None:
    data = text.encode()
    for _, format in formats():
        expression = exact_expression(format.pattern)
        slow = [found.span() for found in expression.finditer(data)]
        start = fixed_start(format.pattern).encode()
        assert not start or list(exact_spans(expression, places_of(start, data), data)) == slow


@given(st.one_of(CORPUS, LINES), st.integers(0, 6_000), st.sampled_from(["x", " ", "\n", "a-b "]))
@settings(max_examples=100, deadline=None)
def test_spans_near_when_only_tried_around_the_words_then_the_slow_ones_that_count(
    text: str, distance_apart: int, filling: str
) -> None:
    data = (text + (filling * distance_apart)[:distance_apart] + text).encode()
    for _, format in formats():
        if not format.context or fixed_start(format.pattern):
            continue
        expression, words = exact_expression(format.pattern), word_pattern(format.context)
        slow = [found.span() for found in expression.finditer(data)]
        expected = [s for s in slow if counts(words, data, s, format.context_lines)]
        for ends in (None, shape_ends(format.pattern)):
            near = spans_near(expression, [w.lower().encode() for w in format.context], data, data.lower(), ends)
            assert [s for s in near if counts(words, data, s, format.context_lines)] == expected


def counts(words: re.Pattern[bytes], data: bytes, span: tuple[int, int], lines: int) -> bool:
    return distance(words, data, span, lines) is not None


@pytest.mark.parametrize(
    ("pattern", "start"),
    [
        ("sk-ant-api\\d{2}", "sk-ant-api"),
        ("abc|def", ""),
        ("ab(?:c|d)", "ab"),
        ("ab[|]c", "ab"),
        ("abc?", "ab"),
        ("(?:pa|al)-x", ""),
        ("AQ\\.Ab", "AQ.Ab"),
    ],
)
def test_fixed_start_when_not_every_key_begins_so_then_shorter_or_empty(pattern: str, start: str) -> None:
    assert fixed_start(pattern) == start


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_find_when_hostile_bytes_then_no_error_and_true_spans(data: bytes) -> None:
    for found in matcher().find(data):
        assert found.secret.reveal() in data


def test_shapes_when_generated_then_they_fit_their_format() -> None:
    for _, format in formats():
        assert re.fullmatch(format.pattern, make_key(format.id))
