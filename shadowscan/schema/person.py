"""Table `person`: one row is one person of the roster."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="person",
    kind="base",
    grain="one person of the roster",
    columns=(
        Column("source_id", "BIGINT", "Ledger id of the object this row was read from.", "17"),
        Column(
            "line", "BIGINT", "Line or record number in that object, from 1; 0 where the format has none.", "42", "0"
        ),
        Column("email", "VARCHAR", "E-mail, lower case.", "sam@acme.example"),
        Column("name", "VARCHAR", "Name.", "Sam Doe", "''"),
        Column("team", "VARCHAR", "Team as written.", "search", "'unknown'"),
        Column("department", "VARCHAR", "Department.", "R&D", "'unknown'"),
        Column("cost_center", "VARCHAR", "Cost centre.", "CC-2087", "'unknown'"),
        Column("manager", "VARCHAR", "Manager's e-mail.", "kim@acme.example", "'unknown'"),
        Column("is_active", "BOOLEAN", "Whether still employed.", "true", "true"),
    ),
)
