"""Ruby: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.rb"
SET_UP = 'require "openai"\nllm = OpenAI::Client.new(uri_base: "https://llm.acme.example/v1")'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ('require "anthropic"', "anthropic"),
        ("require 'openai'", "openai"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        '# require "openai"',
        's = %q(require "openai")',
        'require_relative "openai"',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'post "/v1/chat/completions" do\n  relay\nend',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'client.post("/v1/chat/completions", body)',
        'conn.post("/v1/chat/completions") { |r| r.body = body }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
