"""Nodes of clusters: their own address is everybody's, their tags nobody's."""

from tests.enrich.owner.evidence.company import INSTANCE, Company


def company_with_node(**tags: str) -> Company:
    company = Company()
    company.call("10.1.2.10")
    company.asset("eni-0c", "eni", address="10.1.2.10", parent_id=INSTANCE)
    company.asset(INSTANCE, "instance", tags)
    return company


def test_node_of_a_cluster_is_shared_although_it_is_tagged() -> None:
    company = company_with_node(**{"kubernetes.io/cluster/apps": "owned", "team": "platform"})

    assert company.owner(INSTANCE)[:2] == ("unknown", "shared")
    assert company.evidence(INSTANCE)[0]["key"] == "Kubernetes node tagged team=platform"


def test_node_with_pods_says_whose_they_are() -> None:
    company = company_with_node()
    for space in ("search", "growth"):
        company.asset(
            f"k8s://apps/{space}/pod/p", "pod", parent_id=f"k8s://apps/{space}/deployment/d", placement="10.1.2.10"
        )

    assert company.owner(INSTANCE)[1] == "shared"
    assert company.evidence(INSTANCE)[0]["key"] == "Kubernetes node of growth, search"


def test_instance_that_is_no_node_is_its_teams() -> None:
    assert company_with_node(team="search").owner(INSTANCE)[:2] == ("search", "owned")
