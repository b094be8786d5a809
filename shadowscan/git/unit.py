"""Deployable units: the folder of the nearest manifest or image file."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import PurePosixPath

MANIFESTS = frozenset(
    {"Dockerfile", "requirements.txt", "pyproject.toml", "setup.py", "package.json", "go.mod", "pom.xml"}
    | {"build.gradle", "build.gradle.kts", "Cargo.toml", "Gemfile", "composer.json", "template.yaml", "Chart.yaml"}
    | {"docker-compose.yml", "docker-compose.yaml", "compose.yaml", "serverless.yml", "nginx.conf", "Caddyfile"}
)


def unit_of(path: str, files: Collection[str]) -> str:
    """Folder of the nearest manifest above `path`, `.` for the root; `files` are the paths of the tree."""
    return _unit(str(PurePosixPath(path.split("!", maxsplit=1)[0]).parent), frozenset(files)) if path else "."


@lru_cache(maxsize=65_536)
def _unit(folder: str, files: frozenset[str]) -> str:
    while folder not in {".", "", "/"}:
        if any(f"{folder}/{name}" in files for name in MANIFESTS):
            return folder
        folder = str(PurePosixPath(folder).parent)
    return "."
