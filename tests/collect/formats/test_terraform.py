"""Terraform states and plans: tags, default tags, where modules are written; no secret of a state anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats._terraform_modules import read_modules
from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.terraform import FORMAT
from shadowscan.errors import BadInputError
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

FUNCTION = "arn:aws:lambda:eu-west-1:470100000011:function:ranker"
QUEUE = "arn:aws:sqs:eu-west-1:470100000011:jobs"
SAMPLE_FILES = [SAMPLES / "terraform_state.json", SAMPLES / "terraform_plan.json"]


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["asset_id"]: row for row in rows}


def test_state_gives_what_was_made_with_all_its_tags() -> None:
    rows, result = read_assets(FORMAT, SAMPLES / "terraform_state.json")

    assert {row["asset_id"]: json.loads(row["tags"]) for row in rows} == {
        FUNCTION: {"app": "ranker", "team": "search"},
        "arn:aws:ec2:eu-west-1:470100000011:subnet/subnet-0b": {"team": "network"},
        QUEUE: {},
        "projects/search-prod/zones/europe-west1-b/instances/vm": {"team": "search"},
        "/subscriptions/s1/resourcegroups/g/providers/microsoft.compute/virtualmachines/vm": {"team": "growth"},
    }
    assert result.rejected == 0


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_no_value_of_a_state_or_plan_is_kept_that_is_not_asked_for(path: Path) -> None:
    rows, result = read_assets(FORMAT, path)

    assert rows
    assert "not-to-be-kept" not in json.dumps(rows, default=str) + result.reject_sample


def test_subnet_of_a_state_keeps_its_range_and_network() -> None:
    rows, _ = read_assets(FORMAT, SAMPLES / "terraform_state.json")
    [subnet] = [row for row in rows if row["kind"] == "subnet"]

    assert (subnet["cidr"], subnet["vpc_id"], subnet["subnet_id"], subnet["account_id"]) == (
        "10.1.2.0/24", "vpc-0a", "subnet-0b", "470100000011"
    )  # fmt: skip


def test_plan_has_default_tags_under_those_of_the_resource() -> None:
    rows, _ = read_assets(FORMAT, SAMPLES / "terraform_plan.json")
    found = by_id(rows)

    assert json.loads(found[FUNCTION]["tags"]) == {"ManagedBy": "terraform", "app": "ranker", "team": "search"}
    assert json.loads(found[QUEUE]["tags"])["team"] == "growth"
    assert set(found) == {FUNCTION, QUEUE}


def test_local_module_is_a_folder_of_the_repository_and_a_library_is_its_callers() -> None:
    rows, _ = read_assets(FORMAT, SAMPLES / "terraform_plan.json", {"repo": "acme/infra"})
    found = by_id(rows)

    assert (found[FUNCTION]["repo"], found[QUEUE]["repo"]) == ("acme/infra//modules/search", "acme/infra")


def test_library_is_named_where_the_repository_is_not_known() -> None:
    rows, _ = read_assets(FORMAT, SAMPLES / "terraform_plan.json")

    assert (by_id(rows)[QUEUE]["repo"], by_id(rows)[FUNCTION]["repo"]) == ("acme/tf-modules//queue", "unknown")


@pytest.mark.parametrize(
    ("source", "repo"),
    [
        ("github.com/Acme/tf-queue", "acme/tf-queue"),
        ("git@github.com:acme/tf-queue.git", "acme/tf-queue"),
        ("git::ssh://git@gitlab.acme.example/infra/tf/queue.git//modules/x?ref=v1", "infra/tf/queue//modules/x"),
        ("terraform-aws-modules/vpc/aws", ""),
        ("./local", ""),
    ],
)
def test_source_of_a_module_names_its_repository(source: str, repo: str) -> None:
    document = {"configuration": {"root_module": {"module_calls": {"m": {"source": source}}}}}

    assert read_modules(document, "").repo("m") == repo


def test_local_module_of_a_local_module_stays_in_the_repository() -> None:
    document = json.loads((SAMPLES / "terraform_plan.json").read_text())

    assert read_modules(document, "acme/infra").repo("search.api") == "acme/infra//modules/api"


def test_old_state_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="version 3"):
        read_text(FORMAT, tmp_path, '{"version": 3, "terraform_version": "0.11.14", "lineage": "x", "modules": []}')


def test_line_of_a_wrapper_before_the_plan_is_refused_alone(tmp_path: Path) -> None:
    plan = (SAMPLES / "terraform_plan.json").read_text()
    rows, result = read_text(FORMAT, tmp_path, "[command]/usr/bin/terraform show -json plan\n" + plan)

    assert (len(rows), result.rejected) == (2, 1)


def test_sniff_wants_a_state_or_a_plan() -> None:
    assert all(FORMAT.sniff(Head("x", path.read_bytes())) > 0.5 for path in SAMPLE_FILES)
    assert FORMAT.sniff(Head("x", b'{"version": 4, "resources": []}')) == 0.0
