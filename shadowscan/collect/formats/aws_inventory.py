"""Saved AWS inventory: what `aws … > file.json` writes.

Real shape: one JSON document a command or page, pages as concatenated documents, JSON lines or one JSON array.
`aws ec2 describe-network-interfaces` (`NetworkInterfaces`), `aws ec2 describe-instances` (`Reservations`),
`aws resourcegroupstaggingapi get-resources` (`ResourceTagMappingList`), `aws organizations list-accounts` (`Accounts`).

| shape | rows in `asset` | parent |
|---|---|---|
| network interface | one an address; `kind` by `InterfaceType` | see below |
| instance | one, and one an address of each interface | |
| tagged resource | one; `kind` from the ARN | |
| account | one | |

The parent of an interface, strongest statement first: the instance of `Attachment.InstanceId`, the Lambda function of
the description, the ECS service of its tags, the NAT gateway or load balancer of the description, else unknown.

Doubts: the descriptions of managed interfaces (`AWS Lambda VPC ENI-<function>-<uuid>`, `Interface for NAT Gateway
nat-…`, `ELB app/…`) are observed, not promised by AWS. A resource that was never tagged is not in `get-resources`.
Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html and
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location
from shadowscan.store.rows import insert_rows

Row = dict[str, Any]

_LISTS = re.compile(rb'"(NetworkInterfaces|Reservations|ResourceTagMappingList)"\s*:\s*\[')
_ACCOUNTS = re.compile(rb'"Accounts"\s*:\s*\[\s*(\]|\{[^{}]*"(Arn|JoinedMethod|JoinedTimestamp)")')
_REGION = re.compile(r"^[a-z]{2,}(?:-[a-z]+)+-\d+")
_LAMBDA = re.compile(r"^AWS Lambda VPC ENI-(?P<name>.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_NAT = re.compile(r"\b(nat-[0-9a-f]+)\b")
_ELB = re.compile(r"^ELB (?P<name>(?:app|net|gwy)/\S+)$")
_KINDS = {
    "natgateway": "nat_gateway",
    "loadbalancer": "load_balancer",
    "networkloadbalancer": "load_balancer",
    "gatewayloadbalancer": "load_balancer",
    "vpcendpoint": "vpc_endpoint",
    "gatewayloadbalancerendpoint": "vpc_endpoint",
}
_ARN_KINDS = (
    (re.compile(r"^arn:[\w-]+:lambda:[^:]*:\d*:function:"), "function"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:instance/"), "instance"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:network-interface/"), "eni"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:natgateway/"), "nat_gateway"),
    (re.compile(r"^arn:[\w-]+:ec2:[^:]*:\d*:vpc-endpoint/"), "vpc_endpoint"),
    (re.compile(r"^arn:[\w-]+:ecs:[^:]*:\d*:service/"), "service"),
    (re.compile(r"^arn:[\w-]+:elasticloadbalancing:[^:]*:\d*:loadbalancer/"), "load_balancer"),
    (re.compile(r"^arn:[\w-]+:organizations::\d*:account/"), "account"),
)


class AwsInventory:
    """Saved `describe-…`, `get-resources` and `list-accounts` output."""

    id = "aws_inventory"
    title = "AWS inventory (saved describe, get-resources and list-accounts output)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        start = head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start not in (b"{", b"["):
            return 0.0
        return 0.95 if _LISTS.search(head.data) or _ACCOUNTS.search(head.data) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = AwsInventory()


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    rows: list[Row] = []
    rejected, sample = 0, ""
    for number, (read, record) in enumerate(_records(item), start=1):
        try:
            found = list(read(record))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            rejected, sample = rejected + 1, sample or f"record {number}: {type(error).__name__} {error}"[:200]
            continue
        rows.extend(
            {**row, "source_id": item.source_id, "line": number, "observed_at": item.observed_at} for row in found
        )
    count = insert_rows(engine, "asset", rows)
    return Normalised({"asset": count}, rejected, sample, item.observed_at, item.observed_at)


def _records(item: LocalObject) -> Iterator[tuple[Callable[[Any], Iterator[Row]], Any]]:
    """Every record with the function that reads it, over all pages."""
    for page in _pages(item):
        for key, read in _READERS.items():
            for record in page.get(key) or ():
                yield read, record


def _pages(item: LocalObject) -> Iterator[dict[str, Any]]:
    text = read_object(item)
    decoder, at, end = json.JSONDecoder(), 0, len(text)
    while (at := _skip_blank(text, at)) < end:
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            place = Location(item.name, error.lineno)
            raise BadInputError(f"not valid JSON: {error.msg}", hint="save it again", location=place) from error
        except RecursionError as error:
            raise BadInputError("JSON nested too deep", location=Location(item.name)) from error
        yield from (page for page in (value if isinstance(value, list) else [value]) if isinstance(page, dict))


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _interface(record: Row) -> Iterator[Row]:
    yield from _interface_rows(record, record.get("AvailabilityZone"), tags=_tags(record.get("TagSet")))


def _interface_rows(record: Row, zone: str | None, tags: dict[str, str], instance: str = "") -> Iterator[Row]:
    """One row an address; an interface without one keeps a single row."""
    kind = re.sub("[^a-z]", "", str(record.get("InterfaceType") or "interface").lower())
    row = _row(
        str(record["NetworkInterfaceId"]),
        _KINDS.get(kind, "eni"),
        name=tags.get("Name") or str(record.get("Description") or ""),
        account_id=record.get("OwnerId"),
        vpc_id=record.get("VpcId"),
        subnet_id=record.get("SubnetId"),
        region=_region(zone),
        tags=tags,
    )
    row["parent_id"] = instance or _parent(record, row, tags)
    for address in _addresses(record) or [""]:
        yield {**row, "address": address}


def _addresses(record: Row) -> list[str]:
    listed = [entry.get("PrivateIpAddress") for entry in record.get("PrivateIpAddresses") or ()]
    listed += [record.get("PrivateIpAddress")]
    listed += [entry.get("Ipv6Address") for entry in record.get("Ipv6Addresses") or ()]
    return list(dict.fromkeys(str(address).lower() for address in listed if address))


def _parent(record: Row, row: Row, tags: dict[str, str]) -> str:
    """The stronger id behind an interface, strongest statement first; unknown where nothing says."""
    region, account = row["region"], row["account_id"]
    description = str(record.get("Description") or "")
    instance = str((record.get("Attachment") or {}).get("InstanceId") or "")
    if instance.startswith("i-"):
        return _arn("ec2", region, account, f"instance/{instance}")
    if found := _LAMBDA.match(description):
        return _arn("lambda", region, account, f"function:{found['name']}")
    if tags.get("aws:ecs:serviceName") and tags.get("aws:ecs:clusterName"):
        return _arn("ecs", region, account, f"service/{tags['aws:ecs:clusterName']}/{tags['aws:ecs:serviceName']}")
    if row["kind"] == "nat_gateway" and (found := _NAT.search(description)):
        return _arn("ec2", region, account, f"natgateway/{found[1]}")
    if found := _ELB.match(description):
        return _arn("elasticloadbalancing", region, account, f"loadbalancer/{found['name']}")
    return "unknown"


def _reservation(record: Row) -> Iterator[Row]:
    for instance in record.get("Instances") or ():
        zone, tags = (instance.get("Placement") or {}).get("AvailabilityZone"), _tags(instance.get("Tags"))
        account = record.get("OwnerId")
        arn = _arn("ec2", _region(zone), str(account or "unknown"), f"instance/{instance['InstanceId']}")
        yield _row(
            arn,
            "instance",
            name=tags.get("Name", ""),
            account_id=account,
            vpc_id=instance.get("VpcId"),
            subnet_id=instance.get("SubnetId"),
            region=_region(zone),
            tags=tags,
        )
        for interface in instance.get("NetworkInterfaces") or ():
            yield from _interface_rows(interface, zone, {}, instance=arn)


def _tagged(record: Row) -> Iterator[Row]:
    arn = str(record["ResourceARN"])
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise ValueError(f"{arn!r} is not an ARN")
    kind = next((kind for pattern, kind in _ARN_KINDS if pattern.match(arn)), "resource")
    tags = _tags(record.get("Tags"))
    asset_id = arn.rsplit("/", 1)[-1] if kind in ("eni", "account") else arn
    name = tags.get("Name") or re.split("[:/]", parts[5])[-1]
    yield _row(asset_id, kind, name=name, account_id=parts[4], region=parts[3], tags=tags)


def _account(record: Row) -> Iterator[Row]:
    account = str(record["Id"])
    yield _row(
        account, "account", name=str(record.get("Name") or ""), account_id=account, tags=_tags(record.get("Tags"))
    )


_READERS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "NetworkInterfaces": _interface,
    "Reservations": _reservation,
    "ResourceTagMappingList": _tagged,
    "Accounts": _account,
}


def _row(asset_id: str, kind: str, *, name: str, tags: dict[str, str], **places: Any) -> Row:
    known = {key: str(value) for key, value in places.items() if value}
    blank = dict.fromkeys(("account_id", "vpc_id", "subnet_id", "region", "parent_id"), "unknown")
    written = json.dumps(tags, ensure_ascii=False, sort_keys=True)
    return {"asset_id": asset_id, "kind": kind, "name": name, "address": "", "tags": written, **blank, **known}


def _tags(listed: Any) -> dict[str, str]:
    return {str(tag["Key"]): str(tag.get("Value") or "") for tag in listed or ()}


def _region(zone: Any) -> str:
    found = _REGION.match(str(zone or ""))
    return found[0] if found else "unknown"


def _arn(service: str, region: str, account: str, resource: str) -> str:
    """The ARN in the partition of its region; the resource's own id where region or account are not known."""
    if "unknown" in (region, account):
        return re.split("[:/]", resource, maxsplit=1)[1]
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    return f"arn:{partition}:{service}:{region}:{account}:{resource}"
