"""npm packages: package.json, deno.json, and the lockfiles of npm, yarn, pnpm and bun."""

import json
from collections.abc import Iterator

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line, located, tables_below

_KEYS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "catalog")


def _read_package(text: str) -> Iterator[Declared]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from located(dict.fromkeys(name for table in tables_below(document, *_KEYS) for name in table), text)


ECOSYSTEM = Ecosystem(
    id="npm",
    files=(
        ("package.json", _read_package),
        ("deno.json*", by_line(r'"(?:npm|jsr):(@?[\w.-]+(?:/[\w.-]+)?)')),
        ("pnpm-workspace.yaml", by_line(r"""^\s{2,}["']?(@?[\w.-]+(?:/[\w.-]+)?)["']?:\s+\S""")),
        ("package-lock.json", by_line(r'^\s*"(?:node_modules/)+(@?[\w.-]+(?:/[\w.-]+)?)": \{', is_locked=True)),
        ("yarn.lock", by_line(r'^"?(@?[\w.-]+(?:/[\w.-]+)?)@', is_locked=True)),
        ("pnpm-lock.yaml", by_line(r"""^  ['"]?/?(@?[\w.-]+(?:/[\w.-]+)?)[@/]\d[\w.()@/-]*['"]?:""", is_locked=True)),
        ("bun.lock", by_line(r'^\s{4}"(@?[\w.-]+(?:/[\w.-]+)?)": \[', is_locked=True)),
    ),
)
