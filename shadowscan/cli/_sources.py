"""What was taken in, as lines."""

from collections.abc import Sequence

from shadowscan.model.outcome import Collected, Failed, Partial, Skipped, SourceReport


def is_broken(sources: Sequence[SourceReport]) -> bool:
    """Whether any source was not looked at whole."""
    return any(isinstance(source.outcome, Partial | Failed) for source in sources)


def print_sources(sources: Sequence[SourceReport]) -> None:
    """One line a source: state, format, target, rows, reason."""
    for source in sources:
        outcome = source.outcome
        rows = ""
        if isinstance(outcome, Collected | Partial):
            rows = ", ".join(f"{count:,} {table}" for table, count in sorted(outcome.tables.items()))
        reason = outcome.reason if isinstance(outcome, Partial | Failed | Skipped | Collected) else ""
        text = f"{type(outcome).__name__.lower():<9} {source.format:<16} {source.target}  {rows}  {reason}".rstrip()
        print("".join(char if char.isprintable() else "?" for char in text))
