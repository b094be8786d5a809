"""What the two kinds of Azure flow logs share: comma tuples, counted both ways, in documents of nested groups.

One tuple is one conversation at one moment. It becomes one `flow` row for what the source sent and, where the
destination sent anything, one for the answer: a row of `flow` is one direction.

Counters are those since the tuple before (Azure says so of `C` and `E`), so they add up, and the tuple before is where
the interval starts: a name is found by the answer that a client had when it called, not when it hung up. A tuple that
begins a conversation has no counters. It is a row only while nothing follows it in its object; else it is the start of
what follows.

One record is a minute of an interface and may hold 100,000 tuples. So the tuples are laid out one a line by Python, a
group at a time, and everything that is done with each of them is done in SQL: memory stays that of one record.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import IO, Any

from shadowscan.collect.formats._flow import FlowRecords, take_flows
from shadowscan.collect.formats._json_lines import Refused, add_refused, read_records
from shadowscan.collect.formats.interface import LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

MAX_TUPLE = 1000  # characters; a real one has about 80
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

CREATE_GROUPS = """
create or replace temp table azure_group (
  group_id bigint,
  file bigint,
  line bigint,
  account_id varchar,
  vpc_id varchar,
  subnet_id varchar,
  region varchar,
  interface_id varchar
)
"""

INSERT_GROUPS = """
insert into azure_group
select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)
"""

# A line is the group's number and the tuple. Seven positions are the same in every kind and version.
RECORDS = """
with tuple as (
  select string_split(line_text, ',') as part
  from read_csv(
    $path,
    columns = {line_text: 'varchar'},
    delim = chr(1),
    header = false,
    quote = '',
    escape = '',
    auto_detect = false
  )
),
typed as (
  select
    try_cast(part[1] as bigint) as group_id,
    epoch_time(try_cast(part[2] as bigint)) as moment,
    hash(part[3:8]) as conversation,
    part[3] as source,
    part[4] as target,
    try_cast(part[5] as integer) as source_port,
    try_cast(part[6] as integer) as target_port,
    case part[7] when 'T' then 6 when 'U' then 17 else try_cast(part[7] as integer) end as protocol,
    part[8] = 'I' as is_inbound,
    part[9] = 'D' as is_denied,
    part[{state}] as state,
    try_cast(part[11] as bigint) as packets_sent,
    try_cast(part[12] as bigint) as bytes_sent,
    try_cast(part[13] as bigint) as packets_back,
    try_cast(part[14] as bigint) as bytes_back
  from tuple
),
followed as (
  select
    t.*,
    g.* exclude (group_id),
    lag(moment) over in_time as moment_before,
    lead(state) over in_time as state_after
  from typed as t
  join azure_group as g on g.group_id = t.group_id
  window in_time as (partition by file, interface_id, conversation order by moment, state)
),
way as (
  select *, unnest([false, true]) as is_answer
  from followed
)
select
  file,
  line,
  case when state = 'B' and state_after in ('C', 'E') then 'nodata' end as status,
  case when state in ('C', 'E') then coalesce(moment_before, moment) else moment end as started_at,
  moment as ended_at,
  case when is_answer then target else source end as source_text,
  case when is_answer then source else target end as target_text,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  case when is_answer then target_port else source_port end as source_port,
  case when is_answer then source_port else target_port end as target_port,
  protocol,
  case when is_inbound = is_answer then 'egress' else 'ingress' end as flow_direction,
  case when is_answer then bytes_back else bytes_sent end as bytes,
  case when is_answer then packets_back else packets_sent end as packets,
  is_denied,
  account_id,
  vpc_id,
  subnet_id,
  region,
  interface_id
from way
where not is_answer
   or packets_back > 0
   or bytes_back > 0
"""

COLUMNS = {
    "sensor": "'flow_log'",
    "account_id": "account_id",
    "vpc_id": "vpc_id",
    "subnet_id": "subnet_id",
    "interface_id": "interface_id",
    "region": "region",
    "action": "case when is_denied then 'reject' else 'accept' end",
}

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """What a record says of its own place, in lower case."""

    account_id: str = UNKNOWN
    vpc_id: str = UNKNOWN
    subnet_id: str = UNKNOWN
    region: str = UNKNOWN


Group = tuple[int, int, Place, str]  # file, number of the record, its place, interface


@dataclass(frozen=True, slots=True)
class TupleLog:
    """One kind of Azure flow log. `state` is the position of the state in a line of `RECORDS`.

    `place_of` gives None for a record of another log. `groups_of` gives each interface with its list of tuples; it may
    raise `LookupError`, `TypeError` or `AttributeError` where they are not where they belong.
    """

    state: int
    place_of: Callable[[dict[str, Any]], Place | None]
    groups_of: Callable[[dict[str, Any]], Iterator[tuple[object, list[object]]]]

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert both directions of every tuple."""
        path = Path(f"{items[0].path}.tuples.txt")
        refused = {item.source_id: Refused() for item in items}
        groups: list[Group] = []
        try:
            with path.open("w", encoding="utf-8", errors="replace") as out:
                for file, item in enumerate(items):
                    self._lay(file, item, groups, out, refused[item.source_id])
            _store_groups(engine, groups)
            records = FlowRecords(RECORDS.replace("{state}", str(self.state)), COLUMNS, {"path": str(path)})
            counts = take_flows(engine, items, records)
            engine.query("drop table azure_group")
        finally:
            path.unlink(missing_ok=True)
        return {source_id: add_refused(count.normalised(), refused[source_id]) for source_id, count in counts.items()}

    def _lay(self, file: int, item: LocalObject, groups: list[Group], out: IO[str], refused: Refused) -> None:
        """Write the tuples of one object a line each, and add its groups."""
        for number, record in read_records(item, refused):
            place = self.place_of(record)
            if place is None:
                refused.add(f"record {number} is of another log")
                continue
            try:
                for interface, tuples in self.groups_of(record):
                    out.write(_as_lines(len(groups), tuples))
                    groups.append((file, number, place, str(interface or UNKNOWN).lower()))
            except (LookupError, TypeError, AttributeError):
                refused.add(f"record {number} has no flow tuples where they belong")


def resource_part(resource_id: object, kind: str) -> str:
    """One part of an Azure resource id, in lower case: what follows `/kind/`; `unknown` where it is not there."""
    found = re.search(rf"/{kind}/([^/]+)", resource_id.lower()) if isinstance(resource_id, str) else None
    return found[1] if found else UNKNOWN


def _as_lines(group: int, tuples: list[object]) -> str:
    """The tuples of one group, a line each; what would break a line or is absurdly long is no tuple."""
    texts = [one if isinstance(one, str) else "" for one in tuples]
    if not "".join(texts).isprintable() or max(map(len, texts), default=0) > MAX_TUPLE:
        texts = [_CONTROL.sub("?", text)[:MAX_TUPLE] for text in texts]
    return "".join(f"{group},{text}\n" for text in texts)


def _store_groups(engine: DuckDBEngine, groups: list[Group]) -> None:
    engine.query(CREATE_GROUPS)
    rows = [(key, file, line, *astuple(place), interface) for key, (file, line, place, interface) in enumerate(groups)]
    if rows:
        engine.query(INSERT_GROUPS, [list(column) for column in zip(*rows, strict=True)])
