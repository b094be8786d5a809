"""PHP packages: composer.json and composer.lock."""

import json
from collections.abc import Iterator

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line, located


def _read_composer(text: str) -> Iterator[Declared]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    tables = [document.get(key) for key in ("require", "require-dev")] if isinstance(document, dict) else []
    yield from located(dict.fromkeys(name for table in tables if isinstance(table, dict) for name in table), text)


ECOSYSTEM = Ecosystem(
    id="packagist",
    files=(
        ("composer.json", _read_composer),
        ("composer.lock", by_line(r'^\s*"name": "([\w.-]+/[\w.-]+)"', is_locked=True)),
    ),
)
