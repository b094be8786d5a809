"""Kubernetes: pods to their workloads, what shares a node, how a cluster is called, hostile objects."""

import json
from pathlib import Path
from typing import Any

import pytest

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.formats.kubernetes import FORMAT
from tests.collect.formats.assets import SAMPLES, read_assets, read_text

CONFIG = {
    "kind": "Config",
    "current-context": "x",
    "contexts": [{"name": "x", "context": {"cluster": "arn:aws:eks:eu-west-1:1:cluster/apps"}}],
}
CLUSTER = "k8s://218fc5a9-a5f1-4b54-aa05-46717d0ab26d"


def pod(name: str, owner: tuple[str, str] | None = None, **labels: str) -> dict[str, Any]:
    """A running pod of the namespace `n` at 10.0.0.9."""
    owners = [{"kind": owner[0], "name": owner[1], "controller": True}] if owner else []
    about = {"name": name, "namespace": "n", "labels": labels, "ownerReferences": owners}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "status": {"podIP": "10.0.0.9", "phase": "Running"}}


def listing(*objects: object) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects), "metadata": {}})


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found, result = read_assets(FORMAT, SAMPLES / "kubernetes.json")
    assert result.rejected == 0
    return found


def test_a_pod_holds_its_addresses_for_the_deployment_from_its_start(rows: list[dict[str, Any]]) -> None:
    held = [row for row in rows if row["address"]]

    assert {(row["address"], row["parent_id"], str(row["observed_at"])) for row in held} == {
        ("10.1.2.77", f"{CLUSTER}/search/deployment/ranker", "2026-09-30 08:00:00"),
        ("2600:1f18::77", f"{CLUSTER}/search/deployment/ranker", "2026-09-30 08:00:00"),
    }
    assert {(row["role"], row["placement"]) for row in held} == {("arn:aws:iam::470100000011:role/ranker", "10.1.2.10")}


def test_a_workload_is_under_its_namespace_with_labels_of_its_own(rows: list[dict[str, Any]]) -> None:
    found = {row["asset_id"]: row for row in rows}
    workload, space = found[f"{CLUSTER}/search/deployment/ranker"], found[f"{CLUSTER}/search"]

    assert (workload["kind"], workload["parent_id"]) == ("service", f"{CLUSTER}/search")
    assert json.loads(workload["tags"])["app.kubernetes.io/part-of"] == "discovery"
    assert json.loads(space["tags"]) == {
        "kubernetes.io/metadata.name": "search", "owner": "sam@acme.example", "team": "search"
    }  # fmt: skip


def test_a_pod_of_the_nodes_network_and_one_that_ended_hold_no_address(rows: list[dict[str, Any]]) -> None:
    silent = {row["name"]: (row["address"], row["placement"]) for row in rows if row["kind"] == "pod"}

    assert silent["agent-zz1"] == ("", "10.1.2.10")
    assert silent["index-29300640-abcde"] == ("", "")


def test_specifications_are_not_kept(rows: list[dict[str, Any]]) -> None:
    assert "not-to-be-kept" not in json.dumps(rows, default=str)


@pytest.mark.parametrize(
    ("owner", "labels", "workload"),
    [
        (("ReplicaSet", "web-6c7f9d5b8d"), {"pod-template-hash": "6c7f9d5b8d"}, "deployment/web"),
        (("ReplicaSet", "web-6c7f9d5b8d"), {}, "replicaset/web-6c7f9d5b8d"),
        (("Job", "nightly-29300640"), {}, "cronjob/nightly"),
        (("Job", "once"), {}, "job/once"),
        (("StatefulSet", "db"), {}, "statefulset/db"),
        (("Rollout", "web"), {}, "rollout/web"),
        (None, {}, "pod/p-node-1"),
        (("Node", "node-1"), {}, "pod/p"),
    ],
)
def test_a_pod_whose_controller_is_not_in_the_file_leads_to_it_by_name(
    tmp_path: Path, owner: tuple[str, str] | None, labels: dict[str, str], workload: str
) -> None:
    rows, _ = read_text(FORMAT, tmp_path, listing(pod("p-node-1", owner, **labels)), cluster="c")

    assert next(row["parent_id"] for row in rows if row["address"]) == f"k8s://c/n/{workload}"


def test_controllers_that_own_one_another_end_the_walk(tmp_path: Path) -> None:
    def owned(name: str, by: str) -> dict[str, Any]:
        about = {"name": name, "namespace": "n", "ownerReferences": [{"kind": "Rollout", "name": by}]}
        return {"kind": "Rollout", "metadata": about}

    rows, result = read_text(FORMAT, tmp_path, listing(pod("p", ("Rollout", "a")), owned("a", "b"), owned("b", "a")))

    assert (result.rejected, any(row["address"] for row in rows)) == (0, True)


@pytest.mark.parametrize(
    ("objects", "options", "name"),
    [
        ([], {"cluster": "told"}, "told"),
        ([CONFIG], {}, "apps"),
        ([{"kind": "Node", "metadata": {"name": "a", "labels": {"alpha.eksctl.io/cluster-name": "prod"}}}], {}, "prod"),
        ([], {}, "unknown"),
    ],
)  # fmt: skip
def test_the_cluster_is_called_as_told_then_by_context_then_by_its_nodes(
    tmp_path: Path, objects: list[dict[str, Any]], options: dict[str, str], name: str
) -> None:
    rows, _ = read_text(FORMAT, tmp_path, listing(pod("p"), *objects), **options)

    assert rows[0]["asset_id"] == f"k8s://{name}/n/pod/p"


def test_options_say_where_the_cluster_is(tmp_path: Path) -> None:
    rows, _ = read_text(FORMAT, tmp_path, listing(pod("p")), account_id="1", vpc_id="vpc-0a", region="eu-west-1")

    assert {(row["account_id"], row["vpc_id"], row["region"]) for row in rows} == {("1", "vpc-0a", "eu-west-1")}


def test_what_runs_nothing_is_not_kept(tmp_path: Path) -> None:
    about = {"name": "s", "namespace": "n", "annotations": {"a": "not-to-be-kept"}}
    others = [{"kind": kind, "metadata": about, "data": {"k": "v"}} for kind in ("Secret", "ConfigMap", "Ingress")]

    assert read_text(FORMAT, tmp_path, listing(*others))[0] == []


def test_an_object_without_its_name_is_refused_alone(tmp_path: Path) -> None:
    rows, result = read_text(FORMAT, tmp_path, listing(pod("p"), 7, {"kind": "Pod", "metadata": {}}, {"kind": "Pod"}))

    assert (sum(1 for row in rows if row["address"]), result.rejected) == (1, 3)


def test_sniff_wants_objects_of_kubernetes() -> None:
    assert FORMAT.sniff(Head("x", listing(pod("p")).encode())) > 0.5
    assert FORMAT.sniff(Head("x", (SAMPLES / "kubernetes.json").read_bytes())) > 0.5
    assert FORMAT.sniff(Head("x", b'{"kind": "compute#instanceList", "items": []}')) == 0.0
    assert FORMAT.sniff(Head("x", b'{"apiVersion": "backstage.io/v1alpha1", "kind": "Component"}')) == 0.0
