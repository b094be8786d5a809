"""Signals of LLM use in one file of a repository: SDKs, endpoints, keys' names, models, and gateway shapes.

Documentation, tests, mocks and OpenAPI descriptions say nothing about what runs and give no signal.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from shadowscan.git.code import Code, language_of, read_code
from shadowscan.git.deploy.interface import Document, Kind
from shadowscan.git.languages.interface import Language
from shadowscan.git.lexicon import GATEWAY, NO_VENDOR, Lexicon
from shadowscan.git.signal import Signal
from shadowscan.git.signals_endpoint import LLM_WORD, find_endpoints
from shadowscan.git.signals_gateway import find_gateway_shape
from shadowscan.git.signals_import import find_imports, find_models, find_names, find_regions
from shadowscan.git.signals_manifest import find_declared, is_manifest
from shadowscan.git.signals_place import MAXIMUM_BYTES, is_quiet
from shadowscan.plugins import iter_modules

__all__ = ["Signal", "find_signals"]


def find_signals(path: str, data: bytes, lexicon: Lexicon) -> list[Signal]:
    """Every signal of a file once, by line. Total on any bytes: binary, huge and quiet files give none."""
    name = path.lower().rsplit("/", 1)[-1]
    if (is_quiet(path) and not is_manifest(name)) or len(data) > MAXIMUM_BYTES or b"\0" in data[:8_000]:
        return []
    language = language_of(path)
    text = data.decode("utf-8", errors="replace")
    found = list(find_declared(name, text, lexicon))
    if language:
        found += _code_signals(language, data, lexicon)
    elif not is_manifest(name):
        found += _deploy_signals(Document(path.lower(), text), lexicon)
    return _once(found)


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Every kind of deploy and configuration file."""
    return tuple(module.KIND for module in iter_modules("shadowscan.git.deploy"))


def _code_signals(language: Language, data: bytes, lexicon: Lexicon) -> list[Signal]:
    code = read_code(language, data)
    if code is None:
        return [Signal("unread", NO_VENDOR, NO_VENDOR, 1, f"too tangled to be read as {language.id}")]
    found = [*find_imports(language, code, lexicon), *find_names(code, lexicon), *find_models(code)]
    found += find_endpoints(code, lexicon)
    vendors = frozenset(signal.vendor_id for signal in found if signal.kind in ("sdk", "endpoint", "base_url"))
    found += find_regions(code, vendors, lexicon)
    shape = list(find_gateway_shape(code, vendors - {NO_VENDOR, GATEWAY}))
    return _without_strangers(found, code) + shape


def _deploy_signals(document: Document, lexicon: Lexicon) -> Iterator[Signal]:
    for kind in kinds():
        if kind.fits(document):
            yield from kind.read(document, lexicon)


def _without_strangers(found: list[Signal], code: Code) -> list[Signal]:
    """Base URLs of files that have nothing else to do with models are other clients' (a CRM's, a payment service's)."""
    is_about_models = any(signal.kind != "base_url" or signal.vendor_id != NO_VENDOR for signal in found)
    return found if not found or is_about_models or LLM_WORD.search(code.text) else []


def _once(found: Iterable[Signal]) -> list[Signal]:
    """The first line of each statement: a name that is read ten times is one fact of the file."""
    ordered = sorted(found, key=lambda signal: (signal.line, signal.kind, signal.vendor_id, signal.detail))
    first: dict[tuple[str, str, str], Signal] = {}
    for signal in ordered:
        first.setdefault((signal.kind, signal.vendor_id, signal.detail), signal)
    return list(first.values())
