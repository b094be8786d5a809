"""What became of every object, summed: one report a target and format, one more for each object that went wrong."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shadowscan.model.outcome import Collected, Failed, Partial, Skipped, SourceReport
from shadowscan.store.ledger import Entry


@dataclass
class _Sum:
    tables: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    reason: str = ""
    unchanged: bool = True
    first_at: datetime | None = None
    last_at: datetime | None = None
    source_ids: dict[int, None] = field(default_factory=dict)


class Tally:
    """Collects outcomes while objects come in; `reports` gives them in the order first met."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], _Sum] = {}
        self._others: list[SourceReport] = []

    def add_entry(self, target: str, entry: Entry, *, unchanged: bool, sample: str = "") -> None:
        """Count one object that is in the store now; a partial one gets its own report."""
        if entry.state == "partial":
            outcome = Partial(dict(entry.rows), entry.rejected, entry.reason)
            bounds = _utc(entry.first_at), _utc(entry.last_at)
            self._others.append(SourceReport(entry.object, entry.format, outcome, *bounds, (entry.source_id,)))
            return
        total = self._sums.setdefault((target, entry.format), _Sum())
        if entry.source_id in total.source_ids:
            return
        total.source_ids[entry.source_id] = None
        total.unchanged = total.unchanged and unchanged
        total.rejected += entry.rejected
        total.reason = total.reason or (f"{entry.object}: {sample}" if sample else "")
        for table, rows in entry.rows.items():
            total.tables[table] = total.tables.get(table, 0) + rows
        total.first_at = _earlier(total.first_at, entry.first_at)
        total.last_at = _later(total.last_at, entry.last_at)

    def add_skipped(self, address: str, reason: str) -> None:
        """One object that no format reads."""
        self._others.append(SourceReport(address, "unrecognised", Skipped(reason)))

    def add_failed(self, address: str, format_id: str, reason: str) -> None:
        """One object, or one whole target, that could not be read."""
        self._others.append(SourceReport(address, format_id, Failed(reason)))

    def reports(self) -> list[SourceReport]:
        """Sums first, then every object that is partial, skipped or failed."""
        return [_report(key, total) for key, total in self._sums.items()] + self._others


def _report(key: tuple[str, str], total: _Sum) -> SourceReport:
    rejected = f"{total.rejected} records rejected, the first in {total.reason}" if total.rejected else ""
    outcome = Collected(total.tables, total.rejected, rejected, total.unchanged)
    return SourceReport(*key, outcome, _utc(total.first_at), _utc(total.last_at), tuple(total.source_ids))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _earlier(a: datetime | None, b: datetime | None) -> datetime | None:
    return min(a, b) if a and b else a or b


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return max(a, b) if a and b else a or b
