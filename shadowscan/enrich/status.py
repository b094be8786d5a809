"""What the policy says of every use: status, reason, confidence, once a distinct combination."""

from datetime import date, timedelta

from shadowscan.enrich.context import EnrichContext
from shadowscan.schema import load_tables

_APPLY = """
    update {table} as t
    set status = v.status, status_reason = v.reason, status_confidence = v.confidence
    from status_verdict as v
    where v.vendor_id = t.vendor_id
      and v.service = t.service
      and v.team = t.team
      and v.account = {account}
      and v.era = len(list_filter($boundaries, lambda day: day < cast({moment} as date)))
"""
_COMBINATIONS = """
    select distinct
      t.vendor_id, t.service, t.team, {account} as account,
      len(list_filter($boundaries, lambda day: day < cast({moment} as date))) as era
    from {table} as t
"""
_VERDICTS = """
    create or replace temp table status_verdict (
      vendor_id varchar, service varchar, team varchar, account varchar, era bigint,
      status varchar, reason varchar, confidence varchar
    )
"""


def apply_status(context: EnrichContext, table: str, moment_column: str, account_column: str | None = None) -> None:
    """Fill `status`, `status_reason`, `status_confidence` of a view by vendor, service, team and event time.

    `moment_column` is when the use happened, `account_column` the vendor account where the view has one. A row
    without a moment is judged by the first day.
    """
    sql = _named(table, moment_column, account_column)
    query = context.store.query
    dues = {entry.review_due for entry in context.policy.vendors.approved if entry.review_due}
    boundaries = sorted(dues)
    query(_VERDICTS)
    combinations = query(_COMBINATIONS.format(**sql), {"boundaries": boundaries}).rows
    verdicts = [(*row, *_verdict(context, row, boundaries)) for row in combinations]
    if verdicts:
        context.store.engine.connection.executemany(
            "insert into status_verdict values (?, ?, ?, ?, ?, ?, ?, ?)", verdicts
        )
        query(_APPLY.format(**sql), {"boundaries": boundaries})
    query("drop table status_verdict")


def _verdict(context: EnrichContext, row: tuple[str, str, str, str, int], dues: list[date]) -> tuple[str, str, str]:
    """Between two review dates the answer does not change: any day of that era stands for all."""
    vendor_id, service, team, account, era = row
    day = dues[era - 1] + timedelta(days=1) if era else date.min
    verdict = context.policy.approval(vendor_id, service, team, day, account=account)
    return verdict.status, verdict.reason, verdict.confidence


def _named(table: str, moment_column: str, account_column: str | None) -> dict[str, str]:
    """Identifiers as declared in the schema, quoted: nothing from outside gets into the statement."""
    declared = load_tables()[table].column_names
    for column in filter(None, (moment_column, account_column)):
        if column not in declared:
            raise KeyError(f"{table} has no column {column}")
    moment = f"coalesce(t.\"{moment_column}\", timestamp '0001-01-01')"
    account = f't."{account_column}"' if account_column else "'unknown'"
    return {"table": f'"{table}"', "moment": moment, "account": account}
