"""Teams that evidence names and owners.yaml does not declare: one entry a value, with the nearest declared team.

Only what somebody looked for counts: the evidence of subjects that are in use, not every team of every CODEOWNERS file.
"""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.facts import Facts
from shadowscan.enrich.owner.resolve import team_of_value
from shadowscan.owners import Owners, fold, plain_team
from shadowscan.store.rows import insert_rows

SIMILAR = 0.6
_SAID = """
    with said as (
      select
        subject_id,
        unnest(from_json(
          owner_evidence, '[{"source": "varchar", "key": "varchar", "value": "varchar", "confidence": "double"}]'
        )) as e
      from subject
      where owner_evidence <> '[]'
    )
    select e.value, count(distinct subject_id) as subjects, min(e.source || ': ' || e.key) as place
    from said
    where e.value <> '' and e.confidence > 0 and e.source <> 'owners_yaml'
    group by e.value
    order by e.value
"""
# The first record that says it: an inventory's tag, or a statement of ownership.
_PLACE = """
    select s.object, said.line
    from (
      select source_id, line
      from asset
      where contains(tags, $written)
      union
      select source_id, line
      from owner_claim
      where value = $value
    ) as said
    join source_object as s on s.source_id = said.source_id
    order by s.object, said.line
    limit 1
"""
_DROP = "delete from policy_entry where starts_with(entry_id, 'claim:')"


def build(context: EnrichContext) -> None:
    """Add to `policy_entry` one row an unknown team. Needs `subject` with its owners."""
    context.store.query(_DROP)
    if context.owners.teams:
        insert_rows(context.store.engine, "policy_entry", _entries(context))


def _entries(context: EnrichContext) -> Iterator[dict[str, Any]]:
    names, seen = Facts(context).names, set[str]()
    for value, subjects, place in context.store.query(_SAID).rows:
        team = fold(plain_team(value))
        is_unknown = context.owners.team_of(value) is None and team_of_value(value, names)[0] == team
        if is_unknown and team not in seen:
            seen.add(team)
            file, line = _place(context, value, place)
            yield {
                "kind": "owner",
                "entry_id": f"claim:{team}",
                "value": value,
                "expires_at": None,
                "problem": "unknown_team",
                "detail": f"{_nearest(team, context.owners)}, said of {subjects} subject{'s' if subjects > 1 else ''}",
                "file": file,
                "line": line,
            }


def _place(context: EnrichContext, value: str, otherwise: str) -> tuple[str, int]:
    """The object and record that say it first; the kind of evidence in words where none does, as of a bill."""
    written = json.dumps(value, ensure_ascii=False)
    rows = context.store.query(_PLACE, {"value": value, "written": written}).rows
    return (str(rows[0][0]), int(rows[0][1])) if rows else (otherwise, 0)


def _nearest(team: str, owners: Owners) -> str:
    """The declared team whose name or alias is written most alike, in words."""
    found = difflib.get_close_matches(team, sorted(owners.team_names), 1, SIMILAR)
    return f"nearest team {owners.team_names[found[0]]}" if found else "no declared team is written alike"
