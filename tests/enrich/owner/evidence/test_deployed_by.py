"""Owners of the code that deploys a resource: Terraform's folder, Yor's tags, the nearest component."""

from tests.enrich.owner.evidence.company import FUNCTION, Company


def company_with(tags: dict[str, str] | None = None, repo: str = "unknown") -> Company:
    company = Company()
    company.call("10.1.2.3")
    company.asset("eni-0c", "eni", address="10.1.2.3", parent_id=FUNCTION)
    company.asset(FUNCTION, "function", tags, repo=repo)
    for ordinal, pattern, value in ((1, "*", "@acme/core"), (2, "/modules/search/", "@acme/search")):
        company.claim("codeowners", "repo_path", pattern, value, scope="acme/infra", ordinal=ordinal)
    return company


def test_folder_of_the_module_leads_to_its_code_owners() -> None:
    company = company_with(repo="acme/infra//modules/search")

    assert company.owner(FUNCTION) == ("search", "owned", 0.8, "codeowners")


def test_tags_of_the_commit_lead_to_the_code_owners_of_the_file() -> None:
    company = company_with({"git_org": "Acme", "git_repo": "infra", "git_file": "modules/queue/main.tf"})

    assert company.owner(FUNCTION)[:2] == ("core", "owned")


def test_component_of_the_nearest_folder_goes_before_code_owners() -> None:
    company = company_with(repo="acme/infra//modules/search/api")
    for folder, team in (("**", "platform"), ("modules/search/**", "growth"), ("modules/sea/**", "other")):
        company.claim("backstage", "repo_path", folder, f"group:default/{team}", scope="acme/infra")

    assert company.owner(FUNCTION)[0] == "growth"


def test_person_who_changed_it_last_counts_little() -> None:
    company = company_with({"git_last_modified_by": "sam@acme.example"})
    company.document = {"teams": [{"name": "search", "members": ["sam@acme.example"]}]}

    assert company.owner(FUNCTION) == ("search", "owned", 0.4, "git_committer")


def test_resource_of_nobodys_code_is_unowned() -> None:
    assert company_with().owner(FUNCTION)[1] == "unowned"
