"""Who held an address, and when: inventory and logs, folded to the strongest id that outlives one task or instance.

Private addresses are reused. Where one address had several holders, each holds it from its first sight until the next
one's; a single holder holds it always, since one snapshot stands for the time around it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shadowscan.enrich.context import EnrichContext

ASG_TAG = "aws:autoscaling:groupName"
TRANSIT_KINDS = frozenset({"nat_gateway", "load_balancer"})
# Descriptions that AWS writes itself say what an interface is, not whose workload it is.
_MANAGED = re.compile(r"(?i)(aws|amazon|elb|efs|rds|interface for|vpc endpoint|primary network interface|eni-)\b")
_ASSETS = """
    select asset_id, kind, name, account_id, vpc_id, address, parent_id, tags, region, observed_at
    from asset
    where kind in ('eni', 'instance', 'nat_gateway', 'load_balancer', 'vpc_endpoint', 'function', 'service', 'resource')
    order by observed_at nulls first, asset_id, address, tags, source_id, line
"""
_LOGGED_INSTANCES = """
    with seen as (
      select account_id, vpc_id, client_ip, instance_id, region, started_at as seen_at, 'flow' as source
      from flow
      where instance_id like 'i-%' and client_ip = interface_client_ip and direction <> 'ingress'
      union all
      select account_id, vpc_id, client_ip, instance_id, region, queried_at as seen_at, 'dns_query' as source
      from dns_query
      where instance_id like 'i-%'
    )
    select account_id, vpc_id, client_ip, instance_id, max(region) as region, min(seen_at) as seen_at,
      min(source) as source
    from seen
    group by account_id, vpc_id, client_ip, instance_id
    order by seen_at, instance_id
"""
_LOGGED_SERVICES = """
    select account_id, vpc_id, client_ip, workload, region, min(started_at) as seen_at
    from flow
    where starts_with(workload, 'ecs/') and client_ip = interface_client_ip and direction <> 'ingress'
      and region <> 'unknown' and account_id <> 'unknown'
    group by account_id, vpc_id, client_ip, workload, region
    order by seen_at, workload
"""
_TASK = re.compile(r"[0-9a-f]{32}")  # a task without a service outlives nothing


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


@dataclass(frozen=True, slots=True)
class Sight:
    """One address seen with one holder. `seen_at` None = the source does not say when."""

    account_id: str
    vpc_id: str
    address: str
    subject_id: str
    kind: str
    label: str
    seen_at: datetime | None
    source: str
    eni: str = ""
    instance: str = ""


def load_assets(context: EnrichContext) -> list[Asset]:
    """Every resource of the inventory, oldest snapshot first."""
    rows = context.store.query(_ASSETS).rows
    return [_asset(row) for row in rows]


def _asset(row: tuple[Any, ...]) -> Asset:
    asset_id, kind, name, account_id, vpc_id, address, parent_id, tags, region, observed_at = row
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
    )


def read_tags(text: str) -> dict[str, str]:
    """Tags of a JSON object, empty where it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(tag) for key, tag in value.items()} if isinstance(value, dict) else {}


def load_sights(context: EnrichContext, assets: Iterable[Asset]) -> list[Sight]:
    """Every address with its holder, from the inventory and from services and instances that the logs themselves name.

    A service stands before the instance its task runs on: the next task may run on another.
    """
    listed = list(assets)
    by_id = {asset.asset_id: asset for asset in listed}
    groups = _groups(listed)
    sights = [_inventory_sight(asset, by_id, groups) for asset in listed if asset.address]
    named = {sight.subject_id: sight.label for sight in sights if sight.label}
    services = list(_service_sights(context))
    served = {(sight.account_id, sight.vpc_id, sight.address) for sight in services}
    for account_id, vpc_id, address, instance, region, seen_at, source in context.store.query(_LOGGED_INSTANCES).rows:
        arn = instance_arn(account_id, region, instance)
        known = by_id.get(arn)
        group = _group_of(known, groups) if known else ""
        label = _short(group) if group else (known.name if known else "") or named.get(arn, "") or instance
        place = (account_id, vpc_id, address)
        if place not in served:
            sights.append(Sight(*place, group or arn, "workload", label, seen_at, source, instance=instance))
    return [*sights, *services]


