from decimal import Decimal

from shadowscan.figures.candidates import Clue, rank_candidates


def clue(team: str, kind: str, weight: str = "1") -> Clue:
    return Clue(team, kind, Decimal(weight), f"{kind} of {team}")


def test_rank_when_rhythm_and_cost_centre_agree_then_strong() -> None:
    (found,) = rank_candidates([clue("growth", "rhythm", "0.6"), clue("growth", "cost_center")])

    assert (found["team"], found["strength"]) == ("growth", "strong")
    assert found["for"][0] == "rhythm of growth"


def test_rank_when_only_the_rhythm_speaks_then_never_strong() -> None:
    (found,) = rank_candidates([clue("growth", "rhythm"), clue("growth", "traffic"), clue("growth", "dates")])

    assert found["strength"] == "plausible"


def test_rank_when_only_the_payer_speaks_then_not_strong() -> None:
    (found,) = rank_candidates([clue("growth", "payer")])

    assert found["strength"] == "plausible"
    assert found["probability"] == 0.43  # e^1.7 against e^2.0 for nobody


def test_rank_when_use_is_billed_elsewhere_then_against_and_lower() -> None:
    clues = [clue("search", "code"), clue("growth", "code"), clue("search", "explained")]

    found = rank_candidates(clues)

    assert [one["team"] for one in found] == ["growth", "search"]
    assert found[1]["against"] == ["explained of search"]


def test_rank_when_nothing_speaks_for_a_team_then_no_candidate() -> None:
    assert rank_candidates([clue("search", "explained"), clue("search", "traffic", "0")]) == []


def test_rank_when_no_clue_or_unknown_team_then_nobody() -> None:
    assert rank_candidates([]) == []
    assert rank_candidates([clue("unknown", "traffic")]) == []


def test_rank_when_many_teams_then_probabilities_stay_below_one() -> None:
    found = rank_candidates([clue(team, "traffic", "0.25") for team in "abcd"], limit=4)

    assert sum(one["probability"] for one in found) < 1
