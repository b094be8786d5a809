r"""CloudWatch Logs through a subscription filter: what Firehose or Lambda writes to a bucket.

Real shape; Firehose puts one document after another without a line break::

    {"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/vpc/flow","logStream":"eni-0a-all",
     "subscriptionFilters":["all"],"logEvents":[{"id":"3948","timestamp":1785542400000,"message":"2 123456789012 …"}]}

`logEvents[].message` is one record of the log inside. Log groups and owners are kept apart, since one stream may carry
several: each is an object of its own, named `OBJECT!LOG-GROUP` where there is more than one. `owner` is the account of
records that name none. `CONTROL_MESSAGE` documents, with which CloudWatch tests the way, are passed by.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html.
"""

from collections.abc import Sequence
from pathlib import Path

from shadowscan.collect.containers.cloudwatch_events import one_line, quoted
from shadowscan.collect.containers.interface import MARK, Part, Unwrapped
from shadowscan.collect.formats._json_lines import Refused, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.engines.duckdb import DuckDBEngine

CREATE_DOCUMENTS = """
create or replace temp table subscription_document as
select
  r.logGroup as log_group,
  coalesce(r.owner, '') as owner,
  r.messageType as message_type,
  r.logEvents as events
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    messageType: 'VARCHAR',
    owner: 'VARCHAR',
    logGroup: 'VARCHAR',
    logEvents: 'STRUCT(message VARCHAR)[]'
  }
) as r
"""

BAD_DOCUMENTS = """
select count(*), min(rowid) + 1
from subscription_document
where message_type is distinct from 'CONTROL_MESSAGE'
  and (log_group is null or events is null)
"""

CREATE_MESSAGES = """
create or replace temp table subscription_message as
select log_group, owner, unnest(events).message as message
from subscription_document
where message_type is distinct from 'CONTROL_MESSAGE'
  and log_group is not null
"""

LOGS = """
select distinct log_group, owner
from subscription_message
order by log_group, owner
"""

WRITE_MESSAGES = """
copy (
  select coalesce(translate(message, chr(10) || chr(13), '  '), $mark)
  from subscription_message
  where log_group = $log_group
    and owner = $owner
)
to '{target}' (format csv, header false, quote '', escape '', delimiter '\x01')
"""

OURS = frozenset({"messageType", "logEvents", "logGroup"})


class CloudWatchSubscription:
    """Documents of a subscription filter."""

    id = "cloudwatch_subscription"
    title = "CloudWatch Logs subscription (JSON)"
    is_certain = True

    def peek(self, head: Head) -> Head | None:
        """The messages of the first documents."""
        records = [record for record in sample_records(head) if record.keys() >= OURS]
        events = [event for record in records if isinstance(record["logEvents"], list) for event in record["logEvents"]]
        messages = [event["message"] for event in events if isinstance(event, dict) and "message" in event]
        if not records:
            return None
        return Head(head.name, "".join(f"{one_line(str(message))}\n" for message in messages).encode())

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """The messages of each log group and owner, one a line."""
        with lay_lines([item]) as laid:
            engine.query(CREATE_DOCUMENTS, {"paths": laid.paths})
        bad, first = engine.query(BAD_DOCUMENTS).rows[0]
        engine.query(CREATE_MESSAGES)
        logs = [(str(group), str(owner)) for group, owner in engine.query(LOGS).rows]
        parts = [_write_part(engine, log, logs, folder / f"messages-{n}.txt") for n, log in enumerate(logs)]
        engine.query("drop table subscription_message")
        engine.query("drop table subscription_document")
        cut = laid.refused.get(item.source_id, Refused())
        words = cut.first or (f"document {first} is no subscription message" if bad else "")
        return Unwrapped(parts, cut.count + bad, words)


CONTAINER = CloudWatchSubscription()


def _write_part(engine: DuckDBEngine, log: tuple[str, str], logs: Sequence[tuple[str, str]], target: Path) -> Part:
    group, owner = log
    values = {"log_group": group, "owner": owner, "mark": MARK}
    engine.query(WRITE_MESSAGES.replace("{target}", quoted(target)), values)
    has_twin = sum(one == group for one, _ in logs) > 1
    name = f"{group}@{owner}" if has_twin else group
    return Part(name if len(logs) > 1 else "", target, {"account_id": owner} if owner else {})
