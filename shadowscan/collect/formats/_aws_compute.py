"""What AWS says of what runs: instances, groups, functions, ECS, EKS and RDS. Environments and images are not read."""

import re
from collections.abc import Iterator
from typing import Any

from shadowscan.collect.formats._asset import Row, asset_row, moment, pairs
from shadowscan.collect.formats._aws_ids import Page, make_arn, region_of, split_arn
from shadowscan.collect.formats._aws_network import interface_rows


def read_reservation(record: Row, page: Page) -> Iterator[Row]:
    """Every instance of `describe-instances`, and its interfaces."""
    for instance in record.get("Instances") or ():
        yield from _instance(instance, Page(str(record.get("OwnerId") or page.account_id), page.region))


def _instance(instance: Row, page: Page) -> Iterator[Row]:
    zone, tags = (instance.get("Placement") or {}).get("AvailabilityZone"), pairs(instance.get("Tags"))
    region = region_of(zone) if zone else page.region
    arn = make_arn("ec2", region, page.account_id, f"instance/{instance['InstanceId']}")
    yield asset_row(
        arn,
        "instance",
        name=tags.get("Name"),
        account_id=page.account_id,
        region=region,
        vpc_id=instance.get("VpcId"),
        subnet_id=instance.get("SubnetId"),
        role=(instance.get("IamInstanceProfile") or {}).get("Arn"),
        tags=tags,
    )
    for interface in instance.get("NetworkInterfaces") or ():
        yield from interface_rows(interface, page, zone, {}, instance=arn)


def read_scaling_group(record: Row, page: Page) -> Iterator[Row]:
    """One row of `describe-auto-scaling-groups`."""
    region, account, _ = split_arn(record["AutoScalingGroupARN"])
    yield asset_row(
        record["AutoScalingGroupARN"],
        "resource",
        name=record.get("AutoScalingGroupName"),
        account_id=account,
        region=region,
        tags=pairs(record.get("Tags")),
    )


def read_function(record: Row, page: Page) -> Iterator[Row]:
    """The function of `list-functions`, once a subnet it has interfaces in; tags where something added them."""
    arn = re.sub(r":(?:\$LATEST|\d+)$", "", str(record["FunctionArn"]))
    region, account, _ = split_arn(arn)
    network = record.get("VpcConfig") or {}
    for subnet in network.get("SubnetIds") or [""]:
        yield asset_row(
            arn,
            "function",
            name=record.get("FunctionName"),
            account_id=account,
            region=region,
            vpc_id=network.get("VpcId"),
            subnet_id=subnet,
            role=record.get("Role"),
            placement=",".join(sorted(map(str, network.get("SecurityGroupIds") or ()))),
            tags=record.get("Tags") or {},
        )


def read_task(record: Row, page: Page) -> Iterator[Row]:
    """The interfaces of a task of `describe-tasks`, held by its service, else by its task definition without revision.

    A task that stopped held its address from the time it started; what runs holds it now.
    """
    region, account, _ = split_arn(record["taskArn"])
    tags = pairs(record.get("tags"), "key", "value")
    held_at = moment(record.get("startedAt") or record.get("createdAt")) if record.get("stoppedAt") else None
    for attachment in record.get("attachments") or ():
        details = {entry.get("name"): entry.get("value") for entry in attachment.get("details") or ()}
        if attachment.get("type") == "ElasticNetworkInterface" and details.get("networkInterfaceId"):
            yield asset_row(
                details["networkInterfaceId"],
                "eni",
                account_id=account,
                region=region,
                subnet_id=details.get("subnetId"),
                address=details.get("privateIPv4Address"),
                parent_id=_controller(record),
                role=(record.get("overrides") or {}).get("taskRoleArn"),
                tags=tags,
                observed_at=held_at,
            )


def _controller(task: Row) -> str:
    region, account, resource = split_arn(task["taskArn"])
    kind, _, name = str(task.get("group") or "").partition(":")
    if kind == "service" and name:
        cluster = str(task.get("clusterArn") or resource.split("/")[1]).rpartition("/")[2]
        return make_arn("ecs", region, account, f"service/{cluster}/{name}")
    return re.sub(r":\d+$", "", str(task.get("taskDefinitionArn") or "unknown"))


def read_service(record: Row, page: Page) -> Iterator[Row]:
    """One row of ECS `describe-services`; its parent is its task definition, which has the role."""
    region, account, _ = split_arn(record["serviceArn"])
    yield asset_row(
        record["serviceArn"],
        "service",
        name=record.get("serviceName"),
        account_id=account,
        region=region,
        parent_id=re.sub(r":\d+$", "", str(record.get("taskDefinition") or "")),
        tags=pairs(record.get("tags"), "key", "value"),
    )


def read_task_definition(record: Row, page: Page) -> Iterator[Row]:
    """The family of `describe-task-definition`, with its role; tags stand beside it on the page."""
    arn = re.sub(r":\d+$", "", str(record["taskDefinitionArn"]))
    region, account, _ = split_arn(arn)
    yield asset_row(
        arn,
        "resource",
        name=record.get("family"),
        account_id=account,
        region=region,
        role=record.get("taskRoleArn"),
        tags=record.get("Tags") or {},
    )


def read_cluster(record: Row, page: Page) -> Iterator[Row]:
    """One row of EKS `describe-cluster`."""
    region, account, _ = split_arn(record["arn"])
    network: dict[str, Any] = record.get("resourcesVpcConfig") or {}
    yield asset_row(
        record["arn"],
        "cluster",
        name=record.get("name"),
        account_id=account,
        region=region,
        vpc_id=network.get("vpcId"),
        tags=record.get("tags") or {},
    )


def read_node_group(record: Row, page: Page) -> Iterator[Row]:
    """One row of EKS `describe-nodegroup`, under its cluster."""
    region, account, _ = split_arn(record["nodegroupArn"])
    yield asset_row(
        record["nodegroupArn"],
        "resource",
        name=record.get("nodegroupName"),
        account_id=account,
        region=region,
        parent_id=make_arn("eks", region, account, f"cluster/{record['clusterName']}"),
        role=record.get("nodeRole"),
        tags=record.get("tags") or {},
    )


def read_database(record: Row, page: Page) -> Iterator[Row]:
    """One row of `describe-db-instances`."""
    region, account, _ = split_arn(record["DBInstanceArn"])
    yield asset_row(
        record["DBInstanceArn"],
        "database",
        name=record.get("DBInstanceIdentifier"),
        account_id=account,
        region=region,
        vpc_id=(record.get("DBSubnetGroup") or {}).get("VpcId"),
        tags=pairs(record.get("TagList")),
    )
