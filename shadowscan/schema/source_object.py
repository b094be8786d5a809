"""Table `source_object`: one row is one object taken in."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="source_object",
    kind="ledger",
    grain="one object taken in",
    columns=(
        Column("source_id", "BIGINT", "Id that every row read from it carries.", "17"),
        Column("target", "VARCHAR", "Target as the user named it.", "s3://acme-logs/AWSLogs/"),
        Column("object", "VARCHAR", "The object's own address.", "s3://acme-logs/AWSLogs/….log.gz"),
        Column("format", "VARCHAR", "Format id.", "aws_vpc_flow"),
        Column("digest", "VARCHAR", "SHA-256 of the bytes for files; etag for objects.", "9f2c…"),
        Column(
            "version",
            "VARCHAR",
            "What a cheap look compares first: size and mtime for files, etag and size for objects.",
            "1024:1790000000",
        ),
        Column("size_bytes", "BIGINT", "Size as stored.", "1024", "0"),
        Column("state", "VARCHAR", "collected or partial.", "collected"),
        Column("reason", "VARCHAR", "Why partial; empty otherwise.", "", "''"),
        Column("rows", "VARCHAR", "Rows held by table, a JSON object.", '{"flow":10}', "'{}'"),
        Column("rejected", "BIGINT", "Records refused.", "0", "0"),
        Column("first_at", "TIMESTAMP", "First event, UTC.", "2026-10-02 08:00:00", nullable=True),
        Column("last_at", "TIMESTAMP", "Last event, UTC.", "2026-10-02 09:00:00", nullable=True),
        Column("collected_at", "TIMESTAMP", "When it was taken in, UTC.", "2026-11-01 00:00:00"),
        Column("run_id", "VARCHAR", "Run that took it in.", "r1"),
    ),
    primary_key=("source_id",),
)
