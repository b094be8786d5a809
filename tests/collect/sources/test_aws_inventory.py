"""The live AWS inventory over real HTTP, against a local server that speaks the protocol."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.sources import aws_inventory
from shadowscan.collect.sources.aws_inventory import SOURCE, TARGET
from shadowscan.errors import BadInputError
from shadowscan.model.outcome import Collected
from shadowscan.model.window import Window
from shadowscan.store.connection import Store
from tests.collect.conftest import Collect

REGION = "eu-west-1"


@pytest.fixture
def aws(aws_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A way to make clients of the server, in the region under test."""
    import boto3

    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    aws_inventory._client.cache_clear()
    yield boto3.client
    aws_inventory._client.cache_clear()


@pytest.fixture
def refusing() -> Iterator[str]:
    """An endpoint that refuses everything as AWS does."""

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def build_account(aws: Any) -> dict[str, str]:
    """A network, an instance, a function with a variable, an ECS service, an organisation with a tagged account."""
    ec2, organizations = aws("ec2"), aws("organizations")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.2.0/24", AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[subnet], Tags=[{"Key": "team", "Value": "search"}])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, PrivateIpAddress="10.1.2.10")
    ec2.create_tags(Resources=[run["Instances"][0]["InstanceId"]], Tags=[{"Key": "team", "Value": "growth"}])
    _make_function(aws)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="Search")["OrganizationalUnit"]["Id"]
    made = organizations.create_account(Email="a@acme.example", AccountName="search-prod")["CreateAccountStatus"]
    organizations.move_account(AccountId=made["AccountId"], SourceParentId=root, DestinationParentId=unit)
    organizations.tag_resource(ResourceId=made["AccountId"], Tags=[{"Key": "team", "Value": "search"}])
    return {"vpc": vpc, "subnet": subnet, "unit": unit, "account": made["AccountId"]}


def _make_function(aws: Any) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = aws("iam").create_role(RoleName="ranker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    aws("lambda").create_function(
        FunctionName="ranker", Runtime="python3.12", Role=role, Handler="app.handler",
        Code={"ZipFile": code.getvalue()}, Environment={"Variables": {"MODEL": "not-to-be-kept"}},
    )  # fmt: skip


def test_inventory_when_taken_live_then_the_rows_of_saved_output(
    aws: Any, store: Store, collect_paths: Collect
) -> None:
    made = build_account(aws)

    reports = collect_paths(TARGET)

    outcomes = [report.outcome for report in reports]
    assert all(isinstance(outcome, Collected) and outcome.rejected == 0 for outcome in outcomes), outcomes
    held = store.query(
        "select address, vpc_id, subnet_id, region from asset where address = '10.1.2.10' and kind = 'eni'"
    ).rows
    assert set(held) == {("10.1.2.10", made["vpc"], made["subnet"], REGION)}
    ranges = store.query(
        "select cidr, tags from asset where kind = 'subnet' and subnet_id = $id", {"id": made["subnet"]}
    )
    assert ranges.rows == [("10.1.2.0/24", '{"team": "search"}')]
    assert store.query("select role from asset where kind = 'function' and role <> 'unknown'").rows == [
        ("arn:aws:iam::123456789012:role/ranker",)
    ]


def test_organisation_when_taken_live_then_accounts_lie_in_their_units(
    aws: Any, store: Store, collect_paths: Collect
) -> None:
    made = build_account(aws)

    collect_paths(TARGET)

    account = store.query("select parent_id, tags from asset where asset_id = $id", {"id": made["account"]}).rows
    assert account == [(made["unit"], '{"team": "search"}')]
    assert store.query("select name from asset where asset_id = $id", {"id": made["unit"]}).rows == [("Search",)]


def test_inventory_when_taken_again_within_the_hour_then_not_asked_again(aws: Any, collect_paths: Collect) -> None:
    collect_paths(TARGET)

    again = [report.outcome for report in collect_paths(TARGET)]

    assert all(isinstance(outcome, Collected) and outcome.unchanged for outcome in again)


def test_call_when_refused_then_named_and_the_rest_kept(
    aws: Any, refusing: str, monkeypatch: pytest.MonkeyPatch, store: Store, collect_paths: Collect
) -> None:
    build_account(aws)
    monkeypatch.setenv("AWS_ENDPOINT_URL_RDS", refusing)

    outcomes = [report.outcome for report in collect_paths(TARGET)]

    [outcome] = [each for each in outcomes if isinstance(each, Collected)]
    assert outcome.rejected == 1
    assert "rds:DescribeDBInstances refused: AccessDenied" in outcome.reason
    assert store.query("select count(*) > 0 from asset where kind = 'eni'").rows == [(True,)]


def test_regions_when_named_then_one_object_each(aws: Any) -> None:
    found = SOURCE.list_objects(TARGET, Window(), {"regions": "eu-west-1, us-east-1"})

    assert [item.name.split("/")[1:3] for item in found] == [
        ["123456789012", "eu-west-1"], ["123456789012", "us-east-1"], ["123456789012", "global"]
    ]  # fmt: skip


def test_file_when_written_then_without_variables(aws: Any, tmp_path: Path) -> None:
    build_account(aws)
    first = next(iter(SOURCE.list_objects(TARGET, Window(), {})))

    assert "not-to-be-kept" not in SOURCE.fetch(TARGET, first, tmp_path, {}).read_text()


def test_credentials_when_refused_then_a_clear_error(aws: Any, refusing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", refusing)

    with pytest.raises(BadInputError, match="AccessDenied"):
        list(SOURCE.list_objects(TARGET, Window(), {}))
