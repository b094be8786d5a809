from datetime import date, timedelta
from decimal import Decimal
from random import Random

from shadowscan.figures.candidates import rank_candidates
from shadowscan.figures.clues import Evidence, TeamDay, account_clues
from shadowscan.figures.spend_line import SpendLine
from tests.figures.story import line

START = date(2026, 7, 1)


def traffic(team: str, seed: int, account: str = "470100000011") -> list[TeamDay]:
    random = Random(seed)  # noqa: S311 - made-up traffic
    return [
        TeamDay("openai", account, team, START + timedelta(days=day), int(1e6 * random.lognormvariate(0, 0.5)))
        for day in range(60)
    ]


def billed(days: list[TeamDay]) -> list[SpendLine]:
    return [line("openai", "proj_x", str(day.size // 1000), day=day.day) for day in days]


def test_clues_when_bill_follows_a_small_team_then_it_leads_over_the_biggest() -> None:
    small, big = traffic("growth", 1), [*traffic("search", 2), *traffic("search", 3)]

    found = rank_candidates(account_clues(billed(small), Evidence(traffic=[*small, *big])))

    assert found[0]["team"] == "growth"
    assert found[0]["for"][0].startswith("explains 100% of the bill's ups and downs over 60 days")
    assert "their days do not follow the bill's, another team's do" in found[-1]["against"]


def test_clues_when_cloud_account_then_only_its_own_traffic() -> None:
    lines = [line("openai", "470100000033", 5, account_kind="cloud_account")]
    both = [*traffic("growth", 1, "470100000033"), *traffic("search", 2)]

    assert {clue.team for clue in account_clues(lines, Evidence(traffic=both))} == {"growth"}


def test_clues_when_traffic_ended_before_the_bill_then_against() -> None:
    lines = [line("openai", "proj_x", 5, day=date(2027, 1, 1))]

    clues = account_clues(lines, Evidence(traffic=traffic("growth", 1)))

    assert [clue.kind for clue in clues] == ["traffic", "not_then"]


def test_clues_when_hint_is_of_another_account_or_vendor_then_none() -> None:
    evidence = Evidence(
        hints=[("openai", "proj_y", "payer", "Dana", "growth")],
        code=[("mistral", "growth", "code", "acme/x")],
        billed=[("mistral", "growth", "ws")],
    )

    assert account_clues([line("openai", "proj_x", 5)], evidence) == []


def test_clues_when_every_kind_speaks_then_in_words() -> None:
    evidence = Evidence(
        hints=[("openai", "proj_x", "cost_center", "CC-1", "growth")],
        code=[("openai", "growth", "key", "acme/x")],
        billed=[("openai", "growth", "proj_g")],
    )

    clues = account_clues([line("openai", "proj_x", 5)], evidence)

    assert [(clue.kind, clue.text, clue.weight) for clue in clues] == [
        ("cost_center", "booked on CC-1", Decimal(1)),
        ("key", "acme/x holds a key of the vendor", Decimal(1)),
        ("explained", "their use is billed to proj_g already", Decimal(1)),
    ]
