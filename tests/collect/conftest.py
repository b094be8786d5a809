"""What the tests of this room share: a store, options, and one way to collect."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.config import SourceEntry
from shadowscan.model.outcome import SourceReport
from shadowscan.model.window import Window
from shadowscan.store.connection import Store

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
SAMPLES = Path(__file__).parents[1] / "samples"

Collect = Callable[..., list[SourceReport]]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


@pytest.fixture
def collect_paths(store: Store) -> Collect:
    def run(*targets: object, window: Window | None = None, **settings: str) -> list[SourceReport]:
        options = CollectOptions("r1", window or Window(), datetime(2026, 11, 1, tzinfo=UTC))
        words = [str(target) for target in targets]
        configured = [SourceEntry.model_validate({"target": word, **settings}) for word in words] if settings else []
        return collect(store, plan_targets(words, configured=configured).targets, options)

    return run


def record(remote: str = "203.0.113.10", *, start: int = 1785542400, size: int = 100, status: str = "OK") -> str:
    """One egress record in the default format."""
    return f"2 123456789012 eni-0a 10.0.1.5 {remote} 49152 443 6 1 {size} {start} {start + 58} ACCEPT {status}"


def flow_log(*records: str) -> bytes:
    """A default-format file with its header."""
    return "".join(f"{line}\n" for line in (HEADER, *records)).encode()


def write_gzip(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data))
    return path
