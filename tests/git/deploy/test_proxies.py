"""Reverse proxies in front of a vendor, in the languages of nine products, and proxies of something else."""

import pytest

from tests.git.seen import details, lines, seen

NGINX = """# proxy_pass https://api.anthropic.com;
location /v1/ {
  limit_req zone=llm;
  proxy_set_header Authorization "Bearer ${OPENAI_API_KEY}";
  proxy_pass https://api.openai.com;
}
"""
CADDY = """llm.acme.example {
  reverse_proxy https://api.openai.com {
    header_up Authorization "Bearer {env.KEY}"
  }
}
"""
HAPROXY = "backend llm\n  http-request set-header Authorization %[env(KEY)]\n  server s1 api.openai.com:443 ssl\n"
ENVOY = """static_resources:
  clusters:
  - name: llm
    load_assignment:
      endpoints:
      - lb_endpoints:
        - endpoint: {address: {socket_address: {address: api.openai.com, port_value: 443}}}
"""
TRAEFIK = """http:
  routers: {llm: {rule: "PathPrefix(`/v1`)", service: llm}}
  services:
    llm:
      loadBalancer:
        servers:
        - url: "https://api.openai.com"
"""
KONG = (
    '_format_version: "3.0"\nservices:\n- name: llm\n  url: https://api.openai.com/v1\n  plugins: [{name: key-auth}]\n'
)
APISIX = 'upstreams:\n- id: 1\n  nodes:\n    "api.openai.com:443": 1\n'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deploy/nginx.conf", NGINX),
        ("Caddyfile", CADDY),
        ("haproxy.cfg", HAPROXY),
        ("envoy.yaml", ENVOY),
        ("traefik/dynamic.yml", TRAEFIK),
        ("kong.yml", KONG),
        ("apisix/apisix.yaml", APISIX),
    ],
)
def test_proxy_when_it_forwards_to_a_vendor_then_upstream_and_exposed(path: str, text: str) -> None:
    assert {("upstream", "openai"), ("exposes", "unknown")} <= seen(path, text)
    assert not any(vendor == "anthropic" for _, vendor in seen(path, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", NGINX.replace("api.openai.com", "backend.acme.example")),
        ("Caddyfile", CADDY.replace("api.openai.com", "backend:8000")),
        ("haproxy.cfg", HAPROXY.replace("api.openai.com", "10.0.0.1")),
        ("envoy.yaml", ENVOY.replace("api.openai.com", "backend.acme.example")),
        ("traefik.yml", TRAEFIK.replace("api.openai.com", "backend.acme.example")),
        ("kong.yml", KONG.replace("api.openai.com", "backend.acme.example")),
        ("apisix.yaml", APISIX.replace("api.openai.com", "backend.acme.example")),
    ],
)
def test_proxy_when_it_forwards_elsewhere_then_nothing(path: str, text: str) -> None:
    assert {kind for kind, _ in seen(path, text)}.isdisjoint({"upstream", "exposes", "gateway_config"})


def test_nginx_when_it_sets_the_vendors_key_then_swap_and_concerns_with_their_lines() -> None:
    assert lines("nginx.conf", NGINX, "credential_swap") == [4]
    assert details("nginx.conf", NGINX, "fan_out") == ["re-implements rate_limit concern=rate_limit"]


def test_nginx_when_it_passes_the_clients_key_on_then_no_swap() -> None:
    text = NGINX.replace('"Bearer ${OPENAI_API_KEY}"', "$http_authorization")

    assert lines("nginx.conf", text, "credential_swap") == []


def test_nginx_when_it_forwards_to_the_approved_gateway_then_no_gateway_of_its_own() -> None:
    text = NGINX.replace("api.openai.com", "llm.acme.example")

    assert ("base_url", "gateway") in seen("nginx.conf", text)
    assert ("exposes", "unknown") not in seen("nginx.conf", text)


@pytest.mark.parametrize(
    ("path", "text", "product"),
    [
        ("litellm_config.yaml", "model_list:\n- litellm_params: {model: openai/gpt-4o}", "litellm"),
        ("config/any.yaml", "model_list:\n- litellm_params:\n    model: openai/gpt-4o", "litellm"),
        ("kong.yml", '_format_version: "3.0"\nplugins:\n- name: ai-proxy-advanced', "kong-ai"),
        ("routes.yaml", "routes:\n- plugins:\n    ai-proxy: {provider: openai}", "apisix-ai"),
        ("r.yaml", "apiVersion: aigateway.envoyproxy.io/v1alpha1\nkind: AIGatewayRoute", "envoy-ai-gateway"),
        ("tensorzero.toml", "[gateway]", "tensorzero"),
        ("conf.json", '{"strategy": {}, "targets": [{"virtual_key": "a"}]}', "portkey-oss"),
        ("compose.yaml", "services:\n  a:\n    image: ghcr.io/berriai/litellm:main", "litellm"),
        ("docker-compose.yml", "services:\n  a:\n    image: justsong/one-api", "one-api"),
        ("Dockerfile", "FROM portkeyai/gateway:latest", "portkey-oss"),
        ("k8s/deploy.yaml", "spec:\n  containers:\n  - image: portkeyai/gateway:1", "portkey-oss"),
        ("values.yaml", "image:\n  repository: ghcr.io/berriai/litellm-database", "litellm"),
    ],
)
def test_gateway_when_a_product_is_run_or_configured_then_it_is_named(path: str, text: str, product: str) -> None:
    assert ("gateway_config", product) in seen(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  a:\n    image: qdrant/qdrant"),
        ("compose.yaml", "services:\n  a:\n    image: kong:3"),
        ("compose.yaml", "services:\n  a:\n    image: acme/litellm-of-ours"),
        ("kong.yml", '_format_version: "3.0"\nplugins:\n- name: cors'),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    services:\n      x:\n        image: ollama/ollama"),
    ],
)
def test_image_when_it_is_no_gateway_then_none_is_named(path: str, text: str) -> None:
    assert {kind for kind, _ in seen(path, text)}.isdisjoint({"gateway_config", "exposes"})


def test_image_when_it_is_a_model_server_then_it_serves_by_itself() -> None:
    assert ("exposes", "unknown") in seen("compose.yaml", "services:\n  a:\n    image: vllm/vllm-openai:latest")
