"""From options to a request of the pipeline."""

import re
from datetime import UTC, datetime, timedelta

from shadowscan.cli._options import RuleOptions
from shadowscan.errors import NotYetError, UsageError
from shadowscan.inputs import Request
from shadowscan.model.window import Window

_DAYS = re.compile(r"^(\d+)([dhw])$")
_UNITS = {"d": "days", "h": "hours", "w": "weeks"}


def to_request(options: RuleOptions, **more: object) -> Request:
    """The request that these options mean; raises `UsageError` for a value that makes no sense."""
    if options.engine != "duckdb":
        raise NotYetError(f"--engine {options.engine}")
    since, until = parse_moment(options.since, "--since"), parse_moment(options.until, "--until")
    if since and until and since >= until:
        raise UsageError(f"--since {options.since} is not before --until {options.until}", hint="turn them round")
    return Request(
        policy=options.policy,
        owners=options.owners,
        config=options.config,
        db=options.db,
        rules=tuple(options.rules),
        select=split_list(options.select),
        ignore=split_list(options.ignore),
        window=Window(since, until),
        baseline=options.baseline,
        redact_people=options.redact_people,
        memory=options.memory,
        threads=options.threads,
        **more,  # type: ignore[arg-type]
    )


def split_list(values: list[str]) -> tuple[str, ...]:
    """`a,b` and repeated options alike."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def parse_moment(text: str, option: str) -> datetime | None:
    """A date (its midnight UTC), an RFC 3339 time, or an age such as `30d`; None for empty."""
    if not text:
        return None
    age = _DAYS.match(text)
    if age:
        return datetime.now(UTC) - timedelta(**{_UNITS[age.group(2)]: int(age.group(1))})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is not a time", hint="write 2026-10-01, 2026-10-01T08:00:00Z or 30d"
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
