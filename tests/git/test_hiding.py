"""Every key format in every hiding place: `bench/hiding.py` as a test, and forms by themselves."""

import base64
from pathlib import Path

import pytest

from bench.hiding import PLACES, Corpus, found_cells
from shadowscan.git.archive import Budget
from shadowscan.git.decode import FORMS, views
from shadowscan.secrets.match import Matcher
from tests.secrets.generate import formats, make_key

# One of each sort: telling anchor, short anchor, one character class alone, by a word, by a name, by nothing.
SORTS = ("openai-project-key", "groq-key", "bedrock-long-term-key", "mistral-key", "nebius-named-key", "bare-sk-48")
KEY = make_key("openai-project-key")
OPEN_ENDED = make_key("anthropic-oauth-access")


def seen(data: bytes) -> list[tuple[str, str, int]]:
    """Form, last characters and line of every key in every form of the content."""
    matcher = Matcher(formats(), FORMS)
    return [
        (view.form, str(found.secret)[-4:], found.line)
        for view in views(data, matcher.signs, Budget())
        for found in matcher.find(view.data, view.signs)
    ]


def missed(corpus: Corpus) -> set[tuple[str, str]]:
    return set(corpus.where) - found_cells(corpus)


def test_hiding_when_a_key_of_each_sort_lies_in_every_place_then_all_are_found(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "corpus", SORTS).build()
    assert len(corpus.where) == len(SORTS) * len(PLACES)
    assert missed(corpus) == set()


@pytest.mark.slow
def test_hiding_when_every_format_lies_in_every_place_then_all_are_found(tmp_path: Path) -> None:
    assert missed(Corpus(tmp_path / "corpus").build()) == set()


@pytest.mark.parametrize(
    ("text", "form", "line"),
    [
        (f"\n\nx: {KEY}", "", 3),
        (f"\nnext=%2Fa%3Fkey%3D{KEY.replace('-', '%2D')}%0A", "percent-encoding", 2),
        (f"\nnext=%252Fa%253Fkey%253D{KEY.replace('-', '%252d')}", "percent-encoding", 2),
        ('\n\n{"key": "' + KEY.replace("-", "\\u002d") + '"}', "JSON escapes", 3),
    ],
)
def test_views_when_encoded_then_the_key_at_its_line(text: str, form: str, line: int) -> None:
    assert (form, KEY[-4:], line) in seen(text.encode())


def test_views_when_base64_goes_over_lines_then_the_lines_after_it_keep_their_numbers() -> None:
    wrapped = base64.encodebytes(f"first\nsecond\nKEY={KEY}\n".encode() * 2).decode()
    short = base64.b64encode(f"KEY={KEY}".encode()).decode()
    found = seen(f"{wrapped}\nkind: Secret\nkey: {short}\n".encode())
    assert {line for form, _, line in found if form == "base64"} == {1, wrapped.count("\n") + 3}


def test_views_when_utf16_lies_in_a_program_then_its_strings_are_read() -> None:
    program = b"MZ\x90\0" + bytes(range(256)) * 9 + f"KEY={KEY}".encode("utf-16-le") + bytes(9)
    assert [(form, last) for form, last, _ in seen(program)] == [("UTF-16", KEY[-4:])]


@pytest.mark.parametrize("key", [KEY, OPEN_ENDED], ids=["of one length", "of any length"])
def test_find_when_a_comment_ends_behind_the_key_then_its_dashes_are_no_part_of_it(key: str) -> None:
    assert [last for _, last, _ in seen(f"<!--{key}-->".encode())] == [key[-4:]]
