"""View `llm_gateway_concern`: one row is one concern that a gateway in code takes on, at its first place."""

from shadowscan.model.table import Column, Table

TABLE = Table(
    name="llm_gateway_concern",
    kind="view",
    grain="one gateway-shaped unit and concern that its code or configuration takes on",
    columns=(
        Column("repo", "VARCHAR", "Repository.", "acme/llm-proxy"),
        Column("unit", "VARCHAR", "Deployable unit.", "."),
        Column(
            "concern",
            "VARCHAR",
            "auth, routing, fallback, rate_limit, budget, caching, prompt_registry, redaction or logging.",
            "fallback",
        ),
        Column("path", "VARCHAR", "File of the first place.", "proxy/router.py"),
        Column("line", "BIGINT", "Line there, from 1.", "41", "0"),
        Column(
            "commit_id",
            "VARCHAR",
            "Commit that introduced the file's content; empty for the working tree.",
            "4b825dc6…",
            "''",
        ),
    ),
)
