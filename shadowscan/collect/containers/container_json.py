r"""Logs of containers as Docker keeps them (`json-file`), and as log shippers of Kubernetes write them: JSON lines.

Real shapes: Docker's own, and Fluent Bit's with the pod beside it::

    {"log":"[INFO] 10.1.0.21:53116 - 24044 \"A IN api.openai.com. udp 45 false 1232\" …\n","stream":"stdout",
     "time":"2026-08-01T00:00:03.123456789Z"}
    {"@timestamp":"2026-08-01T00:00:03.123Z","stream":"stdout","_p":"F","log":"[INFO] 10.1.0.21:53117 - …",
     "kubernetes":{"pod_name":"coredns-5d78c9869d-8xk2p","namespace_name":"kube-system","container_name":"coredns"}}

`log` is one record of the log inside; line breaks in it become spaces. `time`, else `@timestamp`, is kept before it
where a format reads the log with it. Containers are kept apart: each is an object of its own, named `OBJECT!CONTAINER`
where there is more than one. Taken for a container only where a format knows what is inside.

Sources: https://docs.docker.com/engine/logging/drivers/json-file/,
https://docs.fluentbit.io/manual/pipeline/filters/kubernetes.
Doubts: a record longer than 16 KiB, which Docker breaks into several, is not put together again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shadowscan.collect.containers._time_before import head_of, needs_time
from shadowscan.collect.containers.cloudwatch_events import one_line, quoted
from shadowscan.collect.containers.interface import MARK, Part, Unwrapped
from shadowscan.collect.formats._json_lines import Refused, is_lines, lay_lines, sample_records
from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.collect.recognise import is_known
from shadowscan.engines.duckdb import DuckDBEngine

CREATE_RECORDS = """
create or replace temp table container_record as
select
  coalesce(r.kubernetes.container_name, '') as container_name,
  coalesce(r."time", r."@timestamp", '') as logged_at,
  translate(rtrim(r.log, chr(10) || chr(13)), chr(10) || chr(13), '  ') as message
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    log: 'VARCHAR',
    "time": 'VARCHAR',
    "@timestamp": 'VARCHAR',
    kubernetes: 'STRUCT(container_name VARCHAR)'
  }
) as r
where r.log is not null
   or $has_bad_lines
"""

NAMES = """
select distinct container_name
from container_record
where message is not null
order by container_name
"""

WRITE_MESSAGES = """
copy (
  select coalesce(case when $is_timed and logged_at <> '' then logged_at || ' ' else '' end || message, $mark)
  from container_record
  where (container_name = $name and message is not null)
     or (message is null and $is_first)
  order by rowid
)
to '{target}' (format csv, header false, quote '', escape '', delimiter '\x01')
"""

BESIDE = frozenset({"stream", "time", "kubernetes"})


class ContainerJson:
    """Docker's `json-file`, and the records of log shippers."""

    id = "container_json"
    title = "Container logs of Docker and of log shippers (JSON lines)"
    is_certain = False

    def peek(self, head: Head) -> Head | None:
        """The first messages of one container, of a known log where there is one."""
        heads = [_inside(head.name, records) for records in _by_container(head).values()]
        return next((one for one in heads if is_known(one)), heads[0] if heads else None)

    def unwrap(self, engine: DuckDBEngine, item: LocalObject, folder: Path) -> Unwrapped:
        """The messages of each container, one a line."""
        with lay_lines([item]) as laid:
            engine.query(CREATE_RECORDS, {"paths": laid.paths, "has_bad_lines": is_lines(item.head)})
        names = [str(name) for (name,) in engine.query(NAMES).rows]
        timed = {
            name: needs_time(_timed(records), _bare(records)) for name, records in _by_container(item.head).items()
        }
        parts = []
        for number, name in enumerate(names):
            path = folder / f"messages-{number}.txt"
            is_timed = timed.get(name, any(timed.values()))
            values = {"name": name, "mark": MARK, "is_timed": is_timed, "is_first": number == 0}
            engine.query(WRITE_MESSAGES.replace("{target}", quoted(path)), values)
            parts.append(Part(name if len(names) > 1 else "", path))
        engine.query("drop table container_record")
        cut = laid.refused.get(item.source_id, Refused())
        return Unwrapped(parts, cut.count, cut.first)


CONTAINER = ContainerJson()


def _by_container(head: Head) -> dict[str, list[dict[str, Any]]]:
    """The first records by the container's name; empty where one is no such record."""
    records = sample_records(head)
    if not all(isinstance(record.get("log"), str) and BESIDE & record.keys() for record in records):
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        pod = record.get("kubernetes")
        name = pod.get("container_name") if isinstance(pod, dict) else None
        found.setdefault(name if isinstance(name, str) else "", []).append(record)
    return found


def _inside(name: str, records: Sequence[dict[str, Any]]) -> Head:
    timed, bare = _timed(records), _bare(records)
    return head_of(name, timed if needs_time(timed, bare) else bare)


def _bare(records: Sequence[dict[str, Any]]) -> list[str]:
    return [one_line(record["log"].rstrip("\r\n")) for record in records]


def _timed(records: Sequence[dict[str, Any]]) -> list[str]:
    times = [record.get("time") or record.get("@timestamp") or "" for record in records]
    return [f"{time} {text}" if time else text for time, text in zip(times, _bare(records), strict=True)]
