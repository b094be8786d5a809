"""The inventory as values, for what judges one subject at a time: evidence of ownership."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shadowscan.enrich.context import EnrichContext

ASG_TAG = "aws:autoscaling:groupName"
_NODE_TAGS = frozenset(
    ("eks:cluster-name", "eks:nodegroup-name", "aks-managed-poolname", "goog-gke-node", "k8s.io/role/node")
)
_NODE_TAG_START = "kubernetes.io/cluster/"
_ASSETS = """
    select asset_id, kind, name, account_id, vpc_id, address, parent_id, tags, region, observed_at, role, repo
    from asset
    where kind not in ('unknown', 'account', 'folder', 'subnet', 'vpc', 'pod')
    order by observed_at nulls first, asset_id, address, tags, source_id, line
"""


@dataclass(frozen=True, slots=True)
class Asset:
    """One resource address as the inventory has it."""

    asset_id: str
    kind: str
    name: str
    account_id: str
    vpc_id: str
    address: str
    parent_id: str
    tags: dict[str, str]
    region: str
    observed_at: datetime | None
    role: str = "unknown"
    repo: str = "unknown"


def is_cluster_node(asset: Asset | None) -> bool:
    """Whether its tags make it a Kubernetes node: they speak for who runs the cluster, not for its pods."""
    return asset is not None and any(key in _NODE_TAGS or key.startswith(_NODE_TAG_START) for key in asset.tags)


def load_assets(context: EnrichContext) -> list[Asset]:
    """Every resource of the inventory, oldest snapshot first."""
    rows = context.store.query(_ASSETS).rows
    return [_asset(row) for row in rows]


def _asset(row: tuple[Any, ...]) -> Asset:
    asset_id, kind, name, account_id, vpc_id, address, parent_id, tags, region, observed_at, role, repo = row
    return Asset(
        asset_id=asset_id,
        kind=kind,
        name=name,
        account_id=account_id,
        vpc_id=vpc_id,
        address=address,
        parent_id=parent_id,
        tags=read_tags(tags),
        region=region,
        observed_at=observed_at,
        role=role,
        repo=repo,
    )


def read_tags(text: str) -> dict[str, str]:
    """Tags of a JSON object, empty where it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(tag) for key, tag in value.items()} if isinstance(value, dict) else {}


def groups_of(assets: Iterable[Asset]) -> dict[str, list[Asset]]:
    """Subject id of each autoscaling group → the assets whose tag names it."""
    listed = list(assets)
    arns = _groups(listed)
    found: dict[str, list[Asset]] = defaultdict(list)
    for asset in listed:
        if group := _group_of(asset, arns):
            found[group].append(asset)
    return found


def _groups(assets: Iterable[Asset]) -> dict[str, str]:
    """Autoscaling group (account/region/name) → its ARN, for groups that the inventory lists."""
    found = {}
    for asset in assets:
        name = asset.asset_id.partition(":autoScalingGroupName/")[2]
        if name:
            found[f"{asset.account_id}/{asset.region}/{name}"] = asset.asset_id
    return found


def _group_of(asset: Asset | None, groups: dict[str, str]) -> str:
    """The autoscaling group that an asset's tags name: its ARN where listed, else `account/region/asg:name`."""
    name = asset.tags.get(ASG_TAG, "") if asset else ""
    if asset is None or not name:
        return ""
    return groups.get(f"{asset.account_id}/{asset.region}/{name}", f"{asset.account_id}/{asset.region}/asg:{name}")
