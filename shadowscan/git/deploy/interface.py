"""What a kind of deploy or configuration file says of itself: which files it is, and what they say.

A kind is a module with a `KIND`; adding one edits nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from shadowscan.git.entries import Entry, read_entries
from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

NAMED_POINTS = 60
FORWARD_POINTS = 45
ROUTE_POINTS = 30


@dataclass(frozen=True)
class Document:
    """One file: `path` in lower case. `entries` are read when first asked for, and only once."""

    path: str
    text: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_tree(self) -> bool:
        """Whether it is YAML or JSON."""
        return self.name.endswith((".yaml", ".yml", ".json", ".yaml.tpl", ".yml.j2", ".yaml.j2"))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """What a YAML or JSON file sets; nothing for others."""
        return read_entries(self.text) if self.is_tree else ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `fits` looks at name and words only; `read` is total on any text that fits."""

    id: str
    fits: Callable[[Document], bool]
    read: Callable[[Document, Lexicon], Iterator[Signal]]


def named_gateway(product: str, line: int, how: str) -> Signal:
    """A known gateway product is run or configured here."""
    return Signal("gateway_config", product, "gateway", line, how, NAMED_POINTS)


def forwards(known: tuple[str, str, str], host: str, line: int) -> Signal:
    """A proxy forwards to a vendor's host, of which `known` is what the lexicon says."""
    vendor, service, region = known
    where = "" if region == "unknown" else f" region={region}"
    return Signal("upstream", vendor, service, line, f"forwards to host={host.lower()}{where}", FORWARD_POINTS)


def serves(line: int, what: str = "serves an LLM-shaped route") -> Signal:
    """A proxy listens for model traffic."""
    return Signal("exposes", "unknown", "api", line, what, ROUTE_POINTS)
