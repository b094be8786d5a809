"""TypeScript: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.ts"
SET_UP = 'const llm = new OpenAI({ baseURL: "https://llm.acme.example/v1" } as Options);'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ('import type { Message } from "@anthropic-ai/sdk/resources";', "anthropic"),
        ('import OpenAI from "openai";\nconst x: Foo<Bar> = y as unknown as Foo<Bar>;', "openai"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'const s: string = `import "openai"`;',
        '// import OpenAI from "openai"',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'export class C { @Post("/v1/chat/completions") chat() {} }',
        'app.post<Body>("/v1/chat/completions", handler)',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'return this.http.post<Chat>("/v1/chat/completions", payload)',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
