"""What makes a rule a good rule, checked before it runs. Each check is one small function.

`errors` stop a pack from loading. `advice` is what `rules lint` says beside them: a rule that ignores it runs, but is
not done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from shadowscan.documents import Problem, nearest
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.engines.portable import SqlError, Statement, parse, portability_problems
from shadowscan.errors import Location
from shadowscan.ruleset.message import NAMED, places
from shadowscan.ruleset.parse import KEY_ORDER, ParsedRule
from shadowscan.ruleset.requirements import SECTIONS
from shadowscan.ruleset.views import MATCH_COLUMNS, empty_views, readable_tables

_OUTPUT_TYPES = ("VARCHAR", "BIGINT", "INTEGER", "TIMESTAMP", "DATE", "BOOLEAN", "DECIMAL")
_LEVELS = {"severity": "critical high medium low info", "confidence": "high medium low"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One rule under the lint: its file, its parsed SQL, and an empty database to bind it on."""

    parsed: ParsedRule
    statement: Statement
    engine: DuckDBEngine

    def problem(self, key: str, message: str) -> Problem:
        """A problem at the line of one of the rule's keys."""
        return Problem(self.parsed.place(key), f"{self.parsed.rule.id}: {message}")


Check = Callable[[Subject], Iterator[Problem]]


def errors(pack: Sequence[ParsedRule]) -> list[Problem]:
    """Everything that must not run: two rules of one id or title, and each rule's own errors."""
    return [*repeated(pack), *own_errors(pack)]


def repeated(pack: Sequence[ParsedRule]) -> list[Problem]:
    """Ids and titles that two rules share."""
    return [*_repeated(pack, "id"), *_repeated(pack, "title")]


def own_errors(pack: Sequence[ParsedRule]) -> list[Problem]:
    """What is wrong with each rule by itself."""
    with empty_views() as engine:
        return [problem for parsed in pack for problem in _errors_of(parsed, engine)]


def advice(pack: Sequence[ParsedRule]) -> list[Problem]:
    """What a finished rule also has: its tests, its texts, its place and order."""
    return [problem for parsed in pack for check in ADVICE for problem in check(parsed)]


def _errors_of(parsed: ParsedRule, engine: DuckDBEngine) -> list[Problem]:
    try:
        statement = parse(parsed.rule.sql)
    except SqlError as error:
        place = parsed.place("sql")
        line = place.line + error.line if error.line else place.line
        return [Problem(Location(place.file, line), f"{parsed.rule.id}: sql: {error}")]
    subject = Subject(parsed, statement, engine)
    return [problem for check in ERRORS for problem in check(subject)]


def _repeated(pack: Sequence[ParsedRule], key: str) -> Iterator[Problem]:
    counts = Counter(getattr(parsed.rule, key) for parsed in pack)
    for parsed in pack:
        value = getattr(parsed.rule, key)
        if counts[value] > 1:
            yield Problem(parsed.place(key), f"{key} {value!r} is used by {counts[value]} rules")


def reads_only_views(subject: Subject) -> Iterator[Problem]:
    """Base tables may change; views are the promise."""
    for table in sorted(subject.statement.tables - set(readable_tables())):
        hint = nearest(table, readable_tables())
        yield subject.problem("sql", f"reads {table}, which is not a view or policy table{hint}")


def is_portable(subject: Subject) -> Iterator[Problem]:
    """Same answer on DuckDB and Spark."""
    for problem in portability_problems(subject.statement):
        yield subject.problem("sql", f"not portable: {problem}")


def declares_parameters(subject: Subject) -> Iterator[Problem]:
    """Every `$name` declared, every declaration used."""
    declared = [param.name for param in subject.parsed.rule.params]
    for name in sorted(subject.statement.parameters - set(declared)):
        yield subject.problem("sql", f"${name} is not declared under params")
    for name in declared:
        if name not in subject.statement.parameters or declared.count(name) > 1:
            yield subject.problem("params", f"{name} must be declared once and used in the sql")


