from shadowscan.figures.adoption import (
    Use,
    adoption_by_team,
    count_adoption,
    member_adoption,
    narrow_by,
    spend_adoption,
)
from tests.figures.story import CURRENT, line


def test_spend_when_story_then_fourteen_percent_and_the_card_is_the_range() -> None:
    assert spend_adoption(CURRENT) == {"basis": "spend", "low": 14.0, "high": 17.9, "opaque_percent": 3.9}


def test_spend_when_seats_and_tax_then_not_in_the_denominator() -> None:
    lines = [
        line("openai", "a", 10, via="gateway"),
        line("openai", "a", 90, kind="seat"),
        line("x", "a", 9, kind="tax"),
    ]

    assert spend_adoption(lines)["low"] == 100.0


def test_spend_when_nothing_spent_then_null_not_zero() -> None:
    assert spend_adoption([]) == {"basis": "spend", "low": None, "high": None, "opaque_percent": None}


def test_members_when_one_uses_both_routes_then_mixed() -> None:
    uses = [
        Use("2026-W40", "a", "search", "gateway"),
        Use("2026-W40", "b", "data", "gateway"),
        Use("2026-W40", "b", "data", "direct"),
        Use("2026-W40", "c", "unknown", "direct"),
    ]

    assert member_adoption(uses, "subject_id") == {
        "percent": 33.3, "gateway_only": 1, "mixed": 1, "bypass_only": 1, "total": 3,
    }  # fmt: skip
    assert member_adoption(uses, "team")["total"] == 2


def test_calls_when_route_unknown_then_range() -> None:
    uses = [
        Use("w", "a", "t", "gateway", 25, 5),
        Use("w", "a", "t", "direct", 50, 5),
        Use("w", "a", "t", "unknown", 25, 0),
    ]

    assert count_adoption(uses, "calls") == {
        "gateway": 25, "direct": 50, "opaque": 25, "low": 25.0, "high": 50.0, "opaque_percent": 25.0,
    }  # fmt: skip


def test_narrow_by_when_story_then_names_the_card_and_its_points() -> None:
    (found,) = narrow_by(CURRENT)

    assert (found["vendor"], found["account_id"], found["spend"], found["points"]) == ("openai", "Dana", "5400.00", 3.9)


def test_teams_when_traffic_is_seen_then_gateway_mixed_or_bypass_beside_the_spend() -> None:
    uses = [
        Use("w", "a", "platform", "gateway"),
        Use("w", "b", "search", "gateway"),
        Use("w", "c", "search", "direct"),
        Use("w", "d", "growth", "direct"),
        Use("w", "e", "unknown", "direct"),
    ]

    rows = {row["team"]: (row["route"], row["spend"], row["low"]) for row in adoption_by_team(CURRENT, uses)}

    assert rows["platform"] == ("gateway", "19600.00", 100.0)
    assert rows["search"] == ("mixed", "42000.00", 0.0)
    assert rows["growth"] == ("bypass", "0.00", None)
    assert rows["data"][0] == "unknown"
