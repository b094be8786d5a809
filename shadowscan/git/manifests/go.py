"""Go modules: go.mod, where `// indirect` marks what is there for another's sake, and go.sum."""

import re
from collections.abc import Iterator

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line

_REQUIRE = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.\w+/[\w./-]+)\s+v\d")


def _read_go_mod(text: str) -> Iterator[Declared]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _REQUIRE.match(line) if len(line) < 2_000 else None
        if found:
            yield Declared(found[1], number, "// indirect" in line)


ECOSYSTEM = Ecosystem(
    id="go",
    files=(("go.mod", _read_go_mod), ("go.sum", by_line(r"^([\w.-]+\.\w+/[\w./-]+)\s+v\S+\s+h1:", is_locked=True))),
)
