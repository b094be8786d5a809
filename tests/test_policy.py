"""policy.yaml: read, refused, extended, and what it says of a use."""

from datetime import date
from pathlib import Path

import pytest

from shadowscan.errors import ConfigError
from shadowscan.policy import Policy, load_policy

VENDORS = {"anthropic", "openai", "mistral", "cohere", "deepseek"}
DAY = date(2026, 10, 2)


def written(folder: Path, text: str, name: str = "policy.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_load_policy_reads_a_bare_string_as_an_id_and_keeps_lines(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, "vendors:\n  approved:\n    - mistral\n    - {id: openai}\n"), VENDORS)

    assert [(entry.id, entry.line) for entry in policy.vendors.approved] == [("mistral", 3), ("openai", 4)]
    assert policy.is_given and not Policy().is_given and Policy().digest == "none"


def test_load_policy_names_every_problem_with_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    text = "organisation: acme\nvendors:\n  approved:\n    - {id: antropic, review_du: 2027-01-31}\n  denied: [opnai]\n"

    with pytest.raises(ConfigError) as refused:
        load_policy(written(tmp_path, text), VENDORS)

    said = str(refused.value)
    assert "policy.yaml:1: unknown key 'organisation'; did you mean 'organization'?" in said
    assert "policy.yaml:4: unknown key 'review_du'; did you mean 'review_due'?" in said
    assert "policy.yaml:4: vendors.approved[0].id: unknown vendor 'antropic'; did you mean 'anthropic'?" in said
    assert "policy.yaml:5: vendors.denied[0].id: unknown vendor 'opnai'; did you mean 'openai'?" in said


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nvendors: {}\nvendors: {}\n", 3, "duplicate key 'vendors'"),
        ("vendors:\n  approved: [\n", 3, "not valid YAML"),
        ("organization: !!python/object:os.system x\n", 1, "tag"),
        ("- a\n- b\n", 1, "mapping"),
        ("vendors:\n  approved: openai\n", 2, "must be a list"),
        ("residency:\n  exceptions: [{allowed: [us], expires: soon}]\n", 2, "must be a date such as 2027-01-31"),
        ("spend: {fiscal_year_start: 13-01}\n", 1, "month and day"),
        ("a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", 1, "unknown key"),
        ("organization: " + "[" * 5000 + "\n", 1, "nested too deep"),
        ("organization: " + "[" * 25 + "]" * 25 + "\n", 1, "nested too deep"),
        ("organization: &a [*a]\n", 1, "alias 'a' stands before what it repeats"),
        ("organization: acme\n---\nvendors: {}\n", 0, "more than one document"),
        ("organization: @acme\n", 1, "character '@' that cannot start"),
        ("organization: !!binary acme\n", 1, "tag 'tag:yaml.org,2002:binary' is not allowed"),
    ],
)
def test_load_policy_refuses_a_bad_file_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_policy(written(tmp_path, text), VENDORS)

    assert message in str(refused.value)
    assert refused.value.location is not None and refused.value.location.line == line


def test_load_policy_refuses_aliases_that_grow_without_end(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(ConfigError, match="too large"):
        load_policy(written(tmp_path, "\n".join(lines)), VENDORS)


POLICY = """
vendors:
  approved:
    - {id: anthropic, services: [api], teams: [support], accounts: [wrkspc_01], review_due: 2027-01-31}
    - mistral
  in_review: [cohere]
  denied: [deepseek]
"""


@pytest.mark.parametrize(
    ("use", "status", "confidence"),
    [
        (("mistral", "api", "unknown", DAY, "unknown"), "approved", "high"),
        (("deepseek", "api", "support", DAY, "unknown"), "denied", "high"),
        (("cohere", "api", "support", DAY, "unknown"), "in_review", "high"),
        (("openai", "api", "support", DAY, "unknown"), "unapproved", "high"),
        (("anthropic", "api", "support", DAY, "unknown"), "approved", "high"),
        (("anthropic", "api", "Support", DAY, "wrkspc_01"), "approved", "high"),
        (("anthropic", "api", "growth", DAY, "unknown"), "unapproved", "high"),
        (("anthropic", "api", "unknown", DAY, "unknown"), "unapproved", "low"),
        (("anthropic", "console", "support", DAY, "unknown"), "unapproved", "high"),
        (("anthropic", "unknown", "support", DAY, "unknown"), "unapproved", "low"),
        (("anthropic", "api", "support", DAY, "wrkspc_99"), "unapproved", "high"),
        (("anthropic", "api", "support", date(2027, 1, 31), "unknown"), "approved", "high"),
        (("anthropic", "api", "support", date(2027, 2, 1), "unknown"), "expired", "high"),
    ],
)
def test_approval_follows_the_contract(
    tmp_path: Path, use: tuple[str, str, str, date, str], status: str, confidence: str
) -> None:
    policy = load_policy(written(tmp_path, POLICY), VENDORS)

    verdict = policy.approval(*use[:4], account=use[4])

    assert (verdict.status, verdict.confidence) == (status, confidence)


def test_approval_names_the_allowed_teams_when_the_owner_is_unknown(tmp_path: Path) -> None:
    verdict = load_policy(written(tmp_path, POLICY), VENDORS).approval("anthropic", "api", "unknown", DAY)

    assert verdict.reason == "owner unknown; allowed teams: support"


def test_approval_without_a_policy_is_unapproved() -> None:
    assert Policy().approval("mistral", "api", "support", DAY).status == "unapproved"


def test_extends_adds_and_narrows_and_never_widens(tmp_path: Path) -> None:
    written(
        tmp_path,
        "vendors:\n  approved: [{id: openai, teams: [growth, search]}, anthropic]\n  denied: [deepseek]\n"
        "residency: {allowed: [eu_eea, uk], jurisdictions: [eea, us]}\ninline_allow: false\n",
        "base.yaml",
    )
    own = written(
        tmp_path,
        "extends: base.yaml\nvendors:\n  approved: [{id: openai, teams: [growth, data]}, mistral, deepseek]\n"
        "residency: {allowed: [eu_eea, us], jurisdictions: [us, cn]}\ninline_allow: true\n",
    )

    policy = load_policy(own, VENDORS)

    assert policy.approval("openai", "api", "growth", DAY).status == "approved"
    assert policy.approval("openai", "api", "data", DAY).status == "unapproved"
    assert policy.approval("anthropic", "api", "data", DAY).status == "approved"
    assert policy.approval("mistral", "api", "data", DAY).status == "approved"
    assert policy.approval("deepseek", "api", "data", DAY).status == "denied"
    assert policy.residency is not None and policy.residency.allowed == ("eu_eea",)
    assert policy.residency.jurisdictions == ("us",)
    assert not policy.inline_allow


def test_extends_in_a_circle_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "extends: policy.yaml\n", "base.yaml")

    with pytest.raises(ConfigError, match="circle"):
        load_policy(written(tmp_path, "extends: base.yaml\n"), VENDORS)


def test_gateway_without_vendors_carries_every_approved_one(tmp_path: Path) -> None:
    text = "vendors: {approved: [openai, mistral]}\ngateways: [{name: gw, base_url: 'https://LLM.acme.example/v1'}]\n"
    policy = load_policy(written(tmp_path, text), VENDORS)

    assert policy.gateway_vendors(policy.gateways[0]) == ("mistral", "openai")
    assert policy.gateways[0].all_hosts == ("llm.acme.example",)
