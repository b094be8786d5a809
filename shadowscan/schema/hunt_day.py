"""Table `hunt_day`: one row is one unnamed remote of interest, by subject and UTC day."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="hunt_day",
    kind="rollup",
    grain="one remote that no vendor claims and whose name or port is of interest, by subject and UTC day",
    columns=(
        Column("day", "DATE", "UTC day.", "2026-10-02"),
        Column("subject_id", "VARCHAR", "Who talked to it.", "470100000011/vpc-0a/10.1.2.3"),
        Column("account_id", "VARCHAR", "Cloud account of the subject.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network of the subject.", "vpc-0a", "'unknown'"),
        Column("remote", "VARCHAR", "Name, or address and port where it has none.", "api.newllm.ai"),
        Column("name", "VARCHAR", "Name, empty where it has none.", "api.newllm.ai", "''"),
        Column("is_model_port", "BOOLEAN", "On a model server's port, in another subnet.", "false", "false"),
        Column("conversation_count", "BIGINT", "Conversations.", "12", "0"),
        Column("streaming_count", "BIGINT", "Of them with the shape of a streamed answer.", "9", "0"),
        Column("flow_count", "BIGINT", "Records.", "24", "0"),
        Column("bytes_out", "BIGINT", "Bytes sent.", "5840", "0"),
        Column("bytes_in", "BIGINT", "Bytes received.", "88000", "0"),
        Column("first_seen_at", "TIMESTAMP", "First record, UTC.", "2026-10-02 08:00:00"),
        Column("last_seen_at", "TIMESTAMP", "End of the last, UTC.", "2026-10-02 09:00:00"),
        Column("source_id", "BIGINT", "Ledger id of the object of one of the records.", "17"),
        Column("line", "BIGINT", "Line of that record.", "42", "0"),
    ),
    daily=True,
)
