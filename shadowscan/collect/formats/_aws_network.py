"""What AWS says of its networks: interfaces, subnets, networks, gateways, endpoints, load balancers, address plans."""

import re
from collections.abc import Iterator
from typing import Any

from shadowscan.collect.formats._asset import Row, asset_row, pairs
from shadowscan.collect.formats._aws_ids import Page, make_arn, region_of, split_arn

_DESCRIPTIONS = (
    (re.compile(r"^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$"), "lambda", "function:"),
    (re.compile(r"^ELB ((?:app|net|gwy)/\S+)$"), "elasticloadbalancing", "loadbalancer/"),
    (re.compile(r"^Interface for NAT Gateway:? (nat-[0-9a-f]+)$"), "ec2", "natgateway/"),
    (re.compile(r"^VPC Endpoint Interface:? (vpce-[0-9a-f]+)$"), "ec2", "vpc-endpoint/"),
    (re.compile(r"^Amazon EKS ([\w-]+)$"), "eks", "cluster/"),
)
_KINDS = {
    "natgateway": "nat_gateway",
    "loadbalancer": "load_balancer",
    "networkloadbalancer": "load_balancer",
    "gatewayloadbalancer": "load_balancer",
    "vpcendpoint": "vpc_endpoint",
    "gatewayloadbalancerendpoint": "vpc_endpoint",
}


def read_interface(record: Row, page: Page) -> Iterator[Row]:
    """One row an address of `describe-network-interfaces`."""
    return interface_rows(record, page, record.get("AvailabilityZone"), tags=pairs(record.get("TagSet")))


def interface_rows(
    record: Row, page: Page, zone: str | None, tags: dict[str, str], instance: str = ""
) -> Iterator[Row]:
    """One row an address; an interface without one keeps a single row."""
    kind = re.sub("[^a-z]", "", str(record.get("InterfaceType") or "interface").lower())
    known = region_of(zone)
    place = Page(str(record.get("OwnerId") or page.account_id), page.region if known == "unknown" else known)
    for address in _addresses(record) or [""]:
        yield asset_row(
            record["NetworkInterfaceId"],
            _KINDS.get(kind, "eni"),
            name=tags.get("Name") or record.get("Description"),
            account_id=place.account_id,
            region=place.region,
            vpc_id=record.get("VpcId"),
            subnet_id=record.get("SubnetId"),
            address=address,
            parent_id=instance or _parent(record, place, tags),
            placement=",".join(sorted(str(group["GroupId"]) for group in record.get("Groups") or ())),
            tags=tags,
        )


def _addresses(record: Row) -> list[str]:
    listed = [entry.get("PrivateIpAddress") for entry in record.get("PrivateIpAddresses") or ()]
    listed += [record.get("PrivateIpAddress")]
    listed += [entry.get("Ipv6Address") for entry in record.get("Ipv6Addresses") or ()]
    return list(dict.fromkeys(str(address).lower() for address in listed if address))


def _parent(record: Row, place: Page, tags: dict[str, str]) -> str:
    """The stronger id behind an interface, strongest statement first; unknown where nothing says."""
    region, account = place.region, place.account_id
    instance = str((record.get("Attachment") or {}).get("InstanceId") or "")
    if instance.startswith("i-"):
        return make_arn("ec2", region, account, f"instance/{instance}")
    if node := tags.get("node.k8s.amazonaws.com/instance_id", ""):
        return make_arn("ec2", region, account, f"instance/{node}")
    if tags.get("aws:ecs:serviceName") and tags.get("aws:ecs:clusterName"):
        return make_arn("ecs", region, account, f"service/{tags['aws:ecs:clusterName']}/{tags['aws:ecs:serviceName']}")
    return _described(str(record.get("Description") or ""), region, account)


def _described(description: str, region: str, account: str) -> str:
    """What the description of a managed interface names: observed shapes, none of them promised by AWS."""
    for pattern, service, resource in _DESCRIPTIONS:
        if found := pattern.match(description):
            return make_arn(service, region, account, resource + found[1])
    return "unknown"


def read_subnet(record: Row, page: Page) -> Iterator[Row]:
    """One row an address range of `describe-subnets`; the id is the ARN where account and region are known."""
    region = region_of(record.get("AvailabilityZone"))
    place = Page(str(record.get("OwnerId") or page.account_id), page.region if region == "unknown" else region)
    subnet, tags = str(record["SubnetId"]), pairs(record.get("Tags"))
    six = [entry.get("Ipv6CidrBlock") for entry in record.get("Ipv6CidrBlockAssociationSet") or ()]
    for cidr in [each for each in (record.get("CidrBlock"), *six) if each]:
        yield asset_row(
            make_arn("ec2", place.region, place.account_id, f"subnet/{subnet}"),
            "subnet",
            name=tags.get("Name"),
            account_id=place.account_id,
            region=place.region,
            vpc_id=record["VpcId"],
            subnet_id=subnet,
            cidr=cidr,
            tags=tags,
        )


