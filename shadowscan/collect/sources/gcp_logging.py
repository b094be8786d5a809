"""Google Cloud Logging: `gcp-logging:PROJECT`, one object for each UTC day and log, entries as JSON lines.

The logs are those that a format reads: VPC flows and Cloud DNS queries. An option `filter` (Logging query language)
takes their place: then a day is one object of what it lets through.

Permission: `roles/logging.viewer` (Data Access logs: `roles/logging.privateLogViewer`). Whole days are read, up to
15 minutes ago since entries come late, and 15 minutes past `--until` for the same reason: the window itself is kept by
event time. Without `--since` that is yesterday and today. A full quota (60 requests a minute by default) is waited for.
For volume, a Log Router sink to a bucket is cheaper: this path costs about 28 times a file.
`SHADOWSCAN_GCP_LOGGING_ENDPOINT` names a local emulator (loopback only, since the channel is not encrypted).
"""

import ipaddress
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, TargetError, UsageError
from shadowscan.model.window import Window

SCHEME = "gcp-logging:"
ENDPOINT = "SHADOWSCAN_GCP_LOGGING_ENDPOINT"
LATE = timedelta(minutes=15)
DAY = timedelta(days=1)
PAGE_SIZE = 1000
PATIENCE_SECONDS = 600.0
LOGS = {
    "vpc_flows": 'log_id("compute.googleapis.com/vpc_flows") OR log_id("networkmanagement.googleapis.com/vpc_flows")',
    "dns_queries": 'log_id("dns.googleapis.com/dns_queries")',
}
FILTERED = "filtered"


class GcpLoggingSource:
    """Log entries of one project."""

    id = "gcp_logging"

    def accepts(self, target: str) -> bool:
        """`gcp-logging:PROJECT`."""
        return target.startswith(SCHEME)

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """One object a UTC day and log; its version is how far the day had come, so an open day is read again."""
        if not target.removeprefix(SCHEME):
            raise TargetError(f"{target} names no project", hint="write gcp-logging:PROJECT")
        horizon = datetime.now(UTC) - LATE
        if window.end is not None:
            horizon = min(horizon, window.end + LATE)
        day = _floor_day(window.start or horizon - DAY)
        while day < horizon:
            end = min(day + DAY, horizon)
            for log in [FILTERED] if options.get("filter") else LOGS:
                yield RemoteObject(f"{target}/{day:%Y-%m-%d}/{log}", f"until {end.isoformat()}", 0, end)
            day += DAY

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Write the day's entries as JSON lines. Both bounds are always passed: the library adds its own otherwise."""
        from google.api_core.exceptions import GoogleAPICallError, RetryError
        from google.auth.exceptions import GoogleAuthError

        _, day, log = item.name.rsplit("/", 2)
        end = item.version.removeprefix("until ")
        chosen = options["filter"] if log == FILTERED else LOGS[log]
        wanted = f'({chosen}) AND timestamp >= "{day}T00:00:00+00:00" AND timestamp < "{end}"'
        path = folder / f"gcp-logging-{day}-{log}"
        try:
            with path.open("w", encoding="utf-8") as out:
                for line in _read_lines(target.removeprefix(SCHEME), wanted):
                    out.write(line + "\n")
        except (GoogleAPICallError, RetryError, GoogleAuthError) as error:
            raise BadInputError(
                f"{item.name} cannot be read: {str(error).splitlines()[0]}", hint="roles/logging.viewer is needed"
            ) from error
        return path


SOURCE = GcpLoggingSource()


def _floor_day(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _read_lines(project: str, wanted: str) -> Iterator[str]:
    from google.cloud.logging_v2 import types
    from google.protobuf.json_format import MessageToJson

    request = {
        "resource_names": [f"projects/{project}"],
        "filter": wanted,
        "order_by": "timestamp asc",
        "page_size": PAGE_SIZE,
    }
    for entry in _open_client().list_log_entries(request=request, retry=_retry(), timeout=PATIENCE_SECONDS):
        yield MessageToJson(types.LogEntry.pb(entry), indent=None)


def _retry() -> Any:
    """What the library retries by itself, and a full quota, which it does not."""
    from google.api_core import exceptions, retry

    passing = (
        exceptions.ResourceExhausted,
        exceptions.ServiceUnavailable,
        exceptions.DeadlineExceeded,
        exceptions.InternalServerError,
    )
    return retry.Retry(predicate=retry.if_exception_type(*passing), initial=0.5, maximum=30, timeout=PATIENCE_SECONDS)


def _open_client() -> Any:
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client

    endpoint = os.environ.get(ENDPOINT, "")
    if not endpoint:
        return LoggingServiceV2Client()
    import grpc  # type: ignore[import-untyped]
    from google.cloud.logging_v2.services.logging_service_v2.transports import LoggingServiceV2GrpcTransport

    _refuse_remote(endpoint)
    return LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=grpc.insecure_channel(endpoint)))


def _refuse_remote(endpoint: str) -> None:
    host = endpoint.rpartition(":")[0].strip("[]")
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise UsageError(f"{ENDPOINT}={endpoint} is not on this machine", hint="an emulator's channel is not encrypted")
