"""Agents' configurations: the MCP servers that they may call, in the files of their products."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

_NAMES = frozenset(
    {".mcp.json", "mcp.json", "mcp_config.json", "mcp-config.json", "claude_desktop_config.json", "mcp_settings.json"}
    | {"cline_mcp_settings.json", ".cursor/mcp.json", "mcp.yaml", "mcp.yml"}
)
_SERVERS = frozenset({"mcpServers", "mcp_servers", "servers", "mcp"})
_FOLDERS = re.compile(r"(?:^|/)\.(?:claude|cursor|vscode|gemini|codex|continue|roo|windsurf)/[^/]+\.(?:json|ya?ml)$")


def _fits(document: Document) -> bool:
    is_agents = document.name in _NAMES or _FOLDERS.search(document.path) is not None
    return is_agents and document.is_tree and any(word in document.text for word in _SERVERS)


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    told: set[str] = set()
    for entry in document.entries:
        place = next((i for i, key in enumerate(entry.path) if key in _SERVERS), -1)
        name = entry.path[place + 1] if 0 <= place < len(entry.path) - 2 else ""
        if name and entry.key in ("command", "url", "serverUrl", "httpUrl") and name not in told:
            told.add(name)
            where = (
                f"host={urlsplit(entry.value).hostname or 'unknown'}"
                if "://" in entry.value
                else f"command={entry.value[:40]}"
            )
            yield Signal("agent_config", "unknown", "unknown", entry.line, f"mcp server={name[:60]} {where}")


KIND = Kind("agent", _fits, _read)
