"""The calls of a live AWS inventory, page by page, without what may hold a secret."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Page = dict[str, Any]
MakeClient = Callable[[str], Any]
Call = tuple[str, str, Callable[[MakeClient], Iterator[Page]]]  # service, IAM action, the pages

# What is never written down, not even to a file of ours: variables, and container definitions with theirs.
_SECRET_FIELDS = frozenset({"Environment", "environment", "containerDefinitions", "UserData"})
_LISTS = (
    ("ec2", "DescribeNetworkInterfaces", "describe_network_interfaces", "NetworkInterfaces"),
    ("ec2", "DescribeInstances", "describe_instances", "Reservations"),
    ("ec2", "DescribeSubnets", "describe_subnets", "Subnets"),
    ("ec2", "DescribeVpcs", "describe_vpcs", "Vpcs"),
    ("ec2", "DescribeNatGateways", "describe_nat_gateways", "NatGateways"),
    ("ec2", "DescribeVpcEndpoints", "describe_vpc_endpoints", "VpcEndpoints"),
    ("autoscaling", "DescribeAutoScalingGroups", "describe_auto_scaling_groups", "AutoScalingGroups"),
    ("lambda", "ListFunctions", "list_functions", "Functions"),
    ("elbv2", "DescribeLoadBalancers", "describe_load_balancers", "LoadBalancers"),
    ("rds", "DescribeDBInstances", "describe_db_instances", "DBInstances"),
    ("resourcegroupstaggingapi", "GetResources", "get_resources", "ResourceTagMappingList"),
)


def regional_calls() -> Iterator[Call]:
    """Every call of one region; tags of what has none in its own list come from `get-resources`."""
    for service, action, operation, name in _LISTS:
        yield service, action, _pages_of(service, operation, name)
    yield "ecs", "ListTasks, DescribeTasks", _tasks
    yield "ecs", "ListServices, DescribeServices", _services
    yield "eks", "ListClusters, DescribeCluster", _clusters


def global_calls() -> Iterator[Call]:
    """The organisation's accounts and units, which its management or a delegated account may list."""
    yield "organizations", "ListAccountsForParent, ListTagsForResource", _organization


def without_secrets(value: Any) -> Any:
    """The same without fields that may hold one."""
    if isinstance(value, dict):
        return {key: without_secrets(part) for key, part in value.items() if key not in _SECRET_FIELDS}
    return [without_secrets(part) for part in value] if isinstance(value, list) else value


def _pages_of(service: str, operation: str, name: str) -> Callable[[MakeClient], Iterator[Page]]:
    def pages(client: MakeClient) -> Iterator[Page]:
        for page in client(service).get_paginator(operation).paginate():
            yield {name: page.get(name, [])}

    return pages


def _tasks(client: MakeClient) -> Iterator[Page]:
    """Tasks that run and those that stopped within the hour, and the definitions that give their roles."""
    ecs, definitions = client("ecs"), set[str]()
    for cluster in _all(ecs, "list_clusters", "clusterArns"):
        for status in ("RUNNING", "STOPPED"):
            arns = _all(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus=status)
            for part in _parts(arns, 100):
                tasks = ecs.describe_tasks(cluster=cluster, tasks=part, include=["TAGS"])["tasks"]
                definitions |= {task["taskDefinitionArn"] for task in tasks}
                yield {"tasks": tasks}
    for arn in sorted(definitions):
        found = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        yield {"taskDefinition": found["taskDefinition"], "tags": found.get("tags", [])}


def _services(client: MakeClient) -> Iterator[Page]:
    ecs = client("ecs")
    for cluster in _all(ecs, "list_clusters", "clusterArns"):
        for part in _parts(_all(ecs, "list_services", "serviceArns", cluster=cluster), 10):
            yield {"services": ecs.describe_services(cluster=cluster, services=part, include=["TAGS"])["services"]}


def _clusters(client: MakeClient) -> Iterator[Page]:
    eks = client("eks")
    for cluster in _all(eks, "list_clusters", "clusters"):
        yield {"cluster": eks.describe_cluster(name=cluster)["cluster"]}
        for group in _all(eks, "list_nodegroups", "nodegroups", clusterName=cluster):
            yield {"nodegroup": eks.describe_nodegroup(clusterName=cluster, nodegroupName=group)["nodegroup"]}


def _organization(client: MakeClient) -> Iterator[Page]:
    """Every unit under the roots, and the accounts of each with its path and tags."""
    organizations = client("organizations")
    waiting = [(root["Id"], root["Id"]) for root in _all(organizations, "list_roots", "Roots")]
    while waiting:
        parent, path = waiting.pop()
        accounts = _all(organizations, "list_accounts_for_parent", "Accounts", ParentId=parent)
        yield {"Accounts": [_described(organizations, account, path) for account in accounts]}
        units = _all(organizations, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent)
        yield {"OrganizationalUnits": [{**unit, "Path": f"{path}/{unit['Id']}"} for unit in units]}
        waiting += [(unit["Id"], f"{path}/{unit['Id']}") for unit in units]


def _described(organizations: Any, account: Page, path: str) -> Page:
    tags = _all(organizations, "list_tags_for_resource", "Tags", ResourceId=account["Id"])
    return {**account, "Paths": [f"{path}/{account['Id']}/"], "Tags": tags}


def _all(client: Any, operation: str, name: str, **arguments: Any) -> list[Any]:
    pages = client.get_paginator(operation).paginate(**arguments)
    return [entry for page in pages for entry in page.get(name, [])]


def _parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    yield from (values[start : start + size] for start in range(0, len(values), size))
