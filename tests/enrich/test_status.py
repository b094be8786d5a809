"""Status columns: one verdict a combination, by the time it happened."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from shadowscan.enrich import policy_tables
from shadowscan.enrich.status import apply_status
from shadowscan.owners import load_owners
from shadowscan.policy import load_policy
from tests.enrich.records import START, Network, insert

POLICY = "vendors:\n  approved: [{id: openai, teams: [search], review_due: 2026-10-05}]\n  denied: [deepseek]\n"


def egress(network: Network, vendor: str, team: str, at: datetime) -> None:
    insert(
        network.store, "llm_egress", day=at.date(), subject_id="s", vendor_id=vendor, service="api", host="h",
        team=team,
        first_seen_at=at, last_seen_at=at, vendor_first_seen_at=at, history_start_at=at,
    )  # fmt: skip


def test_apply_status_judges_by_vendor_team_and_event_time(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY)
    network = Network(policy=load_policy(path, {"openai", "deepseek"}))
    late = START + timedelta(days=4)
    for vendor, team, at in (
        ("openai", "search", START), ("openai", "search", late), ("openai", "growth", START),
        ("openai", "unknown", START), ("deepseek", "search", START), ("mistral", "search", START),
    ):  # fmt: skip
        egress(network, vendor, team, at)

    apply_status(network.context, "llm_egress", "first_seen_at")

    assert network.egress("vendor_id", "team", "day", "status", "status_confidence") == [
        ("deepseek", "search", START.date(), "denied", "high"),
        ("mistral", "search", START.date(), "unapproved", "high"),
        ("openai", "growth", START.date(), "unapproved", "high"),
        ("openai", "search", START.date(), "approved", "high"),
        ("openai", "search", late.date(), "expired", "high"),
        ("openai", "unknown", START.date(), "unapproved", "low"),
    ]


def test_apply_status_without_a_policy_says_so() -> None:
    network = Network()
    egress(network, "openai", "search", START)

    apply_status(network.context, "llm_egress", "first_seen_at")

    assert network.egress("status", "status_reason") == [("unapproved", "no policy given")]


def test_policy_entries_carry_age_unknown_teams_and_contradictions(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        "suppressions:\n  - {rule: keys.*, expires: 2026-01-01}\n  - {rule: hunt.*}\n"
    )
    (tmp_path / "owners.yaml").write_text(
        "teams: [search, growth]\n"
        'resources: [{id: "arn:a", team: search}, {id: "arn:a", team: growth}, {id: "arn:b", team: gone}]\n'
        "cidrs: [{cidr: 10.0.0.0/8, vpc: vpc-a, team: search}, {cidr: 10.0.0.0/8, vpc: vpc-b, team: growth}]\n"
    )
    network = Network(policy=load_policy(tmp_path / "policy.yaml", ()))
    context = replace(network.context, owners=load_owners(tmp_path / "owners.yaml", ()))

    policy_tables.build(context)

    sql = "select kind, entry_id, problem, line from policy_entry where problem <> 'none' order by all"
    assert network.store.query(sql).rows == [
        ("owner", "resources:arn:a", "conflicting", 2),
        ("owner", "resources:arn:b", "unknown_team", 2),
        ("suppression", "keys.*", "expired", 2),
    ]
