"""PHP: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.php"
SET_UP = '<?php\nuse Anthropic\\Client;\n$llm = OpenAI::factory()->withBaseUri("https://llm.acme.example/v1")->make();'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("<?php\nuse Anthropic\\Client;", "anthropic"),
        ("<?php\nuse Anthropic\\{Client, Messages};", "anthropic"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        "<?php\n// use Anthropic\\Client;",
        "<p>use Anthropic\\Client;</p>",
        "<?php\n$s = 'use Anthropic';",
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        '<?php\nRoute::post("/v1/chat/completions", [ChatController::class, "relay"]);',
        '<?php\n$app->post("/v1/messages", $relay);',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        '<?php\n$client->post("/v1/chat/completions", ["json" => $body]);',
        '<?php\nHttp::post("https://api.openai.com/v1/chat/completions", $body);',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
