"""Conditions on days that let a scan skip what it need not read."""

from shadowscan.enrich.context import EnrichContext

_SHAPE = "select count(*), min(day), max(day) from {table}"


def within_days(context: EnrichContext, table: str, moment: str) -> str:
    """SQL condition that `moment` lies on a day of `table` (a temp table of ours with the column `day`).

    Bounds first, so that zone maps skip whole blocks; days in between are only looked up where some are missing.
    """
    count, first, last = context.store.query(_SHAPE.format(table=table)).rows[0]
    if not count:
        return "false"
    bounds = f"{moment} >= date '{first}' and {moment} < date '{last}' + interval 1 day"
    if (last - first).days + 1 == count:
        return bounds
    return f"{bounds} and cast({moment} as date) in (select day from {table})"  # noqa: S608 - names of ours
