"""Answers for `owners explain|gaps|check`: plain rows, sorted, read from a store that enrichment has filled."""

import json
from datetime import datetime
from typing import Any

from shadowscan.enrich.owner.candidates import candidate_teams
from shadowscan.enrich.owner.chain import chain, is_address
from shadowscan.store.connection import Store

_EXPLAIN = """
    with asked as (select cast($at as timestamp) as moment),
    named as (
      select subject_id
      from subject
      where subject_id = $query or label = $query
        or (kind = 'workload' and len(string_split(subject_id, '/')) = 3 and split_part(subject_id, '/', 3) = $query)
      union
      select subject_id
      from subject_link
      cross join asked
      where (value = $query or (kind = 'address' and split_part(value, '/', 3) = $query))
        and (moment is null or coalesce(valid_from, moment) <= moment)
        and (moment is null or valid_until is null or valid_until > moment)
      union
      select subject_id
      from subject
      where kind = 'account' and split_part(subject_id, '/', 2) = $query
    )
    select s.subject_id, s.kind, s.label, s.account_id, s.vpc_id, s.team, s.owner_status, s.owner_confidence,
      s.decided_by, s.owner_evidence
    from subject as s
    join named as n on n.subject_id = s.subject_id
    order by s.subject_id
"""
_LINKS = """
    select kind, value, valid_from, valid_until, source
    from subject_link
    where subject_id = $subject
    order by kind, value, valid_from nulls first, source
"""
_GAPS = """
    with used as (
      select subject_id, vendor_id, 'traffic' as seen_in, sum(bytes_out) as amount
      from llm_egress
      group by subject_id, vendor_id
      union all
      select repo as subject_id, vendor_id, 'code' as seen_in, sum(signal_count) as amount
      from llm_code
      group by repo, vendor_id
      union all
      select 'account:' || vendor_id || '/' || vendor_account_id as subject_id, vendor_id, 'spend' as seen_in,
        sum(amount) as amount
      from llm_spend
      group by subject_id, vendor_id
    )
    select s.subject_id, s.kind, s.label, s.account_id, s.team, s.owner_status, s.owner_confidence, s.owner_evidence,
      string_agg(distinct u.vendor_id, ', ' order by u.vendor_id) as vendors,
      string_agg(distinct u.seen_in, ', ' order by u.seen_in) as seen_in
    from used as u
    join subject as s on s.subject_id = u.subject_id
    where s.team = 'unknown' or s.owner_confidence < 0.5
    group by all
    order by min(case u.seen_in when 'spend' then 0 else 1 end), sum(u.amount) desc, s.subject_id
"""
_CHECK = """
    select file, line, entry_id, value, problem, detail
    from policy_entry
    where kind = 'owner' and problem <> 'none'
    order by file, line, entry_id, problem
"""


def explain_owner(store: Store, query: str, at: datetime | None = None) -> list[dict[str, Any]]:
    """Every subject that goes by this id, ARN, address, interface, role, repository, label or vendor account.

    An address belongs to one after the other: `at` (UTC) asks who had it then. Keys: subject_id, kind, label,
    account_id, vpc_id, team, owner_status, owner_confidence, decided_by, chain (packet to team: list of step, says,
    source, at), links (kind, value, valid_from, valid_until, source), candidates (teams, where shared), evidence
    (list of source, key, value, confidence, strongest first). Empty where nothing goes by that name.
    """
    name = query.strip()
    rows = [_with_evidence(row) for row in store.query(_EXPLAIN, {"query": name, "at": at}).dicts()]
    return [_explained(store, row, name, at) for row in rows]


def _explained(store: Store, row: dict[str, Any], name: str, at: datetime | None) -> dict[str, Any]:
    evidence = row.pop("evidence")
    return {
        **row,
        "chain": chain(store, {**row, "evidence": evidence}, name if is_address(name) else "", at),
        "links": store.query(_LINKS, {"subject": row["subject_id"]}).dicts(),
        "candidates": candidate_teams(store, row) if row["owner_status"] == "shared" else [],
        "evidence": evidence,
    }


def owner_gaps(store: Store) -> list[dict[str, Any]]:
    """Subjects with LLM use and no owner, or a provisional one (confidence below 0.5), spend first.

    Keys: those of the subject, `vendors`, `seen_in`, `guess` (the best low-confidence team or empty) and `fix`, the
    line to add.
    """
    return [_gap(_with_evidence(row)) for row in store.query(_GAPS).dicts()]


def check_owners(store: Store) -> list[dict[str, Any]]:
    """What is wrong in owners.yaml.

    Keys: file, line, entry_id, value, problem (expired, unknown_team, conflicting), detail.
    """
    return store.query(_CHECK).dicts()


def _with_evidence(row: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in row.items() if key != "owner_evidence"}
    return {**plain, "evidence": json.loads(row["owner_evidence"])}


def _gap(row: dict[str, Any]) -> dict[str, Any]:
    guess = "" if row["team"] == "unknown" else row["team"]
    return {**row, "guess": guess, "fix": _fix(row, guess or "TEAM")}


def _fix(row: dict[str, Any], team: str) -> str:
    """The exact line that would close the gap."""
    subject_id, kind = str(row["subject_id"]), str(row["kind"])
    if kind == "repo":
        return f'owners.yaml repos: {{repo: "{subject_id}", team: {team}}}'
    if kind == "account":
        vendor, _, account = subject_id.removeprefix("account:").partition("/")
        return f'owners.yaml vendor_accounts: {{vendor: {vendor}, id: "{account}", team: {team}}}'
    if subject_id.startswith("arn:"):
        return f"add tag team={team} to {subject_id}"
    return f'owners.yaml resources: {{id: "{subject_id}", team: {team}}}'
