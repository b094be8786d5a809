"""Vendors as gateways and traces call them, in the words of the catalogue: macro `vendor_of`.

Sources: `LlmProviders` of https://github.com/BerriAI/litellm/blob/main/litellm/types/utils.py, `gen_ai.provider.name`
and the older `gen_ai.system` of https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/.
"""

from shadowscan.engines.duckdb import DuckDBEngine

VENDORS = {
    "azure-openai": ("azure", "azure_ai", "az.ai.openai", "az.ai.inference", "azure.ai.openai", "azure.ai.inference"),
    "aws-bedrock": ("bedrock", "bedrock_converse", "bedrock_mantle", "aws.bedrock", "aws_bedrock"),
    "aws-sagemaker": ("sagemaker", "sagemaker_chat"),
    "google-vertex": ("vertex_ai", "vertex_ai_beta", "gcp.vertex_ai", "google-vertex-ai"),
    "google-gemini": ("gemini", "gcp.gemini", "gcp.gen_ai", "google_ai_studio", "google-ai-studio"),
    "openai": ("text-completion-openai", "custom_openai"),
    "mistral": ("mistral_ai", "codestral", "text-completion-codestral"),
    "cohere": ("cohere_chat",),
    "xai": ("x_ai",),
    "ibm-watsonx": ("watsonx", "watsonx_text", "ibm.watsonx.ai"),
    "together": ("together_ai", "togetherai"),
    "fireworks": ("fireworks_ai",),
    "alibaba-qwen": ("dashscope",),
    "bytedance-volcengine": ("volcengine",),
    "snowflake-cortex": ("snowflake",),
    "nvidia": ("nvidia_nim",),
    "perplexity": ("perplexity-ai",),
}
BY_NAME = {name: vendor for vendor, names in VENDORS.items() for name in names}


def vendor_of(name: str) -> str:
    """The catalogue's id; a name that is not listed is taken as it is, with hyphens; `unknown` for none."""
    plain = name.strip().lower()
    return BY_NAME.get(plain) or plain.replace("_", "-") or "unknown"


def create_vendor_of(engine: DuckDBEngine) -> None:
    """Create the macro, which gives what `vendor_of` does."""
    cases = " ".join(f"when '{name}' then '{vendor}'" for name, vendor in BY_NAME.items())
    engine.query(
        "create or replace temp macro vendor_of(name) as "
        f"case lower(name) {cases} else replace(lower(name), '_', '-') end"
    )
