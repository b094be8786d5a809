"""n8n workflows: langchain nodes, by the vendor they call."""

from collections.abc import Iterator

from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# Node types: https://docs.n8n.io/integrations/builtin/cluster-nodes/
_PREFIX = "@n8n/n8n-nodes-langchain."
_NODES = (
    ("openai", "openai"), ("lmchatopenai", "openai"), ("embeddingsopenai", "openai"), ("anthropic", "anthropic"),
    ("lmchatanthropic", "anthropic"), ("lmchatazureopenai", "azure-openai"), ("lmchatawsbedrock", "aws-bedrock"),
    ("lmchatgooglegemini", "google-gemini"), ("lmchatgooglevertex", "google-vertex"), ("lmchatmistral", "mistral"),
    ("lmchatgroq", "groq"), ("lmchatdeepseek", "deepseek"), ("lmchatopenrouter", "openrouter"),
    ("lmchatollama", "ollama"), ("lmcohere", "cohere"), ("googlegemini", "google-gemini"),
)  # fmt: skip


def _fits(document: Document) -> bool:
    return document.name.endswith(".json") and _PREFIX in document.text


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    for entry in document.entries:
        node = (
            entry.value.removeprefix(_PREFIX).lower() if entry.key == "type" and entry.value.startswith(_PREFIX) else ""
        )
        vendor = next((vendor for beginning, vendor in _NODES if node.startswith(beginning)), "unknown") if node else ""
        if vendor:
            yield Signal("sdk", vendor, "api", entry.line, f"n8n node {node[:60]}", 20)


KIND = Kind("n8n", _fits, _read)
