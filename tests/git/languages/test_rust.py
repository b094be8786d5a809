"""Rust: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.rs"
SET_UP = (
    'use async_openai::Client;\nfn f() { let llm = OpenAIConfig::new().with_api_base("https://llm.acme.example/v1"); }'
)


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("use async_openai::Client;", "openai"),
        ("use async_openai::{Client, config::OpenAIConfig};", "openai"),
        ("extern crate aws_sdk_bedrockruntime;", "aws-bedrock"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "// use async_openai::Client;",
        'const S: &str = "use async_openai::Client;";',
        "use crate::async_openai;",
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'fn f() { let app = Router::new().route("/v1/chat/completions", post(relay)); }',
        '#[post("/v1/chat/completions")]\nasync fn f() {}',
        'fn f() { match path { "/v1/chat/completions" => relay(), _ => {} } }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'fn f() { client.post("/v1/chat/completions").json(&body).send(); }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
