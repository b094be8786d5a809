"""Table `coverage_note`: one row is one fact about what a source did not see."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="coverage_note",
    kind="base",
    grain="one fact about what a source did not see",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "kind",
            "VARCHAR",
            "skipdata, nodata, sampled, duplicate, no_metadata, no_host, rejected, truncated, lfs, oversize, missing_object, archive, submodule, unreadable, ….",
            "skipdata",
        ),
        Column("detail", "VARCHAR", "In words, with figures.", "2 intervals lost by the collector"),
        Column("count", "BIGINT", "How many records or objects.", "2", "0"),
        Column("lost_seconds", "BIGINT", "Interface seconds that were lost, where time was.", "58", "0"),
        Column("first_at", "TIMESTAMP", "First moment concerned, UTC.", "2026-10-02 08:00:00", nullable=True),
        Column("last_at", "TIMESTAMP", "Last moment concerned, UTC.", "2026-10-02 08:02:00", nullable=True),
    ),
)
