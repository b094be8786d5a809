"""CloudWatch Logs: `cloudwatch:LOG-GROUP`, one object for each closed hour (UTC), its events as text.

Permissions: `logs:DescribeLogGroups` and `logs:FilterLogEvents`; `ec2:DescribeFlowLogs` where the group holds VPC flow
logs of a custom format. An hour is closed 15 minutes after it ended, since events come late, and is then read once;
without `--since` the last 24 hours are read. Options: `filter` (a filter pattern), `streams` (a stream name's prefix),
`fields` (the order of a flow log's fields, where `ec2:DescribeFlowLogs` may not be asked).
Credentials and region come as for every AWS tool; `AWS_ENDPOINT_URL` names another endpoint. For volume, a subscription
to a bucket is cheaper: this path costs an API call for every 10,000 events.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, TargetError
from shadowscan.model.window import Window

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

SCHEME = "cloudwatch:"
LATE = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DEFAULT_HOURS = 24
MAX_ATTEMPTS = 8  # adaptive mode slows down on throttling before it is told to
_PLACEHOLDER = re.compile(r"\$\{([a-z0-9-]+)\}")


class CloudWatchSource:
    """Events of one log group."""

    id = "cloudwatch"

    def accepts(self, target: str) -> bool:
        """`cloudwatch:LOG-GROUP`."""
        return target.startswith(SCHEME)

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """One object a closed hour; raises `TargetError` where the group does not exist."""
        group = _group(target)
        _refuse_missing(group)
        horizon = datetime.now(UTC) - LATE
        end = min(window.end or horizon, horizon)
        hour = _floor_hour(window.start or _floor_hour(horizon) - DEFAULT_HOURS * HOUR)
        while hour + HOUR <= horizon and hour < end:
            yield RemoteObject(f"{target}/{hour:%Y-%m-%dT%H}", "closed", 0, hour + HOUR, may_be_empty=True)
            hour += HOUR

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Write the hour's events, each once: as JSON lines, or a flow log's records under the header they lack."""
        from botocore.exceptions import BotoCoreError, ClientError

        group = _group(target)
        hour = datetime.strptime(item.name.rpartition("/")[2], "%Y-%m-%dT%H").replace(tzinfo=UTC)
        path = folder / f"cloudwatch-{hour:%Y%m%dT%H}"
        try:
            header = "" if options.get("fields") else _flow_log_header(group)
            with path.open("w", encoding="utf-8") as out:
                for number, event in enumerate(_read_events(group, hour, options)):
                    if header and number == 0:
                        out.write(header + "\n")
                    out.write(_line(event, as_message=bool(header)) + "\n")
        except ClientError as error:
            raise _reading_error(item.name, error) from error
        except BotoCoreError as error:
            raise BadInputError(f"{item.name}: {error}", hint="run again; what was read is kept") from error
        return path


SOURCE = CloudWatchSource()


def _group(target: str) -> str:
    group = target.removeprefix(SCHEME)
    if not group:
        raise TargetError(f"{target} names no log group", hint="write cloudwatch:LOG-GROUP")
    return group


def _floor_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _read_events(group: str, hour: datetime, options: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every event of the hour once, in the order of the service; its end bound is the last millisecond of the hour."""
    request: dict[str, Any] = {
        "logGroupName": group,
        "startTime": int(hour.timestamp() * 1000),
        "endTime": int((hour + HOUR).timestamp() * 1000) - 1,
    }
    if options.get("filter"):
        request["filterPattern"] = options["filter"]
    if options.get("streams"):
        request["logStreamNamePrefix"] = options["streams"]
    seen: set[int] = set()
    for page in _client("logs", _endpoint("LOGS")).get_paginator("filter_log_events").paginate(**request):
        for event in page.get("events", []):
            key = hash(event.get("eventId") or (event["timestamp"], event["message"]))
            if key not in seen:
                seen.add(key)
                yield event


def _line(event: Mapping[str, Any], *, as_message: bool) -> str:
    if as_message:
        return str(event["message"]).replace("\n", " ").replace("\r", " ")
    return json.dumps(event, ensure_ascii=False, default=str)


def _flow_log_header(group: str) -> str:
    """The header of the flow log that fills the group; empty where none does, several differ, or we may not ask."""
    from botocore.exceptions import ClientError

    names = [{"Name": "log-group-name", "Values": [group]}]
    try:
        pages = _client("ec2", _endpoint("EC2")).get_paginator("describe_flow_logs").paginate(Filters=names)
        formats = {found.get("LogFormat", "") for page in pages for found in page.get("FlowLogs", [])}
    except ClientError:
        return ""
    return " ".join(_PLACEHOLDER.findall(formats.pop())) if len(formats) == 1 else ""


def _refuse_missing(group: str) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        pages = (
            _client("logs", _endpoint("LOGS")).get_paginator("describe_log_groups").paginate(logGroupNamePrefix=group)
        )
        found = any(one["logGroupName"] == group for page in pages for one in page["logGroups"])
    except ClientError as error:
        raise BadInputError(
            f"{SCHEME}{group} cannot be listed: {_code(error)}", hint="logs:DescribeLogGroups is needed"
        ) from error
    except BotoCoreError as error:
        raise BadInputError(f"{SCHEME}{group}: {error}", hint="check credentials, region and endpoint") from error
    if not found:
        raise TargetError(f"there is no log group {group}", hint="check its name and the region")


def _endpoint(service: str) -> str:
    return os.environ.get(f"AWS_ENDPOINT_URL_{service}") or os.environ.get("AWS_ENDPOINT_URL") or ""


@cache
def _client(service: str, endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(retries={"mode": "adaptive", "max_attempts": MAX_ATTEMPTS})
    return boto3.client(service, endpoint_url=endpoint or None, config=config)  # type: ignore[call-overload]


def _code(error: "ClientError") -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _reading_error(name: str, error: "ClientError") -> BadInputError:
    return BadInputError(f"{name} cannot be read: {_code(error)}", hint="logs:FilterLogEvents is needed; run again")
