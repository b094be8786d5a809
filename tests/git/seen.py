"""What one file says, for the tests of languages, manifests and deploy files."""

from functools import cache

from shadowscan.catalog import load_catalog
from shadowscan.git.lexicon import Lexicon, build_lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals import find_signals

GATEWAY_HOST = "llm.acme.example"


@cache
def lexicon() -> Lexicon:
    return build_lexicon(load_catalog(), [GATEWAY_HOST])


def signals(path: str, text: str) -> list[Signal]:
    return find_signals(path, text.encode(), lexicon())


def seen(path: str, text: str) -> set[tuple[str, str]]:
    """(kind, vendor) of every signal."""
    return {(signal.kind, signal.vendor_id) for signal in signals(path, text)}


def details(path: str, text: str, kind: str) -> list[str]:
    return [signal.detail for signal in signals(path, text) if signal.kind == kind]


def lines(path: str, text: str, kind: str) -> list[int]:
    return [signal.line for signal in signals(path, text) if signal.kind == kind]
