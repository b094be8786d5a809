"""Owners of Kubernetes workloads: labels of the workload, then of the namespace, then of the cluster."""

from tests.enrich.owner.evidence.company import Company

WORKLOAD, SPACE, CLUSTER = "k8s://apps/search/deployment/ranker", "k8s://apps/search", "arn:aws:eks:r:1:cluster/apps"


def company_with(**labels: dict[str, str]) -> Company:
    """A pod that calls, under a workload, a namespace and a cluster with these labels."""
    company = Company()
    company.call("10.1.2.77")
    company.asset("k8s://apps/search/pod/ranker-1", "pod", address="10.1.2.77", parent_id=WORKLOAD)
    company.asset(WORKLOAD, "service", labels.get("workload"), parent_id=SPACE)
    company.asset(SPACE, "namespace", labels.get("space"), parent_id=CLUSTER)
    company.asset(CLUSTER, "cluster", labels.get("cluster"))
    return company


def test_label_of_the_workload_speaks_before_its_namespace_and_cluster() -> None:
    company = company_with(workload={"team": "search"}, space={"team": "growth"}, cluster={"team": "platform"})

    assert company.owner(WORKLOAD) == ("search", "owned", 0.75, "kubernetes")
    assert [each["value"] for each in company.evidence(WORKLOAD)] == ["search"]


def test_annotation_with_a_prefix_names_the_team_of_the_namespace() -> None:
    company = company_with(workload={"app": "ranker"}, space={"acme.example/owner-team": "search"})

    assert company.owner(WORKLOAD)[:2] == ("search", "owned")


def test_part_of_counts_only_where_it_is_a_declared_team() -> None:
    undeclared = company_with(workload={"app.kubernetes.io/part-of": "search"})
    declared = company_with(workload={"app.kubernetes.io/part-of": "search"})
    declared.document = {"teams": ["search"]}

    assert undeclared.owner(WORKLOAD)[0] == "unknown"
    assert declared.owner(WORKLOAD)[0] == "search"
