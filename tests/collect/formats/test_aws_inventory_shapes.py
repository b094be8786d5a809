"""Every other list of AWS's inventory, out of one real-shaped sample; hostile tags, bad pages, look-alikes."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.aws_inventory import FORMAT
from shadowscan.collect.formats.interface import Head
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

PLACE = "arn:aws:ec2:eu-west-1:470100000011:"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:470100000011:loadbalancer/net/inner/1a2b3c4d5e6f7890"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found, result = read_assets(FORMAT, SAMPLES / "aws_inventory.json")
    assert result.rejected == 0
    return found


def of(rows: list[dict[str, Any]], asset_id: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["asset_id"] == asset_id]


@pytest.mark.parametrize(
    ("asset_id", "kind", "team"),
    [
        (f"{PLACE}subnet/subnet-0b1c2d3e", "subnet", {"team": "search"}),
        ("vpc-0a1b2c3d", "vpc", {"Name": "prod"}),
        (f"{PLACE}natgateway/nat-05dba92075d71c408", "nat_gateway", {"team": "platform"}),
        (f"{PLACE}vpc-endpoint/vpce-0f7e3a4b10d87e195", "vpc_endpoint", {}),
        ("arn:aws:lambda:eu-west-1:470100000011:function:ranker", "function", {}),
        ("arn:aws:lambda:eu-west-1:470100000011:function:indexer", "function", {"team": "search"}),
        ("arn:aws:ecs:eu-west-1:470100000011:service/prod/web", "service", {"team": "growth"}),
        ("arn:aws:ecs:eu-west-1:470100000011:task-definition/web", "resource", {"squad": "growth"}),
        ("arn:aws:eks:eu-west-1:470100000011:cluster/apps", "cluster", {"team": "platform"}),
        ("arn:aws:eks:eu-west-1:470100000011:nodegroup/apps/gpu/0ab1", "resource", {}),
        ("arn:aws:rds:eu-west-1:470100000011:db:orders", "database", {"team": "orders"}),
        ("arn:aws:sqs:eu-west-1:470100000011:jobs", "resource", {"team": "search"}),
        ("470100000011", "account", {"team": "search"}),
        ("ou-ab12-22222222", "folder", {}),
        ("arn:aws:ec2:eu-west-1:470100000022:subnet/subnet-0f0f0f0f", "subnet", {"team": "growth"}),
    ],
)
def test_each_list_gives_its_resource_with_its_tags(
    rows: list[dict[str, Any]], asset_id: str, kind: str, team: dict[str, str]
) -> None:
    found = of(rows, asset_id)[0]

    assert (found["kind"], json.loads(found["tags"])) == (kind, team)


def test_subnets_and_networks_keep_every_address_range_in_their_network(rows: list[dict[str, Any]]) -> None:
    ranges = {(row["cidr"], row["vpc_id"], row["account_id"]) for row in rows if row["cidr"]}

    assert ranges == {
        ("10.1.2.0/24", "vpc-0a1b2c3d", "470100000011"),
        ("2600:1f18:1:2::/64", "vpc-0a1b2c3d", "470100000011"),
        ("10.1.0.0/16", "vpc-0a1b2c3d", "470100000011"),
        ("10.2.4.0/22", "vpc-0f0f0f0f", "470100000022"),
    }


def test_a_task_puts_its_service_behind_the_interface_that_only_names_an_attachment(rows: list[dict[str, Any]]) -> None:
    interfaces = of(rows, "eni-0ec5000000000001")

    assert [row["parent_id"] for row in interfaces] == [
        "unknown",
        "arn:aws:ecs:eu-west-1:470100000011:service/prod/web",
    ]
    assert {row["address"] for row in interfaces} == {"10.1.3.9"}


def test_roles_and_what_is_shared_are_kept_and_variables_are_not(rows: list[dict[str, Any]]) -> None:
    [ranker] = of(rows, "arn:aws:lambda:eu-west-1:470100000011:function:ranker")
    [interface] = of(rows, "eni-0a1b2c3d4e5f60718")

    assert ranker["role"] == "arn:aws:iam::470100000011:role/search-ranker"
    assert (ranker["subnet_id"], ranker["placement"]) == (interface["subnet_id"], interface["placement"])
    assert "not-to-be-kept" not in json.dumps(rows, default=str)


def test_a_nat_gateway_and_a_balancer_hold_their_addresses(rows: list[dict[str, Any]]) -> None:
    [gateway] = of(rows, "eni-9dec76cd")

    assert (gateway["kind"], gateway["address"], gateway["parent_id"]) == (
        "nat_gateway",
        "10.1.0.149",
        f"{PLACE}natgateway/nat-05dba92075d71c408",
    )
    assert {row["address"] for row in of(rows, BALANCER)} == {"10.1.2.250", ""}


def test_an_account_is_under_the_unit_of_its_path(rows: list[dict[str, Any]]) -> None:
    assert of(rows, "470100000011")[0]["parent_id"] == "ou-ab12-22222222"


def test_a_stopped_task_held_its_address_when_it_started(tmp_path: Path) -> None:
    task = {
        "taskArn": "arn:aws:ecs:eu-west-1:1:task/prod/0",
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:1:task-definition/job:3",
        "group": "family:job",
        "startedAt": "2026-09-30T10:00:00+02:00",
        "stoppedAt": "2026-09-30T11:00:00+02:00",
        "attachments": [
            {
                "type": "ElasticNetworkInterface",
                "details": [
                    {"name": "networkInterfaceId", "value": "eni-1"},
                    {"name": "privateIPv4Address", "value": "10.0.0.9"},
                ],
            }
        ],
    }
    [row], _ = read_text(FORMAT, tmp_path, json.dumps({"tasks": [task]}))

    assert str(row["observed_at"]) == "2026-09-30 08:00:00"
    assert row["parent_id"] == "arn:aws:ecs:eu-west-1:1:task-definition/job"


def test_control_and_direction_characters_of_a_tag_are_taken_out(tmp_path: Path) -> None:
    tags = [
        {"Key": "team\u0007", "Value": "sea\u202erch\r\n"},
        {"Key": "x", "Value": "\u0000"},
        {"Key": "n", "Value": "\ud800a"},
    ]
    [row], result = read_text(
        FORMAT, tmp_path, json.dumps({"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:::a", "Tags": tags}]})
    )

    assert (json.loads(row["tags"]), result.rejected) == ({"team": "search", "n": "a"}, 0)


def test_a_broken_page_is_refused_alone_and_the_pages_around_it_are_kept(tmp_path: Path) -> None:
    page = '{"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:::%s", "Tags": []}]}\n'
    rows, result = read_text(FORMAT, tmp_path, page % "a" + '{"ResourceTagMappingList": [{\n' + page % "b")

    assert ([row["asset_id"] for row in rows], result.rejected) == (["arn:aws:sqs:::a", "arn:aws:sqs:::b"], 1)


def test_a_page_without_its_account_takes_that_of_the_source(tmp_path: Path) -> None:
    gateway = {
        "NatGateways": [
            {
                "NatGatewayId": "nat-1",
                "State": "deleted",
                "NatGatewayAddresses": [{"PrivateIp": "10.0.0.1", "NetworkInterfaceId": "eni-1"}],
            }
        ]
    }
    rows, _ = read_text(FORMAT, tmp_path, json.dumps(gateway), account_id="470100000011", region="eu-west-1")

    assert [row["asset_id"] for row in rows] == [f"{PLACE}natgateway/nat-1"]


@pytest.mark.parametrize(
    "look_alike",
    [
        b'{"services": [{"name": "web", "id": "PXPGF42"}]}',
        b'{"tasks": []}x'.replace(b"[]", b'[{"id": 1}]'),
        b'{"cluster": {"name": "dev"}}',
        b'{"Functions": [{"name": "f"}]}',
        b'{"apiVersion": "v1", "kind": "List", "items": []}',
    ],
)
def test_lists_of_the_same_name_that_aws_did_not_write_are_not_ours(look_alike: bytes) -> None:
    assert FORMAT.sniff(Head("x.json", look_alike)) == 0.0


def test_the_sample_is_recognised() -> None:
    for line in (SAMPLES / "aws_inventory.json").read_bytes().splitlines():
        assert FORMAT.sniff(Head("x.json", line)) > 0.5
