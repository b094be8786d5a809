"""Keys in bytes: every format of the catalogue, its neighbours, its vendor, and what is left alone."""

import json
import re
import time

import pytest

from shadowscan.secrets.match import Found
from tests.secrets.generate import bare_key, formats, make_key, make_text, matcher

FORMATS = [(vendor_id, format.id) for vendor_id, format in formats()]
ANCHORED = [(vendor_id, format.id) for vendor_id, format in formats() if not format.context]
NEIGHBOURS = [
    ("", ""),
    ('"', '"'),
    ("'", "'"),
    ("`", "`"),
    ("<", ">"),
    ("(", ")"),
    ("key=", ","),
    ("KEY=", ";"),
    ('"api_key = \\"', '\\"\\n"'),
    ("api_key%3D", "%22"),
    ("text\\n", "\\n"),
    ("\\u0022", "\\u0022"),
    ("[", "]"),
    ("{", "}"),
    ("KEY=", "\r"),
    ("é", "é"),
]


def found_in(text: str | bytes) -> list[Found]:
    return matcher().find(text.encode() if isinstance(text, str) else text)


def context_of(format_id: str) -> str:
    words = next(format.context for _, format in formats() if format.id == format_id)
    return f"{words[0]} = " if words else ""


@pytest.mark.parametrize(("vendor_id", "format_id"), FORMATS)
def test_find_when_key_of_a_format_then_vendor_kind_line_and_value(vendor_id: str, format_id: str) -> None:
    for seed in range(20):
        key = make_key(format_id, seed)
        [found] = found_in(f"first\n\n{context_of(format_id)} API_KEY={key}\nlast\n")
        expected = next(format for _, format in formats() if format.id == format_id)
        assert (found.vendor_id, found.kind, found.severity) == (vendor_id, expected.kind, expected.severity)
        assert found.secret.reveal().decode() == key
        assert found.line == 3


