"""The portable subset: what is refused, and that what is refused says why."""

import pytest

from shadowscan.engines.portable import SqlError, parse, portability_problems, transpile

REFUSED = {
    "select a / b as a from t": "division",
    "select a * b as a from t": "decimals",
    "select avg(a) as a from t": "avg()",
    "select round(a, 2) as a from t": "round()",
    "select median(a) as a from t": "median()",
    "select cast(a as double) as a from t": "cast to double",
    "select cast(sum(a) as hugeint) as a from t": "cast to int128",
    "select cast(a as integer) as a from t": "cast to int",
    "select try_cast(a as bigint) as a from t": "try_cast",
    "select date_diff('day', a, b) as a from t": "datediff()",
    "select epoch(a) as a from t": "time_to_unix()",
    "select now() as a from t": "portable subset",
    "select a from t where regexp_matches(a, 'x')": "regular expressions",
    "select a from t where a ilike 'x'": "lower(x)",
    "select a from t where a not in (select b from u)": "not exists",
    "select a from t qualify row_number() over (order by a nulls last) = 1": "qualify",
    "select a, count(*) as b from t group by all": "group by all",
    "select a, count(*) as b from t group by 1": "group by a number",
    "select * from t": "name the columns",
    "select a from t order by a": "order by belongs",
    "select a from t limit 1": "limit",
    "select a from t union select a from u": "union all",
    "select a from t asof join u on t.a >= u.a": "asof",
    "select t.a from t join u using (a)": "with on",
    "select substring(a, 0, 2) as a from t": "substring starts at 1",
    "select a from t where b > c - interval '7' day": "seconds",
    "select lag(a) over (partition by b) as c from t": "tie-breaker",
    "select row_number() over (order by a) as c from t": "nulls first or nulls last",
    "select unnest(a) as a from t": "portable subset",
    "select [1, 2] as a from t": "lists",
    "select string_agg(a, ',') as a from t": "portable subset",
    "select a as b from t where b = 1": "alias",
    "with recursive x as (select 1 as a) select a from x": "recursive",
    "select a from read_csv('x.csv')": "read_csv()",
}
ALLOWED = [
    "select a, count(*) as n, count(distinct b) as m from t group by a having count(*) > 1",
    "select cast(sum(a) as bigint) as a from t where b in ('x', 'y') and c not in ('z')",
    "with x as (select a from t) select x.a from x left join u on x.a = u.a and u.b between 1 and 2",
    "select row_number() over (partition by a order by b desc nulls last, c asc nulls last) as n from t",
    "select a || '/' || lower(b) as a from t where not exists (select 1 from u where u.a = t.a)",
    "select max(case when a > b - interval '60' second then 1 else 0 end) as m from t where c like 'x%'",
    "select sum(a) as a from t union all select sum(b) as a from u",
]


@pytest.mark.parametrize(("sql", "said"), REFUSED.items())
def test_what_differs_between_engines_is_refused_and_says_so(sql: str, said: str) -> None:
    assert said in " ".join(portability_problems(parse(sql)))


@pytest.mark.parametrize("sql", ALLOWED)
def test_the_measured_constructs_pass(sql: str) -> None:
    assert portability_problems(parse(sql)) == ()


@pytest.mark.parametrize("sql", ["drop table t", "select 1; select 2", "select a from", "select 'a", "", "-- nothing"])
def test_anything_but_one_select_is_an_error(sql: str) -> None:
    with pytest.raises(SqlError):
        parse(sql)


def test_a_statement_knows_what_it_reads_and_binds() -> None:
    statement = parse("with x as (select a from t where b = $limit) select x.a, u.c as d from x join u on x.a = u.a")

    assert statement.tables == {"t", "u"}
    assert statement.columns == ("a", "d")
    assert statement.parameters == {"limit"}


def test_spark_gets_its_own_spelling() -> None:
    assert ":limit" in transpile("select a from t where b = $limit", "spark")
