"""Java: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "A.java"
SET_UP = """import com.openai.client.OpenAIClient;
class A { Object llm = OpenAIOkHttpClient.builder().baseUrl("https://llm.acme.example/v1").build(); }"""


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("import com.openai.client.OpenAIClient;", "openai"),
        ("import static com.anthropic.models.Model.*;", "anthropic"),
        ("import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;", "aws-bedrock"),
        ("import dev.langchain4j.model.openai.OpenAiChatModel;", "unknown"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "import software.amazon.awssdk.services.s3.S3Client;",
        "import com.azure.identity.DefaultAzureCredential;",
        "// import com.openai.client.OpenAIClient;",
        'class A { String s = "import com.openai.client.OpenAIClient;"; }',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'class A { @PostMapping("/v1/embeddings") void f() {} }',
        'class A { @PostMapping(value = "/v1/chat/completions") void f() {} }',
        '@RequestMapping("/v1") class A { @PostMapping("/messages") void f() {} }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'class A { void f() { webClient.post().uri("/v1/chat/completions").retrieve(); } }',
        'class A { void f() { restTemplate.exchange("/v1/chat/completions", POST, body, X.class); } }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
