"""View `llm_region`: one row is one subject, vendor and route whose processing region was judged."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_region",
    kind="view",
    grain="one subject, vendor and route whose processing region was judged",
    columns=(
        Column(
            "subject_id",
            "VARCHAR",
            "Stable id of the workload: ARN where known, else account/vpc/address.",
            "470100000011/vpc-0a/10.1.2.3",
            "'unknown'",
        ),
        Column(
            "subject_kind",
            "VARCHAR",
            "workload, machine, principal, repo, key, account, gateway, team, vendor or policy.",
            "workload",
            "'unknown'",
        ),
        Column("subject_label", "VARCHAR", "Short name for people.", "ranker", "''"),
        Column("account_id", "VARCHAR", "Cloud account, project or subscription.", "470100000011", "'unknown'"),
        Column("vpc_id", "VARCHAR", "Virtual network that scopes private addresses.", "vpc-0a", "'unknown'"),
        Column("vendor_id", "VARCHAR", "Catalogue id of the vendor.", "openai", "'unknown'"),
        Column("vendor_name", "VARCHAR", "Vendor's name for people.", "OpenAI", "''"),
        Column("service", "VARCHAR", "Service of the vendor, or unknown.", "api", "'unknown'"),
        Column("route", "VARCHAR", "Host, profile or configuration judged.", "eu.api.openai.com"),
        Column("basis", "VARCHAR", "traffic, call or configuration.", "traffic"),
        Column("region", "VARCHAR", "Region or geography the traffic names, or unknown.", "eu-central-1", "'unknown'"),
        Column("region_group", "VARCHAR", "Region group of the policy vocabulary, or unknown.", "eu_eea", "'unknown'"),
        Column("region_evidence", "VARCHAR", "Evidence level R0 to R5.", "R2", "'R0'"),
        Column(
            "jurisdiction", "VARCHAR", "Vendor's home jurisdiction, ISO 3166 alpha-2, or unknown.", "US", "'unknown'"
        ),
        Column(
            "provider_verdict",
            "VARCHAR",
            "The provider's jurisdiction against policy: pass, violation, unknown or not_judged.",
            "pass",
            "'not_judged'",
        ),
        Column(
            "transfer_tier",
            "VARCHAR",
            "Tier of that jurisdiction in EU law: eea, adequacy, conditional, third_country or unknown.",
            "conditional",
            "'unknown'",
        ),
        Column(
            "dpa",
            "VARCHAR",
            "Agreement with the vendor: covers, outside its regions, unproved (region unknown) or none.",
            "covers",
            "'none'",
        ),
        Column(
            "safeguard", "VARCHAR", "What a transfer rests on, with its article.", "Art. 45 adequacy decision", "''"
        ),
        Column("sub_processors", "VARCHAR", "Sub-processors of the agreement.", "Microsoft", "''"),
        Column("data_class", "VARCHAR", "Data classes of policy that hold the subject, or none.", "customer", "'none'"),
        Column("verdict", "VARCHAR", "violation, possible, unknown or pass.", "unknown"),
        Column(
            "can_move",
            "BOOLEAN",
            "Whether it is possible only since the route may leave a place that is allowed.",
            "false",
            "false",
        ),
        Column("severity", "VARCHAR", "Severity the verdict deserves for this jurisdiction.", "low", "'low'"),
        Column("why", "VARCHAR", "In words.", "the host names no region"),
        Column(
            "missing",
            "VARCHAR",
            "What would settle it, and how much; empty where it is settled.",
            "collect the scope",
            "''",
        ),
        Column("team", "VARCHAR", "Owning team, or unknown.", "search", "'unknown'"),
        Column("owner_status", "VARCHAR", "owned, conflict, unowned, shared or opaque.", "owned", "'unowned'"),
        Column("flow_count", "BIGINT", "Records behind it.", "12", "0"),
        Column("calls", "BIGINT", "Model calls behind it; 0 for traffic and configuration.", "12", "0"),
        Column("input_tokens", "BIGINT", "Input tokens of those calls.", "900", "0"),
        Column("output_tokens", "BIGINT", "Output tokens of those calls.", "120", "0"),
        Column("active_days", "BIGINT", "UTC days with use; 0 for configuration.", "3", "0"),
        Column("bytes_out", "BIGINT", "Bytes sent.", "5840", "0"),
        Column("bytes_in", "BIGINT", "Bytes received.", "0", "0"),
        Column("first_seen_at", "TIMESTAMP", "First seen, UTC.", "2026-09-01 10:00:00", nullable=True),
        Column("last_seen_at", "TIMESTAMP", "Last seen, UTC.", "2026-09-09 10:00:00", nullable=True),
        Column("evidence_ref", "VARCHAR", "Key into evidence_sample.", "egress/3f2a", "''"),
    ),
)
