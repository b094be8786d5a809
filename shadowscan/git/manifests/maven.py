"""Maven packages: pom.xml, Gradle's scripts and version catalogues."""

import re
from collections.abc import Iterator

from shadowscan.git.manifests.interface import Declared, Ecosystem, by_line

_DEPENDENCY = re.compile(
    r"<groupId>\s*([\w.-]{1,100})\s*</groupId>\s*(?:<!--[^>]{0,200}-->\s*)?<artifactId>\s*([\w.-]{1,100})\s*</artifactId>"
)
_COORDINATES = r"""["']([\w.-]+:[\w.-]+)(?::[\w.${}\[\],+-]*)?(?:@\w+)?["']"""
_CATALOGUE = re.compile(
    r"""(?:module\s*=\s*["']([\w.-]+:[\w.-]+)["']|group\s*=\s*["']([\w.-]+)["']\s*,\s*name\s*=\s*["']([\w.-]+)["'])"""
)


def _read_pom(text: str) -> Iterator[Declared]:
    for found in _DEPENDENCY.finditer(text):
        yield Declared(f"{found[1]}:{found[2]}", text.count("\n", 0, found.start(2)) + 1)


def _read_catalogue(text: str) -> Iterator[Declared]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _CATALOGUE.search(line) if len(line) < 2_000 else None
        if found:
            yield Declared(found[1] or f"{found[2]}:{found[3]}", number)


ECOSYSTEM = Ecosystem(
    id="maven",
    files=(
        ("pom.xml", _read_pom),
        ("build.gradle", by_line(rf"^(?!\s*//).*?{_COORDINATES}")),
        ("build.gradle.kts", by_line(rf"^(?!\s*//).*?{_COORDINATES}")),
        ("build.sbt", by_line(r'"([\w.-]+"\s*%%?\s*"[\w.-]+)"')),
        ("*.versions.toml", _read_catalogue),
        ("gradle.lockfile", by_line(r"^([\w.-]+:[\w.-]+):\S+=", is_locked=True)),
    ),
)
