"""Saved AWS inventory: shapes, pages, parents, bad records."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.aws_inventory import FORMAT
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.errors import BadInputError
from shadowscan.store.connection import MEMORY, Store

ENI: dict[str, Any] = {
    "NetworkInterfaceId": "eni-0a",
    "OwnerId": "470100000011",
    "VpcId": "vpc-0a",
    "SubnetId": "subnet-0b",
    "AvailabilityZone": "us-east-1a",
    "InterfaceType": "interface",
    "Description": "",
    "PrivateIpAddress": "10.1.2.3",
    "PrivateIpAddresses": [{"PrivateIpAddress": "10.1.2.3"}, {"PrivateIpAddress": "10.1.2.4"}],
    "Ipv6Addresses": [{"Ipv6Address": "2600:1F18::7"}],
    "TagSet": [{"Key": "team", "Value": "search"}],
}


def assets(folder: Path, text: str) -> tuple[list[dict[str, Any]], int]:
    path = folder / "inventory.json"
    path.write_text(text)
    with Store.open(MEMORY) as store:
        item = LocalObject(1, "inventory.json", str(path), Head("inventory.json", text.encode()))
        result = FORMAT.normalise(store.engine, [item])[1]
        return store.query("select * from asset order by line, asset_id, address").dicts(), result.rejected


def interfaces(**changes: Any) -> str:
    return json.dumps({"NetworkInterfaces": [{**ENI, **changes}]})


def test_interface_gives_one_row_an_address(tmp_path: Path) -> None:
    rows, _ = assets(tmp_path, interfaces())

    assert [row["address"] for row in rows] == ["10.1.2.3", "10.1.2.4", "2600:1f18::7"]
    assert {(row["asset_id"], row["kind"], row["vpc_id"], row["region"], row["parent_id"]) for row in rows} == {
        ("eni-0a", "eni", "vpc-0a", "us-east-1", "unknown")
    }
    assert json.loads(rows[0]["tags"]) == {"team": "search"}


@pytest.mark.parametrize(
    ("changes", "kind", "parent"),
    [
        (
            {"Attachment": {"InstanceId": "i-0d"}},
            "eni",
            "arn:aws:ec2:us-east-1:470100000011:instance/i-0d",
        ),
        (
            {
                "InterfaceType": "lambda",
                "Description": "AWS Lambda VPC ENI-rank-prod-0f0f0f0f-aaaa-bbbb-cccc-0123456789ab",
            },
            "eni",
            "arn:aws:lambda:us-east-1:470100000011:function:rank-prod",
        ),
        ({"Description": "AWS Lambda VPC ENI-rank-prod"}, "eni", "unknown"),
        (
            {
                "TagSet": [
                    {"Key": "aws:ecs:serviceName", "Value": "web"},
                    {"Key": "aws:ecs:clusterName", "Value": "prod"},
                ]
            },
            "eni",
            "arn:aws:ecs:us-east-1:470100000011:service/prod/web",
        ),
        (
            {"InterfaceType": "natGateway", "Description": "Interface for NAT Gateway nat-0123abcd"},
            "nat_gateway",
            "arn:aws:ec2:us-east-1:470100000011:natgateway/nat-0123abcd",
        ),
        (
            {"Description": "ELB app/front/50dc6c495c0c9188", "InterfaceType": "load_balancer"},
            "load_balancer",
            "arn:aws:elasticloadbalancing:us-east-1:470100000011:loadbalancer/app/front/50dc6c495c0c9188",
        ),
        ({"InterfaceType": "vpc_endpoint"}, "vpc_endpoint", "unknown"),
    ],
)
def test_interface_is_attached_to_what_its_description_says(
    tmp_path: Path, changes: dict[str, Any], kind: str, parent: str
) -> None:
    rows, _ = assets(tmp_path, interfaces(**changes))

    assert (rows[0]["kind"], rows[0]["parent_id"]) == (kind, parent)


def test_pages_lines_and_lists_of_documents_are_one_inventory(tmp_path: Path) -> None:
    tagged = {"ResourceARN": "arn:aws:lambda:us-east-1:1:function:f", "Tags": [{"Key": "team", "Value": "a"}]}
    account = {"Id": "470100000011", "Arn": "arn:aws:organizations::1:account/o-1/470100000011", "Name": "search"}
    text = (
        interfaces() + "\n" + json.dumps({"ResourceTagMappingList": [tagged]}) + json.dumps([{"Accounts": [account]}])
    )

    rows, _ = assets(tmp_path, text)

    assert {row["kind"] for row in rows} == {"eni", "function", "account"}


def test_a_record_without_its_id_is_refused_alone(tmp_path: Path) -> None:
    rows, rejected = assets(tmp_path, json.dumps({"NetworkInterfaces": [{"VpcId": "vpc-0a"}, ENI, 7]}))

    assert (len(rows), rejected) == (3, 2)


@pytest.mark.parametrize("text", ['{"NetworkInterfaces": [{]}', '{"NetworkInterfaces": ' + "[" * 100_000])
def test_broken_json_is_a_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInputError, match="JSON"):
        assets(tmp_path, text)


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"{", b"[1]", b'{"Accounts": []}', b'{"Accounts": [{"x": 1}]}'])
def test_sniff_is_total_and_takes_no_other_json(data: bytes) -> None:
    assert FORMAT.sniff(Head("inventory.json", data)) in (0.0, 0.95)
    assert FORMAT.sniff(Head("x", b'{"Records": []}')) == 0.0
