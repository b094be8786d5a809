"""Live AWS inventory: `aws:inventory`, one object a region and hour, and one for the organisation.

Permissions: `ec2:Describe*` of interfaces, instances, subnets, VPCs, NAT gateways and endpoints,
`autoscaling:DescribeAutoScalingGroups`, `lambda:ListFunctions`, `elasticloadbalancing:DescribeLoadBalancers`,
`rds:DescribeDBInstances`, `tag:GetResources`, `ecs:List*` and `ecs:Describe*` of tasks, services and task definitions,
`eks:List*` and `eks:Describe*` of clusters and node groups, `organizations:List*` (management or delegated account).
`ReadOnlyAccess` has all of them. A call that is refused is named and counted; the rest is kept.

Option `regions` names regions, comma between; else the one of the credentials' own settings. Every hour's snapshot is
an object of its own and stays, since addresses are reused: who held one is told by the snapshots around. Credentials
and region come as for every AWS tool; `AWS_ENDPOINT_URL` names another endpoint. Variables of functions and containers
are left out before anything is written.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from shadowscan.collect.sources._aws_inventory_calls import Call, global_calls, regional_calls, without_secrets
from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, TargetError
from shadowscan.model.window import Window

TARGET = "aws:inventory"
GLOBAL = "global"
MAX_ATTEMPTS = 8
_NO_ORGANIZATION = frozenset({"AWSOrganizationsNotInUseException"})


class AwsInventorySource:
    """What one account's credentials may list."""

    id = "aws_inventory"

    def accepts(self, target: str) -> bool:
        """Only `aws:inventory`."""
        return target == TARGET

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """One snapshot a region, and the organisation's; raises `TargetError` where no region is known."""
        now = datetime.now(UTC)
        account = _account()
        for region in [*_regions(options), GLOBAL]:
            name = f"{TARGET}/{account}/{region}/{now:%Y-%m-%dT%H}"
            yield RemoteObject(name, "snapshot", 0, now, may_be_empty=region == GLOBAL)

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Write every page as one line, refused calls too; raises `BadInputError` where every call is refused."""
        _, account, region, hour = item.name.rsplit("/", 3)
        path = folder / f"aws-inventory-{region}-{hour.replace(':', '')}"
        calls = list(global_calls() if region == GLOBAL else regional_calls())
        with path.open("w", encoding="utf-8") as out:
            refused = _write(out, calls, account, region)
        if len(refused) == len(calls) and region != GLOBAL:
            raise BadInputError(f"{item.name} cannot be listed: {refused[0]}", hint="ReadOnlyAccess is enough")
        return path


SOURCE = AwsInventorySource()


def _write(out: IO[str], calls: Iterable[Call], account: str, region: str) -> list[str]:
    """Every page of every call; gives what was refused, in words."""
    from botocore.exceptions import BotoCoreError, ClientError

    place = {"Account": account, **({} if region == GLOBAL else {"Region": region})}
    refused: list[str] = []
    for service, action, pages in calls:
        try:
            for page in pages(lambda name: _client(name, "" if region == GLOBAL else region, _endpoint(name))):
                out.write(json.dumps({**place, **without_secrets(page)}, default=str) + "\n")
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code not in _NO_ORGANIZATION:
                refused.append(f"{service}:{action} refused: {code}")
        except BotoCoreError as error:
            refused.append(f"{service}:{action} failed: {error}")
    for reason in refused:
        out.write(json.dumps({**place, "Refused": [{"Reason": reason}]}) + "\n")
    return refused


def _account() -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return str(_client("sts", "", _endpoint("sts")).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise BadInputError(f"{TARGET}: {error}", hint="check credentials, region and endpoint") from error


def _regions(options: Mapping[str, str]) -> list[str]:
    import boto3

    named = [region.strip() for region in options.get("regions", "").split(",") if region.strip()]
    own = boto3.session.Session().region_name
    if not named and not own:
        raise TargetError(f"{TARGET} knows no region", hint='set AWS_DEFAULT_REGION, or regions = "…" of the source')
    return named or [str(own)]


def _endpoint(service: str) -> str:
    own = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
    return own or os.environ.get("AWS_ENDPOINT_URL") or ""


@cache
def _client(service: str, region: str, endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(retries={"mode": "adaptive", "max_attempts": MAX_ATTEMPTS})
    return boto3.client(service, region_name=region or None, endpoint_url=endpoint or None, config=config)  # type: ignore[call-overload]
