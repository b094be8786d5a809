"""How a table or view is declared: once, in `shadowscan/schema/`, and everything else is made from it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["base", "dimension", "rollup", "view", "history", "ledger", "policy"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type, one-sentence meaning (with unit), an example as text, and the value of absence.

    Columns are NOT NULL; `default` is the SQL literal that stands for "not known".
    """

    name: str
    type: str
    meaning: str
    example: str
    default: str = ""
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `grain` completes "one row is …".

    base: bulk evidence, carries `source_id`; dimension: made by enrich, replaced whole; rollup: made by enrich by UTC
    day and read by enrich alone; view: the rule author's contract, materialised by enrich (`daily` ones by UTC day);
    history: kept by migrations; ledger; policy.
    """

    name: str
    kind: Kind
    grain: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    daily: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def ddl(self) -> str:
        """`create table` statement of this table; the only place that writes one."""
        lines = [f'  "{c.name}" {c.type}{_constraint(c)}' for c in self.columns]
        if self.primary_key:
            lines.append(f"  primary key ({', '.join(self.primary_key)})")
        return f'create table if not exists "{self.name}" (\n' + ",\n".join(lines) + "\n)"


def _constraint(column: Column) -> str:
    default = f" default {column.default}" if column.default else ""
    return default if column.nullable else f"{default} not null"
