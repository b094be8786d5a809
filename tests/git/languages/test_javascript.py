"""JavaScript: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.js"
SET_UP = 'const llm = new OpenAI({ baseURL: "https://llm.acme.example/v1" });'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ('import OpenAI from "openai";', "openai"),
        ('const c = require("@anthropic-ai/sdk")', "anthropic"),
        ('const m = await import("openai/resources");', "openai"),
        ('export { x } from "@google/genai";', "google-gemini"),
        ('import { generateText } from "ai";', "unknown"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'const s = "import x from openai";',
        '// import OpenAI from "openai"',
        '/* require("openai") */',
        'import x from "./openai";',
        'import x from "openai-of-ours";',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'const app = express(); app.post("/v1/chat/completions", relay)',
        'router.all("/v1/messages", async (c) => relay(c))',
        'const api = new Hono(); api.post("/chat/completions", (c) => relay(c))',
        'if (url.pathname === "/v1/chat/completions") relay(request)',
        'switch (pathname) { case "/v1/embeddings": break }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'await fetch("/v1/chat/completions", { method: "POST" })',
        'client.post("/v1/chat/completions", body)',
        'const api = axios.create({}); api.post("/v1/chat/completions", body)',
        'this._client.post("/chat/completions", { body, ...options })',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