def _service_sights(context: EnrichContext) -> Iterator[Sight]:
    """Container services that the flow log names."""
    for account_id, vpc_id, address, workload, region, seen_at in context.store.query(_LOGGED_SERVICES).rows:
        _, cluster, service = workload.split("/", 2)
        if not _TASK.fullmatch(service):
            arn = f"arn:{_partition(region)}:ecs:{region}:{account_id}:service/{cluster}/{service}"
            yield Sight(account_id, vpc_id, address, arn, "workload", service, seen_at, "flow")


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def instance_arn(account_id: str, region: str, instance: str) -> str:
    """ARN of an instance; `account/instance` where the region is not known, since an id alone is not unique."""
    if "unknown" in (account_id, region):
        return f"{account_id}/{instance}"
    return f"arn:{_partition(region)}:ec2:{region}:{account_id}:instance/{instance}"


def intervals(sights: Iterable[Sight]) -> Iterator[tuple[Sight, datetime | None, datetime | None]]:
    """Each change of holder of one address with its half-open time; None is an open end. Input in order of time."""
    changes: list[Sight] = []
    for sight in sights:
        if not changes or changes[-1].subject_id != sight.subject_id:
            changes.append(sight)
    for number, sight in enumerate(changes):
        starts = sight.seen_at if number else None
        yield sight, starts, changes[number + 1].seen_at if number + 1 < len(changes) else None


def by_address(sights: Iterable[Sight]) -> dict[tuple[str, str, str], list[Sight]]:
    """Sights of each (account, vpc, address), oldest first; an unnamed holder gives way to a named one."""
    grouped: dict[tuple[str, str, str], list[Sight]] = defaultdict(list)
    for sight in sights:
        grouped[sight.account_id, sight.vpc_id, sight.address].append(sight)
    for place, listed in grouped.items():
        named = [sight for sight in listed if sight.subject_id != "/".join(place)]
        grouped[place] = sorted(named or listed, key=lambda sight: (str(sight.seen_at or ""), sight.source))
    return grouped


def _inventory_sight(asset: Asset, by_id: dict[str, Asset], groups: dict[str, str]) -> Sight:
    parent = by_id.get(asset.parent_id)
    group = _group_of(parent, groups) or _group_of(asset, groups)
    plain = f"{asset.account_id}/{asset.vpc_id}/{asset.address}"
    stronger = group or (asset.parent_id if asset.parent_id.startswith("arn:") else "")
    is_transit = asset.kind in TRANSIT_KINDS
    named = _label(asset, parent, group, stronger)
    return Sight(
        asset.account_id,
        asset.vpc_id,
        asset.address,
        stronger or plain,
        "machine" if is_transit else "workload",
        named,
        asset.observed_at,
        "aws_inventory",
        eni=asset.asset_id if asset.asset_id.startswith("eni-") else "",
        instance=_short(asset.parent_id) if ":instance/" in asset.parent_id else "",
    )


def _label(asset: Asset, parent: Asset | None, group: str, stronger: str) -> str:
    """A name for people: the group's, the instance's, the interface's own, else the last part of the stronger id."""
    is_instance = ":instance/" in stronger
    if group or (stronger and not is_instance):
        return _short(stronger)
    if is_instance and parent and parent.kind == "instance" and parent.name:
        return parent.name
    own = asset.tags.get("Name", "") or ("" if _MANAGED.match(asset.name) else asset.name)
    return own or (_short(stronger) if stronger else "")


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


def _short(subject_id: str) -> str:
    """The last part of an ARN or id, for people."""
    return subject_id.replace("asg:", "").rpartition("/")[2].rpartition(":")[2]
