r"""Query logs that DNS servers write as text: one expression reads a line, one tells the server's other lines.

A format gives an RE2 expression with one group for each of `names`, among them `outer_time` `own_time` `client` `name`
`query_type`. Lines are staged in `server_line`, in order, with `is_question`, `is_matched`, `logged_at` and the names;
what is no line of the server at all is refused. A time that a container runtime wrote before the line wins over the
line's own, since it has a year and a zone. A line without any time has that of the file, and a note counts it.

The server asks for nobody but who is in the line, so `resolver_id`, the mark of one who asks for others, stays empty:
what a server asks upstream stands in the log of the resolver behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._lines import stage_lines
from shadowscan.collect.formats._log_time import ISO, SYSLOG, list_log_files
from shadowscan.collect.formats._notes import count_notes, with_notes
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

ADDRESS = r"[0-9a-fA-F.:]*[0-9a-fA-F]"
TIMES = frozenset({"outer_time", "own_time"})
LOOKED_AT = 200
LONGEST = 1024  # of a line that recognition looks at

# A line of another program in the same syslog.
_ANOTHER_PROGRAM = rf"^(?:<\d+>)?(?:{ISO}|{SYSLOG}) \S+ [\w./()-]+(?:\[\d+\])?: "

STAGE = """
create or replace temp table server_line as
with matched as (
  select
    l.file,
    l.line,
    l.line_rowid,
    f.written_at,
    f.zone,
    regexp_extract(l.text, $expression, {names}) as part,
    l.text
  from log_line as l
  join log_file as f on f.file = l.file
)
select
  file,
  line,
  line_rowid,
  ({values}) <> '' as is_matched,
  part.name <> '' as is_question,
  coalesce(log_time(part.outer_time, written_at, zone), log_time(part.own_time, written_at, zone)) as said_at,
  coalesce(said_at, case when is_matched and part.outer_time || part.own_time = '' then written_at end) as logged_at,
  part.outer_time || part.own_time = '' as is_timeless,
  part.outer_time = '' and regexp_matches(part.own_time, '^[A-Z]') as is_yearless,
  part.* exclude (outer_time, own_time)
from matched
where ({values}) <> ''
   or regexp_matches(text, $questions)
   or not regexp_matches(text, $others)
order by line_rowid
"""

QUESTIONS = """
select
  file,
  line,
  logged_at as queried_at,
  nullif(name, '') as name,
  query_type,
  nullif(rcode, '') as response_code,
  nullif(client, '') as client_text,
  null::struct(rdata varchar, "type" varchar)[] as answers,
  'allow' as verdict_action
from server_line
where (is_question or not is_matched)
"""

# Where a file has replies, with a code, each repeats its question.
_IS_FIRST = "  and (rcode <> '' or not is_matched or file not in (select file from server_line where rcode <> ''))\n"
REPLIES_FIRST = QUESTIONS + _IS_FIRST

COLUMNS = {
    "account_id": "path_account_id",
    "vpc_id": "'unknown'",
    "region": "path_region",
    "instance_id": "'unknown'",
    "action": "verdict_action",
}

NOTES = """
insert into coverage_note by name
with said as (
  select file, 'no_time' as kind, logged_at
  from server_line
  where is_question
    and is_timeless
  union all
  select file, 'no_year', logged_at
  from server_line
  where is_question
    and is_yearless
)
select
  f.source_id,
  s.kind,
  case s.kind
    when 'no_time' then count(*) || ' questions have no time: that of the file was taken'
    else count(*) || ' questions have no year: it was told by the time of the file'
  end as detail,
  count(*) as count,
  0 as lost_seconds,
  min(s.logged_at) as first_at,
  max(s.logged_at) as last_at
from said as s
join log_file as f on f.file = s.file
group by f.source_id, s.kind
"""


@dataclass(frozen=True)
class ServerLog:
    """How one server writes: `expression` with a group for each of `names`, `others` for lines that are no question.

    `questions` tells a line that should have been one, such as a cut one.
    """

    expression: str
    names: tuple[str, ...]
    others: str
    questions: str

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.expression), re.compile(self.others)

    def share(self, head: Head) -> float:
        """Share of the first lines that are the server's, 0 where none is a question. Total on hostile bytes."""
        lines = [line[:LONGEST] for line in head.lines[:LOOKED_AT] if line.strip()]
        pattern, other = self._patterns
        found = [pattern.search(line) for line in lines]
        if not any(match is not None and match[self.names.index("name") + 1] for match in found):
            return 0.0  # before anything else is looked for: every object of any log passes here
        known = sum(
            match is not None or other.search(line) is not None for match, line in zip(found, lines, strict=True)
        )
        return known / len(lines)


def take_server_log(
    engine: DuckDBEngine, items: Sequence[LocalObject], log: ServerLog, questions: str = QUESTIONS, ttl: str = "-1"
) -> dict[int, Normalised]:
    """Insert the questions of these objects, and notes of missing times; by `source_id`.

    `questions` is a query over `server_line` as `_dns` wants it, with `verdict_action`.
    """
    refused = stage_lines(engine, [item.path for item in items])
    list_log_files(engine, items)
    patterns = {
        "expression": log.expression,
        "others": f"{log.others}|{_ANOTHER_PROGRAM}",
        "questions": log.questions,
    }
    values = " || ".join(f"part.{name}" for name in log.names if name not in TIMES)
    engine.query(STAGE.replace("{names}", str(list(log.names))).replace("{values}", values), patterns)
    found = take_questions(engine, items, DnsRecords(questions, COLUMNS, ttl=ttl))
    engine.query(NOTES)
    notes = count_notes(engine, items)
    for table in ("server_line", "log_line", "log_file"):
        engine.query(f"drop table {table}")
    return {
        item.source_id: add_up(
            with_notes(found[item.source_id].normalised(), notes.get(item.source_id, 0)),
            refused.get(file, Normalised({})),
        )
        for file, item in enumerate(items)
    }


@dataclass
class DnsServerFormat:
    """The format of one server's log. `questions` is as in `take_server_log`."""

    id: str
    title: str
    log: ServerLog
    questions: str = QUESTIONS
    tables: tuple[str, ...] = ("dns_query", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first lines that are the server's, where one is a question."""
        return round(0.95 * self.log.share(head), 2)

    def group_key(self, item: LocalObject) -> str:
        """One expression reads them all."""
        return "text"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert questions, and answered addresses where the log has them."""
        return take_server_log(engine, items, self.log, self.questions)
