"""Whether the fast way finds what the slow one finds, on real histories.

The slow way has no gate: every exact expression over every byte of every object, context looked up around each match,
other forms told by Python's own expressions. It takes minutes per hundred megabytes.
Run: `python -m bench.equality PATH…`; differences are printed by object, and the exit code is 1 where there are any.
"""

import re
import sys
import time
from collections.abc import Iterable
from datetime import datetime

from shadowscan.catalog import load_catalog
from shadowscan.git.decode import FORMS
from shadowscan.git.keep import open_scanner
from shadowscan.git.objects import SIZE_LIMIT, list_objects, stream_objects
from shadowscan.git.options import GitOptions
from shadowscan.git.repository import open_folder
from shadowscan.git.scan import KeyScanner
from shadowscan.secrets.context import BARE_FORMATS
from shadowscan.secrets.gate import BASE64, Signs, base64_expression
from shadowscan.secrets.match import Matcher, exact_expression


class SlowMatcher(Matcher):
    """Every format may be anywhere, and each is looked for everywhere."""

    def signs(self, data: bytes | memoryview) -> Signs:  # type: ignore[override]
        """All formats, whatever the bytes are; other forms by Python's expressions."""
        plain = [format for _, format in self._formats]
        forms = {BASE64: base64_expression(plain)} | self._forms
        told = (name for name, expression in forms.items() if re.search(expression, bytes(data)))
        return Signs(frozenset(range(len(plain))), frozenset(told))

    def _spans(self, number: int, text: object) -> Iterable[tuple[int, int]]:
        expression = exact_expression(self._formats[number][1].pattern)
        return [found.span() for found in expression.finditer(text.data)]  # type: ignore[attr-defined]


def main(paths: list[str]) -> int:
    """Compare object by object; gives how many differ."""
    catalog = load_catalog()
    options = GitOptions("bench", datetime(2026, 11, 1), catalog, "acme")  # noqa: DTZ001 - naive UTC, as stored
    fast = open_scanner(options)
    formats = tuple((vendor.id, format) for vendor, format in catalog.key_formats())
    slow = KeyScanner(SlowMatcher(formats, FORMS), fast.identifier)
    print(f"{len(formats) + len(BARE_FORMATS)} key formats")
    return sum(_differing(path, fast, slow) for path in paths)


def _differing(path: str, fast: KeyScanner, slow: KeyScanner) -> int:
    repository, begun = open_folder(path), time.process_time()
    ids = [entry.id for entry in list_objects(repository).objects if entry.size <= SIZE_LIMIT]
    hits = differing = size = 0
    for id, data in stream_objects(repository, ids):
        if data is None:
            continue
        content = bytes(data)
        found, expected = [] if fast.is_clear(data) else fast.scan(content), slow.scan(content)
        hits, size = hits + len(expected), size + len(content)
        if found != expected:
            differing += 1
            print(f"{id}: fast {found}\n  slow {expected}")
    spent = time.process_time() - begun
    print(f"{path}: {len(ids):,} objects, {size / 1e6:.0f} MB, {hits} hits, {differing} differing, {spent:.0f} s CPU")
    return differing


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
