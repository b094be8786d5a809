"""Signals of LLM use in one file of a repository: SDKs, endpoints, keys' names, and gateway shapes.

Documentation, tests, mocks and OpenAPI descriptions say nothing about what runs and give no signal.
"""

from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_endpoint import find_endpoints
from shadowscan.git.signals_gateway import find_gateway_shape
from shadowscan.git.signals_import import find_imports
from shadowscan.git.signals_manifest import find_manifest
from shadowscan.git.signals_place import MAXIMUM_BYTES, is_quiet, language_of

__all__ = ["Signal", "find_signals"]
_CONFIGURATION = (
    ".yaml",
    ".yml",
    ".toml",
    ".json",
    ".conf",
    ".cfg",
    ".ini",
    ".tf",
    ".env",
    ".sh",
    ".properties",
    ".xml",
)
_CONFIGURATION_NAMES = (".env", "dockerfile", "caddyfile", "compose", "docker-compose", "nginx", "haproxy", "makefile")


def find_signals(path: str, data: bytes, lexicon: Lexicon) -> list[Signal]:
    """Every signal of a file once, by line. Total on any bytes: binary, huge and quiet files give none."""
    if is_quiet(path) or len(data) > MAXIMUM_BYTES or b"\0" in data[:8_000]:
        return []
    text = data.decode("utf-8", errors="replace")
    language = language_of(path)
    found = [*find_manifest(path, text, lexicon)]
    if language:
        found += find_imports(language, text, lexicon)
    if language or _is_configuration(path):
        found += find_endpoints(text, lexicon, is_data=_is_data(path))
        found += find_gateway_shape(text, lexicon)
    return sorted(dict.fromkeys(found), key=lambda signal: (signal.line, signal.kind, signal.vendor_id, signal.detail))


def _is_data(path: str) -> bool:
    """YAML and JSON, but for compose files, which pass variables on by listing them."""
    name = path.lower().rsplit("/", 1)[-1]
    return name.endswith((".yaml", ".yml", ".json")) and "compose" not in name


def _is_configuration(path: str) -> bool:
    name = path.lower().rsplit("/", 1)[-1]
    return name.endswith(_CONFIGURATION) or name.startswith(_CONFIGURATION_NAMES)
