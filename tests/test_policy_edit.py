"""Editing policy.yaml: only the entry changes."""

from datetime import date
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.policy import load_policy
from shadowscan.policy_edit import add_suppression, add_triage

BLOCK = """# our policy
organization: acme   # the name
vendors:
  approved: [mistral]  # ok
suppressions:
    # tests only
    - rule: keys.leaked-key
      path: "tests/**"   # fixtures
      expires: 2027-01-01

# last words
"""
FLOW = """gateways:
  - {name: gw, hosts: [llm.acme.example],
     repos: [acme/gw]}
suppressions: [{rule: keys.other-secret, reason: "old"}]
"""


@pytest.mark.parametrize("text", [BLOCK, FLOW, "", "organization: acme\nsuppressions:\n", "suppressions: []\n"])
def test_add_suppression_keeps_every_other_character(tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy.yaml"
    if text:
        file.write_text(text)

    added = add_suppression(
        file, {"fingerprint": "ab12", "reason": 'why: "#"', "by": "sam", "expires": date(2027, 1, 1)}
    )

    policy = load_policy(file, {"mistral"})
    entry = policy.suppressions[-1]
    assert added
    assert (entry.fingerprint, entry.reason, entry.by, entry.expires) == ("ab12", 'why: "#"', "sam", date(2027, 1, 1))
    assert all(line in file.read_text() for line in text.replace("}]", "}").replace("[]", "").splitlines())


def test_add_suppression_twice_replaces_the_first(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(BLOCK)
    add_suppression(file, {"fingerprint": "ab12", "reason": "first"})

    assert not add_suppression(file, {"fingerprint": "ab12", "reason": "second"})

    assert [entry.reason for entry in load_policy(file, {"mistral"}).suppressions] == ["", "second"]


def test_add_triage_replaces_the_earlier_decision(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(FLOW)
    add_triage(file, {"fingerprint": "ab12", "status": "disputed", "by": "sam", "at": date(2026, 10, 1)})

    add_triage(file, {"fingerprint": "ab12", "status": "accepted", "by": "kim", "note": "until January"})

    (entry,) = load_policy(file, set()).triage
    assert (entry.status, entry.by, entry.note) == ("accepted", "kim", "until January")


def test_add_triage_with_an_unknown_status_leaves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(FLOW)

    with pytest.raises(ConfigError, match="accepted"):
        add_triage(file, {"fingerprint": "ab12", "status": "whatever"})

    assert file.read_text() == FLOW
