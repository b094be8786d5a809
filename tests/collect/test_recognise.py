"""Recognition is by content, total on hostile bytes, and says what it saw."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.collect.describe import describe
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.recognise import FORMATS, Unrecognised, find_format, is_format, load_formats, recognise
from shadowscan.errors import UsageError
from shadowscan.plugins import iter_modules, unit_names
from tests.collect.conftest import SAMPLES


def test_recognise_when_nearly_ours_then_the_nearest_format_is_named() -> None:
    question = (SAMPLES / "route53_resolver.json").read_bytes().splitlines()[0]

    found = recognise(Head("x", b"\n".join([question, b'{"a": 1}', b'{"a": 2}', b'{"a": 3}'])))

    assert found == Unrecognised("route53_resolver")


def test_find_format_when_unknown_then_the_known_ones_are_listed() -> None:
    assert find_format("aws-vpc-flow").id == "aws_vpc_flow"
    assert (is_format("aws-vpc-flow"), is_format("interface"), is_format("year")) == (True, False, False)
    with pytest.raises(UsageError, match="aws_vpc_flow"):
        find_format("nonsense")


def test_formats_when_loaded_then_each_is_named_as_its_module() -> None:
    assert tuple(load_formats()) == unit_names(FORMATS)
    assert [module.FORMAT.id for module in iter_modules(FORMATS)] == list(unit_names(FORMATS))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "binary, starts 89 50 4e 47 (PNG image)"),
        (b"\x00\x01\x02\x03", "binary, starts 00 01 02 03"),
        (b"a,b,c\n1,2,3\n", "text, 3 columns separated by ','"),
        (b'{"b": 1, "a": [2]}\n', "JSON object with keys a, b"),
        (b'[{"k": 1}]', "JSON list of objects with keys k"),
        (b"hello there\n", "text, starts 'hello there'"),
        (b"\n\n", "blank lines only"),
    ],
)
def test_describe_when_bytes_then_one_phrase(data: bytes, words: str) -> None:
    assert describe(Head("x", data)) == words


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PAR1", b"{", b"[", b'{"a":' * 3000, b"a,b\n", b"\xef\xbb\xbf"]))
def test_recognise_when_bytes_are_hostile_then_an_answer_and_a_description(data: bytes, prefix: bytes) -> None:
    head = Head("x", prefix + data)

    for found in load_formats().values():
        assert 0 <= found.sniff(head) <= 1, found.id
    assert describe(head)