def requires_what_it_reads(subject: Subject) -> Iterator[Problem]:
    """A view that is read but not required would turn a missing source into "0 findings"."""
    rule = subject.parsed.rule
    views = {name for name, table in readable_tables().items() if table.kind == "view"}
    named = {*rule.requires, *rule.any_of}
    for name in sorted(named - views - SECTIONS):
        yield subject.problem("requires", f"{name} is not a view or one of {', '.join(sorted(SECTIONS))}")
    for name in sorted((subject.statement.tables & views) - named):
        yield subject.problem("requires", f"reads {name} but does not name it in requires or any_of")
    for name in sorted((named & views) - subject.statement.tables):
        yield subject.problem("requires", f"names {name} but does not read it")
    if not named:
        yield subject.problem("requires", "must name what it needs, else a missing source looks like 0 findings")


def projects_identity(subject: Subject) -> Iterator[Problem]:
    """Identity columns make the fingerprint: they must be in the projection, and not change from run to run."""
    for column in subject.parsed.rule.identity:
        if column not in subject.statement.columns:
            yield subject.problem("identity", f"identity column {column} is not in the projection")
        if column.endswith(("_at", "_count")) or column in {"severity", "confidence", "line", "day"}:
            yield subject.problem("identity", f"{column} changes by itself, so it cannot be identity")


def projects_known_columns(subject: Subject) -> Iterator[Problem]:
    """The columns of a match are those of the contract and of the views it reads."""
    tables = readable_tables()
    known = set(MATCH_COLUMNS).union(*(tables[t].column_names for t in subject.statement.tables if t in tables))
    for column in subject.statement.columns:
        if column not in known and column not in subject.parsed.rule.identity:
            yield subject.problem("sql", f"projects {column!r}, which no match has{nearest(column, known)}")
    for column, count in Counter(subject.statement.columns).items():
        if count > 1:
            yield subject.problem("sql", f"projects {column!r} {count} times")


def binds(subject: Subject) -> Iterator[Problem]:
    """Runs on the empty views: a column that isn't documented, or a type that leaks an engine's own, shows here."""
    if subject.statement.tables - set(readable_tables()):
        return
    parameters = {param.name: param.default for param in subject.parsed.rule.params}
    try:
        described = subject.engine.connection.execute(subject.parsed.rule.sql, parameters or None).description
    except duckdb.Error as error:
        yield subject.problem("sql", str(error).splitlines()[0])
        return
    for name, kind, *_ in described or ():
        if not str(kind).upper().startswith(_OUTPUT_TYPES):
            yield subject.problem("sql", f"{name} is {str(kind).lower()}; write cast(sum(x) as bigint)")


def speaks_of_its_columns(subject: Subject) -> Iterator[Problem]:
    """The message may name only what the match carries."""
    known = {*subject.statement.columns, *NAMED}
    for name in sorted(places(subject.parsed.rule.message) - known):
        yield subject.problem("message", f"{{{name}}} is not in the projection{nearest(name, known)}")


def tests_fit_the_views(subject: Subject) -> Iterator[Problem]:
    """Given rows are rows of views the rule reads, expected rows are rows of its projection."""
    tables, rule = readable_tables(), subject.parsed.rule
    for test in rule.tests:
        for name, rows in test.given.items():
            columns = tables[name].column_names if name in subject.statement.tables & set(tables) else ()
            if not columns:
                yield subject.problem("tests", f"{test.name!r} gives {name}, which the sql does not read")
            for column in sorted({column for row in rows for column in row} - set(columns)) if columns else ():
                yield subject.problem("tests", f"{test.name!r}: {name} has no {column}{nearest(column, columns)}")
        for column in sorted({column for row in test.expect for column in row} - set(subject.statement.columns)):
            yield subject.problem("tests", f"{test.name!r} expects {column}, which is not projected")
        for name in sorted(set(test.params) - {param.name for param in rule.params}):
            yield subject.problem("tests", f"{test.name!r} binds {name}, which is not a parameter")


