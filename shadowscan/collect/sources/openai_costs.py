"""OpenAI costs: `openai:costs`, two objects a UTC month, the organization's costs by project, key and line item.

Permission: an admin key in `OPENAI_ADMIN_KEY` (it may read usage). Without `--since` the last six months are asked. The
month that is running, and one that closed less than four days ago, is asked again on every run of a later hour. The
option `organization` names the organization, which the answer does not.
`SHADOWSCAN_OPENAI_ENDPOINT` names a server on this machine instead.
Sources: https://platform.openai.com/docs/api-reference/usage/costs and the openai package 3.57.0.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from shadowscan.collect.sources._cost_pages import CostApi, list_months, save_pages
from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.model.window import Window


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


class OpenaiCostsSource:
    """Costs of the organization of one admin key."""

    id = "openai_costs"

    def accepts(self, target: str) -> bool:
        """Only `openai:costs`."""
        return target == API.target

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """Two objects a month; raises `TargetError` where there is no key."""
        return list_months(API, window)

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Write the month's pages; raises `BadInputError` where one cannot be had."""
        return save_pages(API, item, folder)


SOURCE = OpenaiCostsSource()
