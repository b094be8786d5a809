r"""Events of CloudWatch Logs as its API gives them: saved `filter-log-events` and `get-log-events` output, JSON lines.

Real shapes: one document, printed or not, or one event a line::

    {"events":[{"logStreamName":"eni-0a-all","timestamp":1785542400000,"message":"2 123456789012 eni-0a 10.0.1.5 …",
     "ingestionTime":1785542500000,"eventId":"3948"}],"searchedLogStreams":[]}
    {"eventId":"3948","ingestionTime":1785542500000,"logStreamName":"eni-0a-all","timestamp":1785542400000,"message":"…"}

`message` is one record of the log inside; line breaks in it become spaces. A message is what the service wrote, so a
flow log has no header here: the fields of a custom format come from the option `fields` of its source.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html.
"""

from pathlib import Path

from shadowscan.collect.containers.interface import MARK, Part, Unwrapped
from shadowscan.collect.formats._json_lines import Refused, is_lines, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.engines.duckdb import DuckDBEngine

# A document also holds objects that are no events, as in `searchedLogStreams`; in JSON lines such a line is a bad one.
WRITE_MESSAGES = """
copy (
  select coalesce(translate(message, chr(10) || chr(13), '  '), $mark)
  from read_json(
    $paths,
    format = 'newline_delimited',
    ignore_errors = true,
    hive_partitioning = false,
    columns = {message: 'VARCHAR'}
  )
  where message is not null
     or $has_bad_lines
)
to '{target}' (format csv, header false, quote '', escape '', delimiter '\x01')
"""

SURE_KEYS = frozenset({"eventId", "ingestionTime", "logStreamName"})


class CloudWatchEvents:
    """Events as the API of CloudWatch Logs gives them."""

    id = "cloudwatch_events"
    title = "CloudWatch Logs events (JSON)"
    is_certain = True

    def peek(self, head: Head) -> Head | None:
        """The messages of the first events."""
        records = [record for record in sample_records(head) if isinstance(record.get("message"), str)]
        if not records or not all("timestamp" in record and SURE_KEYS & record.keys() for record in records):
            return None
        return Head(head.name, "".join(f"{one_line(record['message'])}\n" for record in records).encode())

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """The messages, one a line."""
        target = folder / "messages.txt"
        with lay_lines([item]) as laid:
            values = {"paths": laid.paths, "mark": MARK, "has_bad_lines": is_lines(item.head)}
            engine.query(WRITE_MESSAGES.replace("{target}", quoted(target)), values)
        cut = laid.refused.get(item.source_id, Refused())
        return Unwrapped([Part("", target)], cut.count, cut.first)


CONTAINER = CloudWatchEvents()


def quoted(path: Path) -> str:
    """A path of ours inside a SQL text, which `copy … to` takes no parameter for."""
    return str(path).replace("'", "''")


def one_line(message: str) -> str:
    """A message as one record, as `translate` writes it."""
    return message.replace("\n", " ").replace("\r", " ")