def has_every_kind_of_test(parsed: ParsedRule) -> Iterator[Problem]:
    """A rule without a near miss is not done."""
    counts: Counter[str] = Counter(test.kind for test in parsed.rule.tests)
    for kind, least in (("tp", 1), ("tn", 2), ("near_miss", 1)):
        if counts[kind] < least:
            yield Problem(parsed.place("tests"), f"{parsed.rule.id}: needs {least} {kind} test(s), has {counts[kind]}")
    for test in parsed.rule.tests:
        said = f"{parsed.rule.id}: {test.name!r} is {test.kind} but expects otherwise"
        if (test.kind == "tp") != bool(test.expect) and test.kind != "known_gap":
            yield Problem(parsed.place("tests"), said)
    if len({test.name for test in parsed.rule.tests}) < len(parsed.rule.tests):
        yield Problem(parsed.place("tests"), f"{parsed.rule.id}: two tests share a name")


def stands_in_its_place(parsed: ParsedRule) -> Iterator[Problem]:
    """`egress.first-seen-vendor` is `egress/first-seen-vendor.yaml`."""
    expected = parsed.rule.id.replace(".", "/", 1) + ".yaml"
    if parsed.rule.file != expected:
        yield Problem(parsed.place("id"), f"{parsed.rule.id}: stands in {parsed.rule.file}, expected {expected}")


def keeps_the_order(parsed: ParsedRule) -> Iterator[Problem]:
    """Every rule reads alike."""
    keys = [str(key) for key in parsed.block]
    if keys != [key for key in KEY_ORDER if key in keys]:
        yield Problem(parsed.block.place, f"{parsed.rule.id}: keys must stand in the order {', '.join(KEY_ORDER)}")


def says_what_it_cannot_see(parsed: ParsedRule) -> Iterator[Problem]:
    """A rule says when it is wrong, what it misses, and what to do."""
    for key in ("false_positives", "blind_spots", "references", "tags", "message"):
        if not getattr(parsed.rule, key):
            yield Problem(parsed.block.place, f"{parsed.rule.id}: {key} is empty")


def keeps_leads_apart(parsed: ParsedRule) -> Iterator[Problem]:
    """Leads are `hunt.*` and `hunt.*` are leads: they never decide an exit code."""
    if (parsed.rule.type == "lead") != parsed.rule.id.startswith("hunt."):
        yield Problem(parsed.place("type"), f"{parsed.rule.id}: leads and only leads are named hunt.*")


def levels_are_words(subject: Subject) -> Iterator[Problem]:
    """Literals a rule gives as severity or confidence are the words of the contract."""
    from sqlglot import exp

    for name, words in _LEVELS.items():
        for item in subject.statement.tree.find_all(exp.Alias):
            if item.alias == name:
                for case in item.find_all(exp.Case):
                    outcomes = [branch.args["true"] for branch in case.args["ifs"]] + [case.args.get("default")]
                    for outcome in outcomes:
                        if isinstance(outcome, exp.Literal) and outcome.is_string and outcome.name not in words.split():
                            yield subject.problem("sql", f"{outcome.name!r} is not a {name}; use one of {words}")


ERRORS: tuple[Check, ...] = (
    reads_only_views,
    is_portable,
    declares_parameters,
    requires_what_it_reads,
    projects_identity,
    projects_known_columns,
    binds,
    levels_are_words,
    speaks_of_its_columns,
    tests_fit_the_views,
)
ADVICE: tuple[Callable[[ParsedRule], Iterable[Problem]], ...] = (
    has_every_kind_of_test,
    stands_in_its_place,
    keeps_the_order,
    says_what_it_cannot_see,
    keeps_leads_apart,
)
