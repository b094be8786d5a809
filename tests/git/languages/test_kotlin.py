"""Kotlin: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.kt"
SET_UP = 'import com.openai.client.OpenAIClient\nval llm = OpenAIOkHttpClient.builder().baseUrl("https://llm.acme.example/v1").build()'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("import com.openai.client.OpenAIClient", "openai"),
        ("import aws.sdk.kotlin.services.bedrockruntime.BedrockRuntimeClient", "aws-bedrock"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "// import com.openai.client.OpenAIClient",
        'val s = "import com.openai.client.OpenAIClient"',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'fun Route.f() { post("/v1/chat/completions") { relay(call) } }',
        'class A { @PostMapping("/v1/embeddings") fun f() {} }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'suspend fun f() { client.post("/v1/chat/completions", body) }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
