"""SDK use by manifest: what a unit declares that it needs, and what its lockfile brought along."""

from collections.abc import Iterator
from functools import lru_cache

from shadowscan.git.lexicon import NO_VENDOR, Lexicon, canonical
from shadowscan.git.manifests.interface import Ecosystem, Reader
from shadowscan.git.signal import Signal
from shadowscan.plugins import iter_modules


@lru_cache(maxsize=1)
def ecosystems() -> tuple[Ecosystem, ...]:
    """Every ecosystem, by name of its module."""
    return tuple(module.ECOSYSTEM for module in iter_modules("shadowscan.git.manifests"))


def is_manifest(name: str) -> bool:
    """Whether a file of that name, in lower case, declares or locks packages."""
    return _reader_of(name) is not None


def find_declared(name: str, text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """Packages of known vendors in a manifest or lockfile of that name, in lower case."""
    known = _reader_of(name)
    if known is None:
        return
    ecosystem, reader = known
    for declared in reader(text):
        vendor = lexicon.package(ecosystem, canonical(declared.name, ecosystem))
        if vendor and declared.is_locked:
            yield Signal("lockfile", vendor, "api", declared.line, f"locks {declared.name[:80]}", 5)
        elif vendor:
            kind = "a framework of many vendors: " if vendor == NO_VENDOR else ""
            yield Signal("sdk", vendor, "api", declared.line, f"{kind}declares {declared.name[:80]}", 20)


@lru_cache(maxsize=4_096)
def _reader_of(name: str) -> tuple[str, Reader] | None:
    readers = ((ecosystem.id, ecosystem.reader_of(name)) for ecosystem in ecosystems())
    return next(((id, reader) for id, reader in readers if reader is not None), None)
