"""The SQL subset that gives the same answers on DuckDB and Spark, and the one place that transpiles.

The lists were measured: ninety constructs run on both engines. What is not on the list of things to use is refused,
since a difference between engines is silent more often than loud.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

FUNCTIONS = frozenset(
    [
        "And",
        "Or",
        "Case",
        "Cast",
        "Coalesce",
        "Count",
        "Exists",
        "If",
        "Lag",
        "Length",
        "Like",
        "Lower",
        "Max",
        "Min",
        "Nullif",
        "RowNumber",
        "Substring",
        "Sum",
        "TimestampTrunc",
        "DateTrunc",
        "Upper",
        "Xor",
    ]
)
BANNED_NODES = {
    "Div": "division differs between engines; return sums and counts and divide in Python",
    "IntDiv": "integer division differs between engines; compute it in Python",
    "Mod": "compute remainders at ingestion",
    "Mul": "decimals are added and compared only; make the product a column of the view",
    "Qualify": "qualify is not portable; filter row_number() in an outer query",
    "Unnest": "unnest is not portable; lists are policy tables",
    "Lambda": "lambdas are not portable",
    "Array": "lists are not portable; join a policy table",
    "Struct": "structs are not portable",
    "Bracket": "list, struct and JSON access are not portable",
    "JSONExtract": "JSON functions are not portable",
    "RegexpLike": "regular expressions differ between engines; use like, or a column made at ingestion",
    "SimilarTo": "regular expressions differ between engines; use like",
    "Star": "name the columns; count(*) is the only star",
    "Limit": "limit needs a total order; return every row",
    "Offset": "offset needs a total order; return every row",
    "Order": "the engine orders findings itself; order by belongs in window functions only",
    "Union": "",
    "TableSample": "samples are not reproducible",
    "Pivot": "pivot is not portable",
    "Values": "inline rows are not portable; use a view or a policy table",
    "Lateral": "lateral joins are not portable",
    "ILike": "write lower(x) like '…'",
    "GroupingSets": "grouping sets are not portable",
    "Rollup": "rollup is not portable",
    "Cube": "cube is not portable",
}
_NULL_ORDER = re.compile(r"\bnulls\s+(?:first|last)\b", re.IGNORECASE)
CAST_TYPES = frozenset({"BIGINT", "VARCHAR", "TEXT", "DATE", "TIMESTAMP", "BOOLEAN", "DECIMAL"})


class SqlError(ValueError):
    """The text is not one SELECT statement. `line` is 1-based within the text, 0 where not known."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Statement:
    """One parsed SELECT: `tables` it reads (CTEs left out), `columns` it projects, `parameters` it binds."""

    text: str
    tree: Any
    tables: frozenset[str]
    columns: tuple[str, ...]
    parameters: frozenset[str]