@pytest.mark.parametrize(("vendor_id", "format_id"), FORMATS)
def test_find_when_key_is_cut_glued_or_spoilt_then_not_that_format(vendor_id: str, format_id: str) -> None:
    format = next(format for _, format in formats() if format.id == format_id)
    for seed in range(5):
        key = make_key(format_id, seed)
        for near in (key[: len(key) // 2], f"{key[:-6]}!{key[-5:]}", f"x{key}", f"{key}{'Q' * 600}", key[:-4] + "…"):
            if re.search(rf"(?<![A-Za-z0-9_-])(?:{format.pattern})(?![A-Za-z0-9_-])", near, re.ASCII):
                continue  # an open length: what is left is a key still
            text = f"{context_of(format_id)} API_KEY={near}"
            assert format_id not in [found.format_id for found in found_in(text)], near


@pytest.mark.parametrize("format_id", [format.id for _, format in formats() if format.context])
def test_find_when_no_context_word_near_then_not_that_format(format_id: str) -> None:
    for seed in range(3):
        text = f"{context_of(format_id)}\n\n\n\n\n\n value = {make_key(format_id, seed)}"
        assert format_id not in [found.format_id for found in found_in(text)]


@pytest.mark.parametrize(
    ("words", "severity"), [("", "medium"), ("GOOGLE_API_KEY", "critical"), ("firebaseConfig = {}", "info")]
)
def test_severity_when_the_file_says_what_a_google_key_is_for_then_by_it(words: str, severity: str) -> None:
    [found] = found_in(f"{words}\n\n\n\n\n\nkey: {make_key('google-api-key')}")
    assert found.severity == severity


@pytest.mark.parametrize(("left", "right"), NEIGHBOURS)
@pytest.mark.parametrize("format_id", ["openai-project-key", "anthropic-api-key", "together-key", "groq-key"])
def test_find_when_any_neighbour_then_found_whole(format_id: str, left: str, right: str) -> None:
    key = make_key(format_id)
    assert [found.secret.reveal().decode() for found in found_in(f"{left}{key}{right}")] == [key]


@pytest.mark.parametrize(("left", "right"), [("a", ""), ("", "b"), ("_", ""), ("-", ""), ("", "-"), ("", "_")])
def test_find_when_part_of_a_longer_word_then_nothing(left: str, right: str) -> None:
    assert found_in(f" {left}{make_key('openrouter-key')}{right} ") == []


def test_find_when_key_ends_in_a_hyphen_then_found_whole() -> None:
    key = make_key("together-key")[:-1] + "-"
    assert [found.secret.reveal().decode() for found in found_in(f'"{key}"')] == [key]


def test_find_when_crlf_then_line_numbers_of_the_file() -> None:
    [found] = found_in(f"a=1\r\nb=2\r\nKEY={make_key('openai-project-key')}\r\n")
    assert found.line == 3


def test_find_when_bare_sk_then_vendor_unknown_never_openai() -> None:
    [found] = found_in(f"OPENAI_API_KEY={bare_key()}")
    assert (found.vendor_id, found.kind) == ("unknown", "bare_sk_48")


@pytest.mark.parametrize(
    ("context", "length", "vendor_id"),
    [
        ("DEEPSEEK_API_KEY=", 32, "deepseek"),
        ("base_url: https://api.deepseek.com\nkey: ", 32, "deepseek"),
        ("DASHSCOPE_API_KEY=", 32, "alibaba-qwen"),
        ("MOONSHOT_API_KEY=", 48, "moonshot"),
        ("# kimi\nkey = ", 48, "moonshot"),
        ("STABILITY_KEY=", 48, "stability"),
        ("SILICONFLOW_API_KEY=", 48, "siliconflow"),
        ("SECRET=", 32, "unknown"),
        ("moonshot\n\n\n\n\n\n\nkey = ", 48, "unknown"),
    ],
)
def test_find_when_bare_sk_then_nearest_vendor_word_decides(context: str, length: int, vendor_id: str) -> None:
    assert [found.vendor_id for found in found_in(context + bare_key(length))] == [vendor_id]


def test_find_when_two_bare_keys_then_each_its_own_context() -> None:
    text = f"DEEPSEEK_API_KEY={bare_key(32)}\nDASHSCOPE_API_KEY={bare_key(32, 1)}\n"
    assert [found.vendor_id for found in found_in(text)] == ["deepseek", "alibaba-qwen"]


@pytest.mark.parametrize(
    ("format_id", "vendor_id", "kind"),
    [
        ("openai-project-key", "openai", "project_key"),
        ("openai-service-account-key", "openai", "service_account_key"),
        ("openai-admin-key", "openai", "admin_key"),
        ("openai-user-key", "openai", "user_key"),
        ("anthropic-api-key", "anthropic", "api_key"),
        ("openrouter-key", "openrouter", "api_key"),
        ("langfuse-secret-key", "langfuse", "secret_key"),
        ("minimax-key", "minimax", "api_key"),
        ("helicone-key", "helicone", "api_key"),
    ],
)
@pytest.mark.parametrize("beside", ["", "deepseek moonshot litellm one-api xf-yun "])
def test_find_when_the_key_names_its_vendor_then_no_word_beside_it_does(
    format_id: str, vendor_id: str, kind: str, beside: str
) -> None:
    [found] = found_in(f"{beside}key={make_key(format_id)}")
    assert (found.vendor_id, found.kind) == (vendor_id, kind)


def test_find_when_a_vendor_word_is_a_hump_or_follows_an_escape_then_it_counts() -> None:
    key = make_key("mistral-key")
    for text in (f'mistralKey = "{key}"', f'"A=1\\nMISTRAL_KEY={key}"'):
        assert [found.vendor_id for found in found_in(text)] == ["mistral"]
    assert found_in(f'mistralize = "{key}"') == []


@pytest.mark.parametrize(("name", "vendor_id"), [("MISTRAL_API_KEY", "mistral"), ("CO_API_KEY", "cohere")])
def test_find_when_shape_is_a_hash_then_only_in_context(name: str, vendor_id: str) -> None:
    key = make_key(f"{vendor_id}-key")
    assert [found.vendor_id for found in found_in(f"{name}={key}")] == [vendor_id]
    assert found_in(f"sha={key}") == []


@pytest.mark.parametrize(
    "text",
    [
        "sk-" + "x" * 48,
        "sk-proj-" + "X" * 60,
        "sk-ant-api03-" + "a" * 93 + "AA",
        "sk-or-v1-" + "0123456789abcdef" * 4,
        "sk-" + ("abcdefghijklmnopqrstuvwxyz" * 2)[:48],
        "sk-1234",
        "OPENAI_API_KEY=sk-your-api-key-here",
        "OPENAI_API_KEY=${OPENAI_API_KEY}",
        "OPENAI_API_KEY=<KEY>",
        "sk-proj-...",
        "from huggingface_hub import hf_hub_download",
        "hf_" + "your_token_goes_here_0123456789ab",
        "AIza" + "SyEXAMPLE" + "0" * 26,
    ],
)
def test_find_when_placeholder_then_quiet(text: str) -> None:
    assert found_in(text) == []


def test_find_when_real_key_in_an_example_file_then_still_found() -> None:
    assert len(found_in(f"# example, placeholder\nKEY={make_key('groq-key')}")) == 1


@pytest.mark.parametrize(("vendor_id", "format_id"), FORMATS)
def test_mask_when_any_format_then_public_prefix_and_last_four_only(vendor_id: str, format_id: str) -> None:
    key = make_key(format_id)
    [found] = found_in(f"{context_of(format_id)} API_KEY={key}")
    prefix, _, last = found.secret.mask.partition("…")
    assert last == key[-4:]
    assert make_key(format_id, 1).startswith(prefix) or make_key(format_id, 2).startswith(prefix)
    for shown in (repr(found), str(found.secret), f"{found.secret}", json.dumps(str(found))):
        assert key not in shown and key[len(prefix) : -4] not in shown


def test_find_when_same_bytes_hold_ten_keys_then_all_in_order() -> None:
    keys = [make_key(format_id) for _, format_id in ANCHORED[:10]]
    assert [found.secret.reveal().decode() for found in found_in("\n".join(keys))] == keys


def test_find_when_line_of_three_megabytes_then_found_in_reasonable_time() -> None:
    noise = make_text("abcdef 0123456789%,", 3_000_000 // 30) * 30
    begun = time.process_time()
    found = found_in(f"{noise} {make_key('openai-project-key')} {noise}")
    assert len(found) == 1
    assert time.process_time() - begun < 5
