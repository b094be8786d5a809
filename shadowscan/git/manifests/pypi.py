"""Python packages: requirements, pyproject, Pipfile, setup files, conda environments, and their lockfiles."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line, located, tables_below

# The name of a requirement: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
_NAME = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)")


def _read_pyproject(text: str) -> Iterator[Declared]:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    names = [name for entry in _requirements(document) if (found := _NAME.match(entry)) for name in [found[1]]]
    for table in tables_below(document, "dependencies", "dev-dependencies", "packages", "dev-packages"):
        names += [name for name in table if isinstance(name, str) and name.lower() != "python"]
    yield from located(dict.fromkeys(names), text)


def _requirements(document: dict[str, Any]) -> Iterator[str]:
    """Requirement lines of `project`, its extras, dependency groups and build."""
    lists = [table.get(key) for table in _tables(document) for key in ("dependencies", "requires", "dev-dependencies")]
    for group in ("optional-dependencies", "dependency-groups"):
        for table in [document.get(group), *tables_below(document, group)]:
            lists += list(table.values()) if isinstance(table, dict) else []
    for entries in lists:
        yield from (entry for entry in entries if isinstance(entry, str)) if isinstance(entries, list) else ()


def _tables(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in ("project", "build-system"):
        if isinstance(document.get(key), dict):
            yield document[key]
    yield from tables_below(document, "uv", "hatch", "pdm", "default", "env")


ECOSYSTEM = Ecosystem(
    id="pypi",
    files=(
        ("requirements*.txt", by_line(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[|[=<>~!;@#]|$)")),
        ("requirements*.in", by_line(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[|[=<>~!;@#]|$)")),
        ("constraints*.txt", by_line(r"^\s*([A-Za-z0-9][\w.-]*)\s*[=<>~!]", is_locked=True)),
        ("pyproject.toml", _read_pyproject),
        ("pipfile", _read_pyproject),
        ("setup.py", by_line(r"""^[^#]*["']([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?\s*(?:[=<>~!]=?[^"']*)?["']\s*,?""")),
        ("setup.cfg", by_line(r"^\s+([A-Za-z0-9][\w.-]*)\s*(?:\[|[=<>~!]|$)")),
        ("environment*.y*ml", by_line(r"^\s*-\s+([A-Za-z0-9][\w.-]*)\s*(?:[=<>~!]|$)")),
        ("poetry.lock", by_line(r'^name = "([\w.-]+)"', is_locked=True)),
        ("uv.lock", by_line(r'^name = "([\w.-]+)"', is_locked=True)),
        ("pdm.lock", by_line(r'^name = "([\w.-]+)"', is_locked=True)),
        ("pipfile.lock", by_line(r'^\s{8}"([\w.-]+)": \{', is_locked=True)),
    ),
)
