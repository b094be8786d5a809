"""Rust crates: Cargo.toml and Cargo.lock."""

import tomllib
from collections.abc import Iterator

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line, located, tables_below


def _read_cargo(text: str) -> Iterator[Declared]:
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    tables = tables_below(document, "dependencies", "dev-dependencies", "build-dependencies")
    yield from located(dict.fromkeys(name for table in tables for name in table), text)


ECOSYSTEM = Ecosystem(
    id="cargo",
    files=(("cargo.toml", _read_cargo), ("cargo.lock", by_line(r'^name = "([\w-]+)"', is_locked=True))),
)
