"""AWS inventory: what `aws … > file.json` writes, and what the target `aws:inventory` writes.

Real shape: one JSON document a command or page, pages as concatenated documents, JSON lines or one JSON array. A page
may say where it was taken (`Account`, `Region`, as the live target does); so may options of the source (`account_id`,
`region`), since subnets apart few records name their account.

| list of the page | command | rows in `asset` |
|---|---|---|
| `NetworkInterfaces` | `ec2 describe-network-interfaces` | one an address; `kind` by `InterfaceType`; parent below |
| `Reservations` | `ec2 describe-instances` | one, and one an address of each interface; `role` the instance profile |
| `Subnets` `Vpcs` | `ec2 describe-subnets` `describe-vpcs` | one an address range, in `cidr` |
| `IpamResourceCidrs` | `ec2 get-ipam-resource-cidrs` | one a subnet or network, in `cidr` |
| `NatGateways` | `ec2 describe-nat-gateways` | one, and one an address under its interface |
| `VpcEndpoints` | `ec2 describe-vpc-endpoints` | one |
| `AutoScalingGroups` | `autoscaling describe-auto-scaling-groups` | one |
| `Functions` `Configuration` | `lambda list-functions` `get-function` | one a subnet; `placement` security groups |
| `tasks` `services` `taskDefinition` | `ecs describe-…` | interfaces of tasks; service; family with its role |
| `cluster` `nodegroup` | `eks describe-…` | one |
| `DBInstances` | `rds describe-db-instances` | one |
| `LoadBalancers` `TagDescriptions` | `elbv2 describe-load-balancers` `describe-tags` | one; its tags |
| `ResourceTagMappingList` | `resourcegroupstaggingapi get-resources` | one; `kind` from the ARN |
| `Accounts` `OrganizationalUnits` | `organizations list-…` | one; parent the unit of `Paths` |
| `Refused` | a call that `aws:inventory` may not make | none: counted as rejected, by name |

The parent of an interface, strongest statement first: the instance of `Attachment.InstanceId` or of the VPC CNI's tag,
the ECS service of its tags, then its description: Lambda function, load balancer, NAT gateway, VPC endpoint, EKS
cluster; else unknown. An ECS interface only describes its attachment: `describe-tasks` names the service behind it.
Variables of functions and containers, images and user data are never read.

Doubts: descriptions of managed interfaces (`AWS Lambda VPC ENI-<function>-<uuid>`, `arn:aws:ecs:…:attachment/<uuid>`,
`Interface for NAT Gateway nat-…`, `ELB app/…`, `VPC Endpoint Interface vpce-…`, `Amazon EKS <cluster>`) are seen in
saved output and not promised by AWS. Functions of one subnet and set of security groups share an interface, so the one
it names need not be the one that called. The form of `Paths` is taken from `aws:PrincipalOrgPaths`, unverified. A
resource that was never tagged is not in `get-resources`; `list-tags-for-resource` does not say whose tags they are, so
it is taken only inside an account. Addresses are reused: keep one file a snapshot, since its time is when it held.
Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html,
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attachment.html,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, and the models of the AWS SDK.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from shadowscan.collect.formats import _aws_accounts as accounts
from shadowscan.collect.formats import _aws_compute as compute
from shadowscan.collect.formats import _aws_network as network
from shadowscan.collect.formats._asset import Reading, Row, insert_assets, pairs, refuse
from shadowscan.collect.formats._aws_ids import Page
from shadowscan.collect.formats._json_documents import Document, read_documents
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

Read = Callable[[Any, Page], Iterable[Row]]

# The list of a page, the field that makes its records AWS's own, and what reads one of them.
_SHAPES: tuple[tuple[str, str, Read], ...] = (
    ("NetworkInterfaces", "", network.read_interface),
    ("Reservations", "", compute.read_reservation),
    ("ResourceTagMappingList", "", accounts.read_tagged),
    ("Accounts", "(?:Arn|JoinedMethod|JoinedTimestamp)", accounts.read_account),
    ("OrganizationalUnits", "", accounts.read_unit),
    ("OrganizationalUnit", "Arn", accounts.read_unit),
    ("Subnets", "SubnetId", network.read_subnet),
    ("Vpcs", "VpcId", network.read_vpc),
    ("IpamResourceCidrs", "ResourceCidr", network.read_ipam_cidr),
    ("NatGateways", "NatGatewayId", network.read_nat_gateway),
    ("VpcEndpoints", "VpcEndpointId", network.read_endpoint),
    ("LoadBalancers", "LoadBalancerArn", network.read_load_balancer),
    ("TagDescriptions", "ResourceArn", accounts.read_tagged),
    ("AutoScalingGroups", "AutoScalingGroupARN", compute.read_scaling_group),
    ("Functions", "FunctionArn", compute.read_function),
    ("Configuration", "FunctionArn", compute.read_function),
    ("tasks", "taskArn", compute.read_task),
    ("services", "serviceArn", compute.read_service),
    ("taskDefinition", "taskDefinitionArn", compute.read_task_definition),
    ("cluster", "resourcesVpcConfig", compute.read_cluster),
    ("nodegroup", "nodegroupArn", compute.read_node_group),
    ("DBInstances", "DBInstanceArn", compute.read_database),
    ("Refused", "Reason", accounts.read_refused),
)
_READERS = {name: read for name, _, read in _SHAPES}
_BESIDE = {"taskDefinition": "tags", "Configuration": "Tags"}  # tags that stand beside the record, not in it
_OPENING = re.compile(rb'"(' + b"|".join(name.encode() for name in _READERS) + rb')"\s*:\s*([\[{])\s*(\]?)')


class AwsInventory:
    """Saved or live inventory of AWS."""

    id = "aws_inventory"
    title = "AWS inventory (saved describe-, list- and get-resources output, aws:inventory)"
    tables = ("asset",)

    def sniff(self, head: Head) -> float:
        start = head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start not in (b"{", b"["):
            return 0.0
        return 0.95 if any(_is_ours(head.data, *found.groups()) for found in _OPENING.finditer(head.data)) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: insert_assets(engine, item, _readings(item)) for item in items}


FORMAT = AwsInventory()


def _is_ours(data: bytes, name: bytes, opening: bytes, closing: bytes) -> bool:
    """Whether the head shows a field that only AWS writes into this list, or the list is empty."""
    field = next(field for known, field, _ in _SHAPES if known.encode() == name)
    if not field or (opening == b"[" and closing == b"]"):
        return opening == b"["
    return re.search(rb'"' + field.encode() + rb'"\s*:', data) is not None


def _readings(item: LocalObject) -> Iterator[Reading]:
    """Every record with the function that reads it, over all pages, numbered."""
    number = 0
    for document in read_documents(item):
        for read in _page_readings(document, item):
            number += 1
            yield number, read


def _page_readings(document: Document, item: LocalObject) -> Iterator[Callable[[], Iterable[Row]]]:
    page = document.value
    if isinstance(page, Exception):
        yield partial(refuse, page)
    if not isinstance(page, dict):
        return
    place = Page(
        str(page.get("Account") or item.options.get("account_id") or "unknown"),
        str(page.get("Region") or item.options.get("region") or "unknown"),
    )
    for name, read in _READERS.items():
        records = page.get(name) or ()
        for record in [records] if isinstance(records, dict) else records:
            yield partial(_read, read, _with_tags(name, record, page), place)


def _read(read: Read, record: Any, place: Page) -> Iterable[Row]:
    if not isinstance(record, dict):
        raise TypeError(f"{type(record).__name__} is no record")
    return read(record, place)


def _with_tags(name: str, record: Any, page: dict[str, Any]) -> Any:
    """The record with the tags that `get-function` and `describe-task-definition` write beside it."""
    tags = page.get(_BESIDE.get(name, ""))
    if not tags or not isinstance(record, dict):
        return record
    return {**record, "Tags": tags if isinstance(tags, dict) else pairs(tags, "key", "value")}
