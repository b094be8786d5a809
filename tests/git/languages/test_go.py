"""Go: what is imported, called and served, and what only looks like it."""

import pytest

from tests.git.seen import details, seen

PATH = "a.go"
SET_UP = 'package a\nimport "github.com/openai/openai-go"\nvar llm = openai.NewClient(option.WithBaseURL("https://llm.acme.example/v1"))'


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ('package a\nimport (\n\t"github.com/openai/openai-go"\n)', "openai"),
        ('package a\nimport ai "github.com/sashabaranov/go-openai"', "openai"),
        ('package a\nimport "github.com/openai/openai-go/v2/option"', "openai"),
    ],
)
def test_sdk_when_imported_then_vendor_is_named(text: str, vendor: str) -> None:
    assert ("sdk", vendor) in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'package a\nvar s = "github.com/openai/openai-go"',
        'package a\n// import "github.com/openai/openai-go"',
        'package a\nimport "github.com/acme/openai-go"',
    ],
)
def test_import_when_it_is_none_then_no_sdk(text: str) -> None:
    assert "sdk" not in {kind for kind, _ in seen(PATH, text)}


def test_base_url_when_it_is_the_gateways_then_it_is_said() -> None:
    assert details(PATH, SET_UP, "base_url") == ["host=llm.acme.example"]


@pytest.mark.parametrize(
    "text",
    [
        'package a\nfunc f() { http.HandleFunc("/v1/chat/completions", relay) }',
        'package a\nfunc f() { mux.Handle("POST /v1/messages", relay) }',
        'package a\nfunc f() { v1 := r.Group("/v1"); v1.POST("/embeddings", controller.Relay) }',
        'package a\nfunc f() { r.POST("/v1/messages", relay) }',
        'package a\nfunc f() { if r.URL.Path == "/v1/chat/completions" { relay() } }',
        'package a\nfunc f() { if strings.HasPrefix(r.URL.Path, "/v1/chat/completions") { relay() } }',
    ],
)
def test_route_when_served_then_exposed(text: str) -> None:
    assert ("exposes", "unknown") in seen(PATH, text)


@pytest.mark.parametrize(
    "text",
    [
        'package a\nfunc f() { client.Post("/v1/chat/completions", body) }',
        'package a\nfunc f() { http.Post("/v1/chat/completions", "application/json", body) }',
        'package a\nfunc f() { http.NewRequest("POST", base+"/v1/chat/completions", body) }',
    ],
)
def test_route_when_called_then_not_exposed(text: str) -> None:
    assert ("exposes", "unknown") not in seen(PATH, text)
