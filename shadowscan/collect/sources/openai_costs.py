"""OpenAI costs: `openai:costs`, two objects a UTC month, the organization's costs by project, key and line item.

Permission: an admin key in `OPENAI_ADMIN_KEY` (it may read usage). Without `--since` the last six months are asked. The
month that is running, and one that closed less than four days ago, is asked again on every run of a later hour. The
option `organization` names the organization, which the answer does not.
`SHADOWSCAN_OPENAI_ENDPOINT` names a server on this machine instead.
Sources: https://platform.openai.com/docs/api-reference/usage/costs and the openai package 3.57.0.
"""

from datetime import datetime

from shadowscan.collect.sources._cost_pages import CostApi, CostSource


def _query(start: datetime, end: datetime) -> list[tuple[str, str]]:
    return [
        ("start_time", str(int(start.timestamp()))),
        ("end_time", str(int(end.timestamp()))),
        ("bucket_width", "1d"),
        ("limit", "31"),
    ]


API = CostApi(
    target="openai:costs",
    url="https://api.openai.com/v1/organization/costs",
    endpoint_variable="SHADOWSCAN_OPENAI_ENDPOINT",
    key_variable="OPENAI_ADMIN_KEY",
    group_by=("project_id", "line_item", "api_key_id"),
    query=_query,
    headers=lambda key: {"Authorization": f"Bearer {key}"},
)
SOURCE = CostSource("openai_costs", API)
