"""The first row of each file in a staged table.

Rows are staged in the order of the files' lines, so a row's distance from its file's first one is its line.
"""


def first_rows(staged: str, first: str) -> str:
    """A statement that fills the temporary table `first` (file, first_rowid) from `staged`, which has `file`."""
    return f"""
create or replace temp table {first} as
select file, min(rowid) as first_rowid
from {staged}
group by file
"""  # noqa: S608  # our own constants only
