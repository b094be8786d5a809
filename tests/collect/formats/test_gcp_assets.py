"""Google Cloud assets: projects by number and id, who holds which address where, labels, roles, bad lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.gcp_assets import FORMAT
from shadowscan.collect.formats.interface import Head
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

GROUP = "projects/search-prod/zones/europe-west1-b/instanceGroupManagers/ranker"


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, Any]]]:
    found, result = read_assets(FORMAT, SAMPLES / "gcp_assets.json")
    assert result.rejected == 0
    assert "not-to-be-kept" not in json.dumps(found, default=str)
    return {row["kind"]: [each for each in found if each["kind"] == row["kind"]] for row in found}


def test_a_project_is_an_account_with_its_labels_under_its_folder(rows: dict[str, list[dict[str, Any]]]) -> None:
    [project] = rows["account"]

    assert (project["asset_id"], project["name"], project["parent_id"]) == (
        "search-prod", "Search production", "folders/5432"
    )  # fmt: skip
    assert json.loads(project["tags"]) == {"team": "search"}


def test_an_instance_holds_its_address_in_the_network_of_the_host_project(
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    [instance] = rows["instance"]

    assert instance["asset_id"] == "projects/search-prod/zones/europe-west1-b/instances/ranker-x1z2"
    assert (instance["address"], instance["account_id"], instance["vpc_id"], instance["subnet_id"]) == (
        "10.20.0.7", "search-prod", "net-host:shared", "apps"
    )  # fmt: skip
    assert (instance["parent_id"], instance["region"]) == (GROUP, "europe-west1")
    assert instance["role"] == "ranker@search-prod.iam.gserviceaccount.com"


def test_subnetworks_keep_all_their_ranges(rows: dict[str, list[dict[str, Any]]]) -> None:
    assert {(row["cidr"], row["vpc_id"], row["account_id"]) for row in rows["subnet"]} == {
        ("10.20.0.0/20", "net-host:shared", "net-host"),
        ("10.64.0.0/14", "net-host:shared", "net-host"),
    }


def test_run_services_clusters_and_anything_labelled_are_kept(rows: dict[str, list[dict[str, Any]]]) -> None:
    [service], [cluster], [topic] = rows["service"], rows["cluster"], rows["resource"]

    assert json.loads(service["tags"])["team"] == "growth"
    assert service["role"] == "answers@search-prod.iam.gserviceaccount.com"
    assert json.loads(cluster["tags"]) == {"team": "platform"}
    assert (topic["account_id"], json.loads(topic["tags"])) == ("search-prod", {"team": "search"})
    assert rows["load_balancer"][0]["address"] == "10.20.0.250"


def test_a_list_in_camel_case_is_the_same(tmp_path: Path) -> None:
    asset = {
        "name": "//storage.googleapis.com/b",
        "assetType": "storage.googleapis.com/Bucket",
        "ancestors": ["projects/7"],
    }
    [row], _ = read_text(FORMAT, tmp_path, json.dumps([asset]))

    assert (row["asset_id"], row["account_id"]) == ("b", "7")


def test_a_bad_line_is_refused_alone(tmp_path: Path) -> None:
    line = '{"name": "//storage.googleapis.com/%s", "asset_type": "storage.googleapis.com/Bucket"}\n'
    rows, result = read_text(FORMAT, tmp_path, line % "a" + '{"name": "//st\n' + '{"asset_type": "x"}\n' + line % "b")

    assert ([row["asset_id"] for row in rows], result.rejected) == (["a", "b"], 2)


def test_sniff_wants_a_full_name_and_a_type() -> None:
    assert FORMAT.sniff(Head("x", (SAMPLES / "gcp_assets.json").read_bytes())) > 0.5
    assert FORMAT.sniff(Head("x", b'{"logName": "projects/p/logs/compute.googleapis.com%2Fvpc_flows"}')) == 0.0
