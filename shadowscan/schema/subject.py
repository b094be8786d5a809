"""Table `subject`: one row is one workload, repository, account or key."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="subject",
    kind="dimension",
    grain="one workload, repository, account or key",
    columns=(
        Column(
            "subject_id",
            "VARCHAR",
            "Stable id: ARN where known, else account/vpc/address.",
            "470100000011/vpc-0a/10.1.2.3",
        ),
        Column("kind", "VARCHAR", "As in CONTRACT section 2.", "workload"),
        Column("label", "VARCHAR", "Short name.", "ranker", "''"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column("owner_confidence", "DOUBLE", "0 to 1.", "0.9", "0"),
        Column("decided_by", "VARCHAR", "Kind of evidence that decided.", "tag", "'nothing found'"),
        Column(
            "owner_evidence", "VARCHAR", "JSON list of {source,key,value,confidence}, strongest first.", "[]", "'[]'"
        ),
    ),
    primary_key=("subject_id",),
)
