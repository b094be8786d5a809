from decimal import Decimal

from shadowscan.figures.candidates import Clue, rank_candidates


def clue(team: str, kind: str, weight: str = "1") -> Clue:
    return Clue(team, kind, Decimal(weight), f"{kind} of {team}")


def test_rank_when_traffic_dates_and_cost_centre_agree_then_strong() -> None:
    (found,) = rank_candidates([clue("growth", "traffic"), clue("growth", "dates"), clue("growth", "cost_center")])

    assert (found["team"], found["strength"], found["probability"]) == ("growth", "strong", 0.81)
    assert found["for"][0] == "traffic of growth"


def test_rank_when_only_the_payer_speaks_then_not_strong() -> None:
    (found,) = rank_candidates([clue("growth", "payer")])

    assert found["strength"] == "plausible"
    assert found["probability"] == 0.40


def test_rank_when_use_is_billed_elsewhere_then_against_and_lower() -> None:
    clues = [clue("search", "traffic", "0.6"), clue("growth", "traffic", "0.4"), clue("search", "explained")]

    found = rank_candidates(clues)

    assert [one["team"] for one in found] == ["growth"]


def test_rank_when_no_clue_or_unknown_team_then_nobody() -> None:
    assert rank_candidates([]) == []
    assert rank_candidates([clue("unknown", "traffic")]) == []


def test_rank_when_many_teams_then_probabilities_stay_below_one() -> None:
    found = rank_candidates([clue(team, "traffic", "0.25") for team in "abcd"], limit=4)

    assert sum(one["probability"] for one in found) < 1
