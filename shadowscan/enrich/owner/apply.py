"""Owners from `subject` into the views, once a distinct subject."""

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.owner.build import decide
from shadowscan.enrich.subjects import add_missing
from shadowscan.schema import load_tables

_APPLY = """
    update {table}
    set {assignments}
    from (
      select
        subject_id as owned_subject_id,
        team as owning_team,
        owner_status as owning_status,
        owner_confidence as owning_confidence,
        decided_by as owning_decided_by,
        owner_evidence as owning_evidence
      from subject
    ) as s
    where s.owned_subject_id = {subject}
"""
_COLUMNS = {
    "team": "s.owning_team",
    "owner_status": "s.owning_status",
    "owner_confidence": "s.owning_confidence",
    "decided_by": "s.owning_decided_by",
    "owner_evidence": "s.owning_evidence",
    "owner_confidence_band": """case
      when s.owning_team = 'unknown' then 'none'
      when s.owning_confidence >= 0.80 then 'high'
      when s.owning_confidence >= 0.50 then 'medium'
      when s.owning_confidence > 0 then 'low'
      else 'none'
    end""",
}


def apply_owner(context: EnrichContext, table: str, subject_sql: str = "subject_id") -> None:
    """Fill the owner columns that a view has. `subject_sql` is our own SQL for the subject's id, never input.

    Subjects that the view names and nobody has listed yet (vendor accounts, repositories without a hit) are added
    and decided first.
    """
    declared = load_tables()[table].column_names
    assignments = ", ".join(f"{name} = {value}" for name, value in _COLUMNS.items() if name in declared)
    parts = {"table": f'"{table}"', "subject": f"({subject_sql})", "assignments": assignments}
    missing = add_missing(context, f"select {subject_sql} as subject_id from {parts['table']}")  # noqa: S608 - our own
    if missing:
        decide(context, missing)
    context.store.query(_APPLY.format(**parts))
