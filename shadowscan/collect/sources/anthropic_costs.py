"""Anthropic costs: `anthropic:costs`, two objects a UTC month, the organization's costs by workspace and description.

Permission: an admin key in `ANTHROPIC_ADMIN_KEY`. Without `--since` the last six months are asked. The month that is
running, and one that closed less than four days ago, is asked again on every run of a later hour. The option
`organization` names the organization, which the answer does not.
`SHADOWSCAN_ANTHROPIC_ENDPOINT` names a server on this machine instead.
Source: https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-cost-report
"""

from datetime import datetime

from shadowscan.collect.sources._cost_pages import CostApi, CostSource


def _query(start: datetime, end: datetime) -> list[tuple[str, str]]:
    return [
        ("starting_at", f"{start:%Y-%m-%dT%H:%M:%SZ}"),
        ("ending_at", f"{end:%Y-%m-%dT%H:%M:%SZ}"),
        ("bucket_width", "1d"),
        ("limit", "31"),
    ]


API = CostApi(
    target="anthropic:costs",
    url="https://api.anthropic.com/v1/organizations/cost_report",
    endpoint_variable="SHADOWSCAN_ANTHROPIC_ENDPOINT",
    key_variable="ANTHROPIC_ADMIN_KEY",
    group_by=("workspace_id", "description"),
    query=_query,
    headers=lambda key: {"x-api-key": key, "anthropic-version": "2023-06-01"},
)
SOURCE = CostSource("anthropic_costs", API)
