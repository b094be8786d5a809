"""C#: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "A.cs"
SET_UP = 'using OpenAI;\nclass A { object llm = new OpenAIClientOptions { BaseUrl = "https://llm.acme.example/v1" }; }'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("using OpenAI.Chat;", "openai"),
        ("global using Azure.AI.OpenAI;", "azure-openai"),
        ("using Amazon.BedrockRuntime;", "aws-bedrock"),
        ("using Microsoft.SemanticKernel;", "unknown"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "using Azure.Identity;",
        "using OpenAIOfOurs;",
        "// using OpenAI.Chat;",
        'class A { string s = "using OpenAI.Chat;"; }',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'class A { void F() { app.MapPost("/v1/chat/completions", Relay); } }',
        'class A { [HttpPost("v1/chat/completions")] void F() {} }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'class A { async Task F() { await client.PostAsync("/v1/chat/completions", body); } }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