def parse(sql: str) -> Statement:
    """Read one SELECT in DuckDB's dialect; raises `SqlError` on anything else."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, TokenError

    try:
        trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except TokenError as error:
        raise SqlError(f"not readable as SQL: {error}") from error
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        raise SqlError(f"not readable as SQL: {first.get('description') or error}", first.get("line") or 0) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise SqlError("must be exactly one select statement")
    tree = trees[0]
    local = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    tables = frozenset(table.name for table in tree.find_all(exp.Table)) - local - {""}
    parameters = {str(node.this) for node in tree.find_all(exp.Placeholder)}
    parameters |= {node.this.name for node in tree.find_all(exp.Parameter)}
    return Statement(sql, tree, tables, tuple(tree.named_selects), frozenset(parameters))


def transpile(sql: str, dialect: str) -> str:
    """The same statement in another engine's dialect (`spark`, `trino`, …). Rules never hold anything but DuckDB's."""
    import sqlglot

    return str(sqlglot.transpile(sql, read="duckdb", write=dialect, pretty=True)[0])


def portability_problems(statement: Statement) -> tuple[str, ...]:
    """Everything in the statement that is outside the portable subset, one sentence each, sorted."""
    from sqlglot import exp

    found = {problem for node in statement.tree.walk() for problem in _problems(node)}
    # The parser fills in the default order of nulls, so whether it was written shows in the text only.
    if len(_NULL_ORDER.findall(statement.text)) < sum(1 for _ in statement.tree.find_all(exp.Ordered)):
        found.add("say nulls first or nulls last in window order: engines have different defaults")
    return tuple(sorted(found))


def _problems(node: "Expression") -> Iterator[str]:
    from sqlglot import exp

    name = type(node).__name__
    if name in BANNED_NODES:
        yield from _banned(node, name)
    elif isinstance(node, exp.Anonymous):
        yield f"{node.name}() is not in the portable subset"
    elif isinstance(node, exp.Func) and name not in FUNCTIONS:
        yield f"{node.sql_name().lower()}() is not in the portable subset"
    else:
        yield from _misused(node)


def _banned(node: "Expression", name: str) -> Iterator[str]:
    from sqlglot import exp

    if name == "Star" and isinstance(node.parent, exp.Count):
        return
    if name == "Order" and isinstance(node.parent, exp.Window):
        return
    if name == "Union":
        if node.args.get("distinct"):
            yield "write union all, and group by where rows must be distinct"
        return
    yield BANNED_NODES[name]


def _misused(node: "Expression") -> Iterator[str]:
    from sqlglot import exp

    if isinstance(node, exp.Cast):
        yield from _casts(node)
    elif isinstance(node, exp.Not) and isinstance(node.this, exp.In):
        if node.this.args.get("query"):
            yield "not in (select …) goes wrong on nulls; use not exists"
    elif isinstance(node, exp.With) and node.args.get("recursive"):
        yield "recursive common table expressions are not portable"
    elif isinstance(node, exp.Join):
        yield from _joins(node)
    elif isinstance(node, exp.Group):
        yield from _groups(node)
    elif isinstance(node, exp.Window):
        yield from _windows(node)
    elif isinstance(node, exp.Substring):
        yield from _substrings(node)
    elif isinstance(node, exp.Interval) and str(node.args.get("unit")).upper() != "SECOND":
        yield "write intervals in seconds: interval '86400' second"
    elif isinstance(node, exp.Select):
        yield from _selects(node)


def _casts(node: "Expression") -> Iterator[str]:
    kind = node.args["to"].this.name
    if kind not in CAST_TYPES:
        yield f"cast to {kind.lower()} is not portable; use bigint, varchar, date, timestamp, boolean or decimal"
    if type(node).__name__ == "TryCast":
        yield "try_cast is not portable"


def _joins(node: "Expression") -> Iterator[str]:
    if node.args.get("method"):
        yield f"{str(node.args['method']).lower()} join is not portable; write the condition out"
    if node.args.get("using"):
        yield "write the join condition with on"


def _groups(node: "Expression") -> Iterator[str]:
    if node.args.get("all") is not None:
        yield "group by all is not portable; write the columns out"
    if any(type(part).__name__ == "Literal" for part in node.args.get("expressions") or ()):
        yield "group by a number is not portable; write the columns out"


def _windows(node: "Expression") -> Iterator[str]:
    if type(node.this).__name__ in {"RowNumber", "Lag"} and node.args.get("order") is None:
        yield "row_number and lag need an order by with a unique tie-breaker"


def _substrings(node: "Expression") -> Iterator[str]:
    start = node.args.get("start")
    if start is not None and (not getattr(start, "is_int", False) or int(start.name) < 1):
        yield "substring starts at 1: at 0 engines disagree"


def _selects(node: "Expression") -> Iterator[str]:
    """An alias reused beside its own definition means the column on one engine and the alias on another."""
    from sqlglot import exp

    aliases = {
        item.alias
        for item in node.expressions
        if isinstance(item, exp.Alias) and not (isinstance(item.this, exp.Column) and item.this.name == item.alias)
    }
    clauses = [node.args.get(key) for key in ("where", "group", "having")]
    for clause in (*clauses, *node.expressions):
        others = aliases - {clause.alias} if isinstance(clause, exp.Alias) else aliases
        for column in clause.find_all(exp.Column) if clause is not None else ():
            if not column.table and column.name in others:
                yield f"{column.name} is an alias of the same select; qualify the column or repeat the expression"
