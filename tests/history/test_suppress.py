"""Suppressions cover exactly what they name, and end when they say."""

from datetime import date

import pytest

from shadowscan.history.suppress import apply_policy, matches_rule
from shadowscan.model.finding import CodeLocation
from shadowscan.policy import Policy
from tests.history.factory import RULE, make_finding

TODAY = date(2026, 11, 1)


def policy(**entry: object) -> Policy:
    return Policy.model_validate({"suppressions": [{"reason": "known", "by": "kim", **entry}]})


def place(path: str) -> CodeLocation:
    return CodeLocation("acme/api", path, 1, None, "", None, True)


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        ({"rule": RULE}, True),
        ({"rule": "egress.*"}, True),
        ({"rule": "keys.*"}, False),
        ({"fingerprint": make_finding().fingerprint}, True),
        ({"rule": RULE, "expires": "2026-11-01"}, True),
        ({"rule": RULE, "expires": "2026-10-31"}, False),
        ({"rule": RULE, "path": "tests/**"}, False),
    ],
)
def test_apply_policy_when_entry_names_it_then_suppressed(entry: dict[str, object], covered: bool) -> None:
    (finding,) = apply_policy([make_finding()], policy(**entry), TODAY)
    assert (finding.suppressed is not None) is covered


def test_apply_policy_when_one_place_is_outside_the_path_then_not_suppressed() -> None:
    inside = make_finding(locations=(place("tests/a.py"),))
    both = make_finding(locations=(place("tests/a.py"), place("src/a.py")))
    found = apply_policy([inside, both], policy(rule=RULE, path="tests/**"), TODAY)
    assert [finding.suppressed is not None for finding in found] == [True, False]


def test_matches_rule_when_family_is_a_prefix_of_another_word_then_no() -> None:
    assert not matches_rule("key.*", "keys.leaked-key")
