"""Stand-ins are quiet; random keys are not, whatever letters happen to lie in them."""

import string

import pytest

from shadowscan.secrets.guards import is_filtered, is_placeholder, shannon_entropy
from tests.secrets.generate import make_text

BASE62 = string.ascii_letters + string.digits


@pytest.mark.parametrize(
    "body", ["x" * 20, "your-api-key-here", "0123456789" * 3, "qwertyuiop" * 2, "ABABABABABABAB", "1" * 32, "todo"]
)
def test_placeholder_when_written_by_a_person_then_quiet(body: str) -> None:
    assert is_placeholder(body.encode())


@pytest.mark.parametrize("middle", ["todo", "XXXX", "TODO"])
def test_placeholder_when_a_real_key_holds_four_such_letters_then_kept(middle: str) -> None:
    body = make_text(BASE62, 40) + middle + make_text(BASE62, 40, 1)
    assert not is_placeholder(body.encode())


def test_placeholder_when_two_thousand_random_keys_then_none_is_lost() -> None:
    assert [n for n in range(2000) if is_placeholder(make_text(BASE62, 48, n).encode())] == []


def test_placeholder_when_a_class_name_then_quiet_though_it_holds_digits() -> None:
    assert is_placeholder(b"Multi2VecClipModule4VectorizerConfiguration")


def test_placeholder_when_a_real_key_holds_one_such_word_then_kept() -> None:
    assert not is_placeholder((make_text(BASE62, 16) + "Vectorizer" + make_text(BASE62, 16, 1)).encode())


def test_filtered_when_a_template_or_digits_only_then_true() -> None:
    assert is_filtered(b"{secret}") and is_filtered(b"4096738516") and not is_filtered(b"a8Kq")


def test_entropy_when_two_even_characters_then_one_bit() -> None:
    assert shannon_entropy(b"abab") == 1.0
