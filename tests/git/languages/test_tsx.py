"""TSX: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.tsx"
SET_UP = 'const llm = new OpenAI({ baseURL: "https://llm.acme.example/v1" });'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ('import OpenAI from "openai";\nexport const A = () => <div title="x">{1}</div>;', "openai"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'export const A = () => <p>import OpenAI from "openai"</p>;',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'router.post("/v1/chat/completions", handler)',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'const r = await fetch("/v1/chat/completions", { method: "POST" })',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
