"""Code read off its syntax tree: facts, blanked text, and bytes that are no code at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowscan.git.code import SECONDS, WINDOW, Code, language_of, languages, read_code, string_of, windows
from tests.git.seen import signals

ENDINGS = sorted(languages())


def read(path: str, text: str) -> Code:
    language = language_of(path)
    assert language is not None
    code = read_code(language, text.encode())
    assert code is not None
    return code


def test_text_when_blanked_then_lines_stay_and_comments_and_strings_go() -> None:
    code = read("a.py", 'a = "s"  # c\n"""\nlong\n"""\nb = 1\n')

    assert code.text == "a =" + " " * 9 + "\n   \n    \n   \nb = 1\n"


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('"a"', "a"),
        ("'a'", "a"),
        ('"""a"""', "a"),
        ('b"a"', "a"),
        ('r"a"', "a"),
        ('@"a"', "a"),
        ('r#"a"#', "a"),
        ("`a`", "a"),
        ('f"a"', "a"),
        ('f"{a}"', None),
        ("`${a}`", None),
        ('"#{a}"', None),
        ("a", None),
        ("1", None),
    ],
)
def test_string_when_plain_then_its_content_and_when_put_together_then_none(written: str, content: str | None) -> None:
    assert string_of(written) == content


def test_constant_when_given_to_a_base_url_then_it_is_followed() -> None:
    text = 'import openai\nBASE = "https://llm.acme.example/v1"\nc = openai.OpenAI(base_url=BASE)\n'

    assert [(s.kind, s.vendor_id, s.line) for s in signals("a.py", text) if s.kind == "base_url"] == [
        ("base_url", "gateway", 2)
    ]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
def test_code_when_bytes_are_hostile_then_total(data: bytes, ending: str) -> None:
    language = language_of(f"a{ending}")
    assert language is not None

    code = read_code(language, data)

    assert code is not None
    assert code.text.count("\n") == data.decode("utf-8", "replace").count("\n")


@pytest.mark.parametrize(("ending", "piece"), [(".kt", "/*"), (".java", "x=>"), (".py", "("), (".go", "x=>")])
def test_code_when_it_is_made_to_be_slow_then_a_window_costs_little(ending: str, piece: str) -> None:
    began = time.process_time()

    signals(f"a{ending}", piece * (WINDOW // len(piece)))

    assert time.process_time() - began < 4 * SECONDS


def test_code_when_longer_than_a_window_then_nothing_is_lost_and_lines_hold() -> None:
    filler = "def f():\n    return 'x'\n\n" * 1_000
    text = f"{filler}import openai\n{filler}import anthropic\n"

    assert [(s.vendor_id, s.line) for s in signals("a.py", text) if s.kind == "sdk"] == [
        ("openai", 3_001),
        ("anthropic", 6_002),
    ]


def test_windows_when_put_together_then_the_bytes() -> None:
    data = b"a" * 40_000 + b"\n" + b"b\n" * 20_000

    assert b"".join(windows(data)) == data
    assert max(len(window) for window in windows(data)) <= WINDOW
