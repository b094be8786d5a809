"""Configurations of named gateways: LiteLLM, TensorZero, LibreChat, Portkey, Claude Code Router, Bifrost, one-api."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy._proxy import concern_signals, live_lines
from shadowscan.git.deploy.interface import Document, Kind, named_gateway
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# Product by the file's name, whatever lies in it.
_BY_NAME = {
    "litellm_config.yaml": "litellm",
    "litellm_config.yml": "litellm",
    "litellm-config.yaml": "litellm",
    "litellm-config.yml": "litellm",
    "proxy_server_config.yaml": "litellm",
    "tensorzero.toml": "tensorzero",
    "librechat.yaml": "librechat",
}
# Product by words that only its configuration has together.
_BY_WORDS = (
    ("litellm", ("model_list:", "litellm_params:")),
    ("claude-code-router", ('"Providers"', '"Router"', '"api_base_url"')),
    ("portkey-oss", ('"strategy"', '"targets"', '"virtual_key"')),
    ("bifrost", ('"providers"', '"network_config"', '"concurrency_and_buffer_size"')),
    ("agentgateway", ("binds:", "listeners:", "- ai:")),
)
_MODEL = re.compile(r"""^\s*(?:-\s*)?(?:model\s*:\s*["']?([a-z_]+)/|type\s*=\s*["']([a-z_]+)["'])""")
# https://docs.litellm.ai/docs/providers, https://www.tensorzero.com/docs/gateway/configuration-reference
_PROVIDERS = {
    "openai": "openai", "azure": "azure-openai", "azure_ai": "azure-openai", "anthropic": "anthropic",
    "bedrock": "aws-bedrock", "aws_bedrock": "aws-bedrock", "vertex_ai": "google-vertex", "gemini": "google-gemini",
    "gcp_vertex_gemini": "google-vertex", "gcp_vertex_anthropic": "google-vertex",
    "google_ai_studio_gemini": "google-gemini", "mistral": "mistral", "cohere": "cohere", "groq": "groq",
    "deepseek": "deepseek", "xai": "xai", "together_ai": "together", "together": "together",
    "openrouter": "openrouter", "fireworks_ai": "fireworks", "fireworks": "fireworks", "perplexity": "perplexity",
}  # fmt: skip
_CONCERNS = {
    "auth": re.compile(r"master_key|virtual_keys?|enable_jwt_auth|\bAPIKEY\b|\bapi_keys?:"),
    "routing": re.compile(r"model_group_alias|routing_strategy|\bvariants\b|\"Router\"|\"loadbalance\"|model_alias"),
    "fallback": re.compile(r"fallbacks?\b|num_retries|allowed_fails|cooldown_time|\"retry\""),
    "rate_limit": re.compile(r"\b[rt]pm(?:_limit)?\s*[:=]|max_parallel_requests|rate_limit"),
    "budget": re.compile(r"max_budget|budget_duration|provider_budget|spend_logs"),
    "caching": re.compile(r"\bcache(?:_params)?\s*[:=]|\"cache\""),
    "prompt_registry": re.compile(r"prompt_id|\bprompts?:\s*$|templates?\s*[.=]|dotprompt"),
    "redaction": re.compile(r"guardrails|presidio|redact|hide_secrets"),
    "logging": re.compile(
        r"(?:success|failure)_callback|observability|log_(?:raw_request|level|payload)|store_model_in_db"
    ),
}


def _product(document: Document) -> str:
    named = _BY_NAME.get(document.name, "")
    words = (product for product, all_of in _BY_WORDS if all(word in document.text for word in all_of))
    return named or next(words, "")


def _fits(document: Document) -> bool:
    return (document.is_tree or document.name.endswith(".toml")) and bool(_product(document))


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    product = _product(document)
    yield named_gateway(product, 1, f"configuration of {product}")
    yield from _providers(document)
    yield from concern_signals(live_lines(document.text), _CONCERNS)


def _providers(document: Document) -> Iterator[Signal]:
    """Vendors behind it, by the provider that LiteLLM and TensorZero name before the model."""
    for number, line in enumerate(document.text.splitlines(), 1):
        found = _MODEL.search(line) if len(line) < 2_000 else None
        vendor = _PROVIDERS.get(found[1] or found[2], "") if found else ""
        if vendor:
            yield Signal("upstream", vendor, "api", number, f"routes to {vendor}", 20)


KIND = Kind("named_gateway", _fits, _read)
