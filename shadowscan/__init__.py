"""shadowscan: who is using which LLM vendor, from where, with whose key, on whose bill.

The Python API is `open(path)`, which gives the last completed run of a store as pandas frames.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shadowscan.frames import Store

try:
    __version__ = version("shadowscan-audit")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"


def open(path: str) -> "Store":  # the name users asked for: shadowscan.open(path)
    """Open the store at `path` read-only; raises `TargetError` when there is none."""
    from shadowscan.frames import Store

    return Store.open(path)
