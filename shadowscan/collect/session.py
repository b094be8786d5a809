"""What one collection shares: the store, its ledger, where files may be laid, and what is waiting to be stored."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from shadowscan.collect.compression import Opened
from shadowscan.collect.formats.interface import Format, LocalObject
from shadowscan.collect.tally import Tally
from shadowscan.model.window import Window
from shadowscan.progress import SILENT, Progress
from shadowscan.store.connection import Store
from shadowscan.store.ledger import Entry, Ledger

# Measured: ten files of 50,000 records in one transaction cost half of ten transactions; above half a million records
# more gains little. AWS delivers files of a few thousand records, so it is the bytes that should end a batch.
BATCH_OBJECTS = 500
BATCH_BYTES = 150_000_000
GZIP_GROWTH = 6


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """The run this belongs to, the window of event time to keep, and the run's own time."""

    run_id: str
    window: Window
    collected_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One opened object of a known format, waiting for its batch. `known` is the entry it replaces, if any."""

    target: str
    address: str
    version: str
    opened: Opened
    format: Format
    source_id: int
    digest: str
    known: Entry | None = None
    scope: str = ""
    observed_at: datetime | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def local(self) -> LocalObject:
        """The item as its format sees it."""
        opened, options = self.opened, dict(self.options)
        return LocalObject(
            self.source_id, self.address, str(opened.path), opened.head, self.scope, self.observed_at, options
        )

    @property
    def weight(self) -> int:
        """Bytes of content, estimated."""
        return self.opened.size_bytes * (GZIP_GROWTH if self.opened.path.suffix == ".gz" else 1)


@dataclass
class Session:
    """One collection under way. `waiting` holds the batches by format and group key, `held` what they are known by."""

    store: Store
    options: CollectOptions
    folder: Path
    ledger: Ledger
    progress: Progress = SILENT
    tally: Tally = field(default_factory=Tally)
    waiting: dict[tuple[str, str], list[Item]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    _places: int = 0

    def next_place(self) -> Path:
        """A fresh name in the session's folder, without suffix."""
        self._places += 1
        return self.folder / f"object-{self._places}"

    def discard(self, opened: Opened) -> None:
        """Remove an object's file where it is ours; of one that was read in place only our link to it."""
        place = opened.path.resolve()
        opened.path.unlink(missing_ok=True)
        if place.is_relative_to(self.folder.resolve()):
            place.unlink(missing_ok=True)

    def is_waiting(self, digest: str, address: str) -> bool:
        """Whether these bytes or this address are in a batch not stored yet."""
        return digest in self.held or address in self.held