def read_vpc(record: Row, page: Page) -> Iterator[Row]:
    """One row an address range of `describe-vpcs`."""
    account, vpc, tags = str(record.get("OwnerId") or page.account_id), str(record["VpcId"]), pairs(record.get("Tags"))
    ranges = [entry.get("CidrBlock") for entry in record.get("CidrBlockAssociationSet") or ()]
    ranges += [entry.get("Ipv6CidrBlock") for entry in record.get("Ipv6CidrBlockAssociationSet") or ()]
    for cidr in dict.fromkeys(each for each in (record.get("CidrBlock"), *ranges) if each):
        yield asset_row(
            make_arn("ec2", page.region, account, f"vpc/{vpc}"),
            "vpc",
            name=tags.get("Name"),
            account_id=account,
            region=page.region,
            vpc_id=vpc,
            cidr=cidr,
            tags=tags,
        )


def read_nat_gateway(record: Row, page: Page) -> Iterator[Row]:
    """The gateway of `describe-nat-gateways`, and one row an address of a living one, under its interface."""
    tags = pairs(record.get("Tags"))
    places: dict[str, Any] = {
        "name": tags.get("Name"),
        "account_id": page.account_id,
        "region": page.region,
        "vpc_id": record.get("VpcId"),
        "subnet_id": record.get("SubnetId"),
    }
    gateway = make_arn("ec2", page.region, page.account_id, f"natgateway/{record['NatGatewayId']}")
    yield asset_row(gateway, "nat_gateway", tags=tags, **places)
    for entry in record.get("NatGatewayAddresses") or ():
        interface, address = entry.get("NetworkInterfaceId"), entry.get("PrivateIp")
        if interface and address and record.get("State") not in ("deleted", "failed"):
            yield asset_row(interface, "nat_gateway", address=address, parent_id=gateway, **places)


def read_endpoint(record: Row, page: Page) -> Iterator[Row]:
    """One row of `describe-vpc-endpoints`; its interfaces are in `describe-network-interfaces`."""
    account, tags = str(record.get("OwnerId") or page.account_id), pairs(record.get("Tags"))
    service = str(record.get("ServiceName") or "")
    found = re.match(r"^com\.amazonaws\.([a-z0-9-]+)\.", service)
    region = found[1] if found else page.region
    yield asset_row(
        make_arn("ec2", region, account, f"vpc-endpoint/{record['VpcEndpointId']}"),
        "vpc_endpoint",
        name=tags.get("Name") or service,
        account_id=account,
        region=region,
        vpc_id=record.get("VpcId"),
        tags=tags,
    )


def read_load_balancer(record: Row, page: Page) -> Iterator[Row]:
    """The load balancer of `elbv2 describe-load-balancers`, once for each fixed address it states."""
    region, account, _ = split_arn(record["LoadBalancerArn"])
    zones = record.get("AvailabilityZones") or ()
    addresses = [entry.get("PrivateIPv4Address") for zone in zones for entry in zone.get("LoadBalancerAddresses") or ()]
    for address in [each for each in addresses if each] or [""]:
        yield asset_row(
            record["LoadBalancerArn"],
            "load_balancer",
            name=record.get("LoadBalancerName"),
            account_id=account,
            region=region,
            vpc_id=record.get("VpcId"),
            address=address,
        )


def read_ipam_cidr(record: Row, page: Page) -> Iterator[Row]:
    """One row a range of `get-ipam-resource-cidrs`; ranges of single addresses are no networks."""
    kind = {"vpc": "vpc", "subnet": "subnet"}.get(str(record.get("ResourceType")), "")
    if not kind:
        return
    tags: dict[str, Any] = pairs(record.get("ResourceTags"))
    region, account = str(record.get("ResourceRegion") or ""), str(record.get("ResourceOwnerId") or "")
    yield asset_row(
        make_arn("ec2", region or page.region, account or page.account_id, f"{kind}/{record['ResourceId']}"),
        kind,
        name=record.get("ResourceName") or tags.get("Name"),
        account_id=account or page.account_id,
        region=region or page.region,
        vpc_id=record.get("VpcId") or (record["ResourceId"] if kind == "vpc" else ""),
        subnet_id=record["ResourceId"] if kind == "subnet" else "",
        cidr=record["ResourceCidr"],
        tags=tags,
    )
