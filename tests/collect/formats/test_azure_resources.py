"""Azure resources: Resource Graph, CLI lists and CSV give the same rows; ids in any case; no settings."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.azure_resources import FORMAT
from shadowscan.collect.formats.interface import Head
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/search-prod"
MACHINE = f"{GROUP}/providers/microsoft.compute/virtualmachines/ranker"


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    found, result = read_assets(FORMAT, SAMPLES / "azure_resources.json")
    assert result.rejected == 0
    assert "not-to-be-kept" not in json.dumps(found, default=str)
    return {row["asset_id"]: row for row in found}


def test_an_interface_holds_its_address_for_its_machine_in_the_network_of_its_subnet(
    rows: dict[str, dict[str, Any]],
) -> None:
    found = rows[f"{GROUP}/providers/microsoft.network/networkinterfaces/ranker-nic"]

    assert (found["kind"], found["address"], found["vpc_id"], found["subnet_id"]) == (
        "eni", "10.30.1.4", "net-hub:prod", "apps"
    )  # fmt: skip
    assert (found["parent_id"], found["account_id"]) == (MACHINE, SUBSCRIPTION)


def test_a_machine_keeps_tags_identity_and_group(rows: dict[str, dict[str, Any]]) -> None:
    found = rows[MACHINE]

    assert json.loads(found["tags"]) == {"Team": "search"}
    assert (found["role"], found["parent_id"]) == ("aaaaaaaa-0000-1111-2222-333333333333", GROUP)


def test_networks_and_subnets_keep_their_ranges(rows: dict[str, dict[str, Any]]) -> None:
    ranges = {(row["cidr"], row["kind"], row["vpc_id"]) for row in rows.values() if row["cidr"]}

    assert ranges == {("10.30.0.0/16", "vpc", "net-hub:prod"), ("10.30.1.0/24", "subnet", "net-hub:prod")}


def test_subscriptions_and_resource_groups_are_account_and_folder(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows[SUBSCRIPTION]["kind"], rows[GROUP]["kind"]) == ("account", "folder")


def test_a_list_of_the_command_line_has_its_properties_beside_the_id(tmp_path: Path) -> None:
    subnet = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    nic = {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/G/providers/Microsoft.Network/networkInterfaces/a",
        "type": "Microsoft.Network/networkInterfaces",
        "ipConfigurations": [{"privateIPAddress": "10.0.0.4", "subnet": {"id": subnet}}],
        "tags": None,
        "virtualMachine": None,
    }
    [row], _ = read_text(FORMAT, tmp_path, json.dumps([nic]))

    assert (row["address"], row["vpc_id"], row["parent_id"]) == ("10.0.0.4", "n:v", "unknown")


def test_a_csv_of_the_same_columns_gives_the_same_rows(tmp_path: Path, rows: dict[str, dict[str, Any]]) -> None:
    resources = json.loads((SAMPLES / "azure_resources.json").read_text())["data"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ID", "NAME", "TYPE", "LOCATION", "IDENTITY", "PROPERTIES", "TAGS"])
    for each in resources:
        cells = [each.get(key) for key in ("id", "name", "type", "location", "identity", "properties", "tags")]
        writer.writerow([json.dumps(cell) if isinstance(cell, dict) else cell for cell in cells])
    found, _ = read_text(FORMAT, tmp_path, out.getvalue())

    assert FORMAT.sniff(Head("x.csv", out.getvalue().encode())) > 0.5
    assert {row["asset_id"]: row for row in found} == rows


def test_a_resource_without_an_id_is_refused_alone(tmp_path: Path) -> None:
    good = {"id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g/providers/a.b/c/d", "type": "a.b/c"}
    rows, result = read_text(FORMAT, tmp_path, json.dumps({"data": [good, {"name": "x"}, 7], "count": 3}))

    assert (len(rows), result.rejected) == (1, 2)


def test_sniff_takes_no_template() -> None:
    template = b'{"resources": [{"type": "Microsoft.Network/networkInterfaces", "name": "[variables(x)]"}]}'

    assert FORMAT.sniff(Head("x", (SAMPLES / "azure_resources.json").read_bytes())) > 0.5
    assert FORMAT.sniff(Head("x", template)) == 0.0
