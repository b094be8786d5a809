"""Owners of vendor accounts by the vendor's own lists: tags, names of declared teams, the team of a key."""

from dataclasses import replace
from typing import Any

import pytest

from shadowscan.enrich.owner.apply import apply_owner
from shadowscan.owners import Owners
from tests.enrich.owner.evidence.company import Company
from tests.enrich.records import START, insert


def owner_of_account(company: Company, vendor: str, account: str) -> tuple[Any, ...]:
    network = company.network
    network.roll_up()
    insert(
        network.store, "llm_spend", month=START.date(), vendor_id=vendor, vendor_account_id=account,
        first_seen_at=START, last_seen_at=START,
    )  # fmt: skip
    context = replace(network.context, owners=Owners.model_validate(company.document))
    apply_owner(context, "llm_spend", "'account:' || vendor_id || '/' || vendor_account_id")
    sql = "select team, owner_status, owner_confidence, decided_by from subject where kind = 'account'"
    return network.store.query(sql).rows[0]


@pytest.mark.parametrize(
    ("name", "tags", "team"),
    [
        ("ranking", {"team": "search"}, "search"),
        ("Search", {}, "search"),
        ("hackathon", {}, "unknown"),
    ],
)
def test_account_is_its_tags_team_or_the_declared_team_of_its_name(name: str, tags: dict[str, str], team: str) -> None:
    company = Company(document={"teams": ["search"]})
    company.asset("account:anthropic/wrkspc_1", "vendor_account", tags, name=name, account_id="wrkspc_1")

    assert owner_of_account(company, "anthropic", "wrkspc_1")[0] == team


def test_key_is_the_team_it_was_issued_to() -> None:
    company = Company(document={"teams": ["search"]})
    company.asset("account:litellm/hash", "vendor_account", name="ranker", parent_id="account:litellm/t")
    company.asset("account:litellm/t", "vendor_account", name="Search")

    assert owner_of_account(company, "openai", "hash") == ("search", "owned", 0.95, "vendor_identity")
