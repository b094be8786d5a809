"""What rules may read: the views and the policy tables, and an empty database that has nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from shadowscan.engines.duckdb import DuckDBEngine, Limits
from shadowscan.model.table import Table
from shadowscan.schema import tables_of

# Columns a match may carry beside its identity and the columns of the views it reads.
MATCH_COLUMNS = frozenset(
    [
        "subject_kind",
        "subject_id",
        "subject_label",
        "vendor_id",
        "first_seen_at",
        "last_seen_at",
        "event_count",
        "bytes_out",
        "bytes_in",
        "confidence",
        "severity",
        "region_verdict",
        "evidence_ref",
        "status",
        "amount",
        "previous_amount",
        "day_count",
        "workload_count",
    ]
)


@cache
def readable_tables() -> dict[str, Table]:
    """Views and policy tables by name: the rule author's contract."""
    return {table.name: table for table in tables_of("view", "policy")}


@contextmanager
def empty_views() -> Iterator[DuckDBEngine]:
    """A sealed in-memory database with every view and policy table, all empty."""
    engine = DuckDBEngine(":memory:", Limits(memory_mb=512, threads=1))
    try:
        for table in readable_tables().values():
            engine.connection.execute(table.ddl())
        engine.seal()
        yield engine
    finally:
        engine.close()
