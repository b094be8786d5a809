"""What AWS says of accounts and of anything tagged: `get-resources`, `describe-tags`, Organizations."""

import re
from collections.abc import Iterator

from shadowscan.collect.formats._asset import Row, asset_row, pairs
from shadowscan.collect.formats._aws_ids import Page, split_arn

_UNIT = re.compile(r"\b(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})\b")
_ARN_KINDS = (
    (re.compile(r"^arn:[\w-]+:lambda:[^:]*:\d*:function:"), "function"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:instance/"), "instance"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:network-interface/"), "eni"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:natgateway/"), "nat_gateway"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:vpc-endpoint/"), "vpc_endpoint"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:subnet/"), "subnet"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:vpc/"), "vpc"),
    (re.compile(r"^arn:[\w-]+:ecs:[^:]*:\d*:service/"), "service"),
    (re.compile(r"^arn:[\w-]+:eks:[^:]*:\d*:cluster/"), "cluster"),
    (re.compile(r"^arn:[\w-]+:rds:[^:]*:\d*:db:"), "database"),
    (re.compile(r"^arn:[\w-]+:elasticloadbalancing:[^:]*:\d*:loadbalancer/"), "load_balancer"),
    (re.compile(r"^arn:[\w-]+:organizations::\d*:account/"), "account"),
)


def kind_of_arn(arn: str) -> str:
    """Our kind of the resource, `resource` where it is none of ours."""
    return next((kind for pattern, kind in _ARN_KINDS if pattern.match(arn)), "resource")


def read_tagged(record: Row, page: Page) -> Iterator[Row]:
    """One row of `get-resources`, or of `elbv2 describe-tags`, which writes `ResourceArn`."""
    arn = str(record.get("ResourceARN") or record["ResourceArn"])
    region, account, resource = split_arn(arn)
    kind = kind_of_arn(arn)
    tags = pairs(record.get("Tags"))
    yield asset_row(
        arn.rsplit("/", 1)[-1] if kind in ("eni", "account") else arn,
        kind,
        name=tags.get("Name") or re.split("[:/]", resource)[-1],
        account_id=account,
        region=region,
        tags=tags,
    )


def read_account(record: Row, page: Page) -> Iterator[Row]:
    """One row of `list-accounts`, under the organizational unit of its path; tags where something added them."""
    account = str(record["Id"])
    unit = _UNIT.findall(" ".join(map(str, record.get("Paths") or ())))
    tags = pairs(record.get("Tags"))
    yield asset_row(
        account, "account", name=record.get("Name"), account_id=account, parent_id=unit[-1] if unit else "", tags=tags
    )


def read_unit(record: Row, page: Page) -> Iterator[Row]:
    """One organizational unit of `list-organizational-units-for-parent` or `describe-organizational-unit`."""
    parents = [unit for unit in _UNIT.findall(str(record.get("Path") or "")) if unit != record["Id"]]
    yield asset_row(
        record["Id"],
        "folder",
        name=record.get("Name"),
        account_id=split_arn(record["Arn"])[1] if record.get("Arn") else "",
        parent_id=parents[-1] if parents else "",
        tags=pairs(record.get("Tags")),
    )


def read_refused(record: Row, page: Page) -> Iterator[Row]:
    """Raises with the reason why a live inventory could not ask."""
    raise ValueError(str(record["Reason"]))
