"""Conditions on days that let a scan skip what it need not read."""

from shadowscan.enrich.context import EnrichContext

_SHAPE = "select count(*), min(day), max(day) from {days}"
_EXTENT = "select cast(min({column}) as date), cast(max({column}) as date) from {table}"


def within_days(context: EnrichContext, days: str, table: str, column: str) -> str:
    """SQL condition that `column` of `table` lies on a day of `days` (a temp table of ours with the column `day`).

    `true` where that is every record there is: the engine knows the extent, and a comparison of every record is dear.
    Else bounds first, so that zone maps skip whole blocks; days in between only where some are missing.
    """
    count, first, last = context.store.query(_SHAPE.format(days=days)).rows[0]
    if not count:
        return "false"
    earliest, latest = context.store.query(_EXTENT.format(table=table, column=column)).rows[0]
    is_whole = (last - first).days + 1 == count
    if is_whole and (earliest is None or (first <= earliest and latest <= last)):
        return "true"
    bounds = f"{column} >= date '{first}' and {column} < date '{last}' + interval 1 day"
    if is_whole:
        return bounds
    return f"{bounds} and cast({column} as date) in (select day from {days})"  # noqa: S608 - names of ours
