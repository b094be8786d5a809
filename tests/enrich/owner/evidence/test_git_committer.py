"""Owners by commits: blame, the busiest of late, else who brought the content; robots never."""

from tests.enrich.owner.evidence.company import Company
from tests.enrich.records import START, insert

TEAMS = {
    "teams": [{"name": "search", "members": ["sam@acme.example"]}, {"name": "growth", "members": ["kim@acme.example"]}]
}


def company_with(*claims: tuple[str, str, str, int], author: str = "Kim <kim@acme.example>") -> Company:
    """A repository with a signal; claims as (evidence, path, person, count)."""
    company = Company(document=TEAMS)
    hit = {"source_id": 1, "repo": "acme/api", "kind": "sdk", "path": "a.py", "line": 1, "in_head": True}
    insert(company.network.store, "repo_hit", **hit, author=author, commit_id="c", committed_at=START)
    for evidence, path, person, count in claims:
        company.claim(evidence, "repo_path", path, person, scope="acme/api", ordinal=count, is_person=True)
    return company


def test_blame_of_most_files_decides_with_little_confidence() -> None:
    company = company_with(
        ("git_blame", "a.py", "sam@acme.example", 1),
        ("git_blame", "b.py", "sam@acme.example", 1),
        ("git_blame", "c.py", "kim@acme.example", 1),
    )

    assert company.owner("acme/api") == ("search", "owned", 0.4, "git_blame")


def test_busiest_of_late_goes_before_who_brought_the_content() -> None:
    company = company_with(("git_recent", "**", "sam@acme.example", 3), ("git_recent", "**", "kim@acme.example", 1))

    assert company.owner("acme/api") == ("search", "owned", 0.4, "git_committer")


def test_who_brought_the_content_is_asked_last_and_no_robot_ever() -> None:
    robot = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"

    assert company_with().owner("acme/api")[0] == "growth"
    assert company_with(author=robot).owner("acme/api")[1] == "unowned"


def test_private_address_of_a_host_is_a_persons() -> None:
    private = "Kim <12345+kim@users.noreply.github.com>"
    company = company_with(author=private)
    company.document = {"teams": [{"name": "growth", "members": ["12345+kim@users.noreply.github.com"]}]}

    assert company.owner("acme/api")[0] == "growth"
