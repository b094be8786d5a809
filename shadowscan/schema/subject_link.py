"""Table `subject_link`: one row is one name a subject goes by during a time."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="subject_link",
    kind="dimension",
    grain="one name a subject goes by during a time",
    columns=(
        Column("subject_id", "VARCHAR", "The subject.", "arn:aws:lambda:…"),
        Column("kind", "VARCHAR", "address, eni, instance, function, role, repo, vendor_account, ….", "address"),
        Column("value", "VARCHAR", "account/vpc/address for addresses, else the id.", "470100000011/vpc-0a/10.1.2.3"),
        Column("valid_from", "TIMESTAMP", "From, UTC; null = always.", "2026-10-01 00:00:00", nullable=True),
        Column(
            "valid_until", "TIMESTAMP", "Until, exclusive, UTC; null = still.", "2026-10-02 00:00:00", nullable=True
        ),
        Column("source", "VARCHAR", "What said so.", "aws_inventory"),
    ),
)
