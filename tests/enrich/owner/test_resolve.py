"""The decision about an owner, rule by rule, with its near misses."""

import pytest

from shadowscan.enrich.owner.interface import Candidate
from shadowscan.enrich.owner.resolve import Names, Person, resolve
from shadowscan.owners import Owners

OWNERS = Owners.model_validate(
    {"teams": [{"name": "search", "aliases": ["search-platform"], "members": ["sam@acme.example"]}, {"name": "growth"}]}
)
PEOPLE = {
    "kim@acme.example": Person("growth", "unknown", "unknown", "unknown", True),
    "gone@acme.example": Person("growth", "unknown", "unknown", "kim@acme.example", False),
}
NAMES = Names(OWNERS, PEOPLE)


def say(rank: int, source: str, value: str, confidence: float, **more: bool) -> Candidate:
    return Candidate(rank, source, "key", value, confidence, **more)


def test_resolve_without_statements_is_unowned() -> None:
    assert resolve([], NAMES).status == "unowned"


def test_resolve_takes_the_first_rank_and_keeps_the_rest_as_evidence() -> None:
    owner = resolve([say(9, "cidr", "growth", 0.40), say(3, "tag", "search", 0.90)], NAMES)

    assert (owner.team, owner.status, owner.confidence, owner.decided_by) == ("search", "owned", 0.90, "tag")
    assert [evidence.source for evidence in owner.evidence] == ["tag", "cidr"]


def test_resolve_of_two_strong_sources_that_disagree_is_a_conflict() -> None:
    owner = resolve([say(3, "tag", "search", 0.90), say(7, "account", "growth", 0.50)], NAMES)

    assert (owner.team, owner.status, owner.confidence) == ("search", "conflict", 0.70)


def test_resolve_of_a_weak_dissent_is_no_conflict() -> None:
    owner = resolve([say(3, "tag", "search", 0.90), say(7, "account", "growth", 0.49)], NAMES)

    assert owner.status == "owned"


def test_resolve_of_rank_one_settles_every_dispute() -> None:
    owner = resolve([say(1, "owners_yaml", "search", 1.0), say(3, "tag", "growth", 0.90)], NAMES)

    assert (owner.team, owner.status, owner.confidence) == ("search", "owned", 1.0)


def test_resolve_of_two_rank_one_entries_that_disagree_is_a_conflict() -> None:
    owner = resolve([say(1, "owners_yaml", "search", 1.0), say(1, "owners_yaml", "growth", 1.0)], NAMES)

    assert owner.status == "conflict"


@pytest.mark.parametrize(("second", "confidence"), [("account", 0.95), ("tag", 0.90)])
def test_resolve_adds_for_an_independent_agreement_only(second: str, confidence: float) -> None:
    owner = resolve([say(3, "tag", "search", 0.90), say(7, second, "search-platform", 0.70)], NAMES)

    assert owner.confidence == confidence


def test_resolve_caps_agreement_below_certainty() -> None:
    owner = resolve([say(2, "vendor_identity", "search", 0.96), say(3, "tag", "search", 0.90)], NAMES)

    assert owner.confidence == 0.98


@pytest.mark.parametrize(
    ("value", "team", "confidence"),
    [
        ("sam@acme.example", "search", 0.9),
        ("kim@acme.example", "growth", 0.9),
        ("gone@acme.example", "growth", 0.25),
        ("nobody@acme.example", None, 0.0),
        ("@acme/search", "search", 0.9),
        ("research", "research", 0.3),
    ],
)
def test_resolve_reads_people_aliases_and_unknown_teams(value: str, team: str | None, confidence: float) -> None:
    owner = resolve([say(3, "tag", value, 0.9)], NAMES)

    assert (owner.team, owner.confidence) == (team, confidence)


def test_resolve_prefers_a_declared_team_to_an_unknown_value_of_higher_rank() -> None:
    owner = resolve([say(3, "tag", "research", 0.9), say(5, "codeowners", "@acme/growth", 0.8)], NAMES)

    assert (owner.team, owner.status) == ("growth", "owned")


def test_resolve_of_a_derived_name_counts_only_where_declared() -> None:
    assert resolve([say(7, "account", "prod-7", 0.7, is_derived=True)], NAMES).team is None
    assert resolve([say(7, "account", "Search", 0.7, is_derived=True)], NAMES).team == "search"


def test_resolve_of_shared_only_is_shared_and_a_team_beats_a_shared_account() -> None:
    shared = say(7, "account", "", 0.4, is_shared=True)

    assert resolve([shared], NAMES).status == "shared"
    assert resolve([shared, say(9, "cidr", "search", 0.55)], NAMES).team == "search"


def test_resolve_of_what_is_shared_by_what_it_is_then_a_tag_does_not_own_it() -> None:
    shared = say(2, "shared_use", "", 0.25, is_shared=True)

    assert resolve([shared, say(3, "tag", "search", 0.9)], NAMES).status == "shared"
    assert resolve([shared, say(1, "owners_yaml", "search", 1.0)], NAMES).team == "search"


def test_resolve_of_a_shared_rank_one_entry_stays_shared() -> None:
    entries = [say(1, "owners_yaml", "", 1.0, is_shared=True), say(3, "tag", "search", 0.9)]

    assert resolve(entries, NAMES).status == "shared"


def test_resolve_of_explicitly_unowned_gives_no_team_and_shows_it() -> None:
    owner = resolve([say(5, "codeowners", "", 0.8)], NAMES)

    assert (owner.team, owner.status, len(owner.evidence)) == (None, "unowned", 1)
