"""GitHub Actions, GitLab CI and their like: jobs that are given a vendor's key, and actions that call models."""

import re
from collections.abc import Iterator

from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_import import NAME

_PATHS = re.compile(
    r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/.*\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml"
    r"|\.circleci/config\.ya?ml|action\.ya?ml|buildspec\.ya?ml|cloudbuild\.ya?ml|\.woodpecker\.ya?ml|\.drone\.ya?ml)$"
)
_ACTIONS = {
    "anthropics/claude-code-action": "anthropic",
    "anthropics/claude-code-base-action": "anthropic",
    "openai/codex-action": "openai",
    "google-github-actions/run-gemini-cli": "google-gemini",
    "actions/ai-inference": "github-models",
}


def _fits(document: Document) -> bool:
    return _PATHS.search(document.path) is not None


def _read(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    for entry in document.entries:
        if entry.key == "uses":
            vendor = _ACTIONS.get(entry.value.partition("@")[0].lower(), "")
            if vendor:
                yield Signal("sdk", vendor, "api", entry.line, f"uses {entry.value[:80]}", 20)
        for name in dict.fromkeys(NAME.findall(f"{entry.key} {entry.value}"[:4_000])):
            vendor = lexicon.environment.get(name, "")
            if vendor and not name.endswith(("_BASE_URL", "_API_BASE", "_ENDPOINT")):
                yield Signal("ci_secret", vendor, "api", entry.line, f"a job is given {name}", 5)


KIND = Kind("workflow", _fits, _read)
