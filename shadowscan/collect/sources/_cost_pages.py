"""Pages of a vendor's cost API, month by month, saved as they were answered.

A month is asked twice: grouped, and ungrouped for what the groups leave out. Days that have not closed for a vendor are
asked again on the next run: the object's version is the day it reaches to.
"""

import ipaddress
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from shadowscan.collect.sources.interface import RemoteObject
from shadowscan.errors import BadInputError, TargetError, UsageError
from shadowscan.model.window import Window

MONTHS_BACK = 6
SETTLED_AFTER = timedelta(days=4)  # a vendor's figures settle within 72 hours
TIMEOUT_SECONDS = 60
ATTEMPTS = 5
MAXIMUM_PAGES = 10_000
MAXIMUM_BYTES = 64_000_000
PASSING = frozenset({429, 500, 502, 503, 504, 529})


@dataclass(frozen=True, slots=True)
class CostApi:
    """One vendor's cost API. `query` gives the parameters of a span; `key_variable` holds an admin key."""

    target: str
    url: str
    endpoint_variable: str
    key_variable: str
    group_by: tuple[str, ...]
    query: Callable[[datetime, datetime], list[tuple[str, str]]]
    headers: Callable[[str], Mapping[str, str]]


def list_months(api: CostApi, window: Window) -> Iterator[RemoteObject]:
    """Two objects a UTC month, `grouped` and `total`; raises `TargetError` where there is no key."""
    if not os.environ.get(api.key_variable):
        raise TargetError(f"{api.target} needs an admin key", hint=f"export {api.key_variable}=…")
    now = datetime.now(UTC)
    start = (window.start or now - timedelta(days=30 * MONTHS_BACK)).astimezone(UTC)
    end = min(now, window.end or now)
    month = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month < end:
        following = _next_month(month)
        reached = following if following + SETTLED_AFTER < now else now.replace(minute=0, second=0, microsecond=0)
        for part in ("grouped", "total"):
            yield RemoteObject(f"{api.target}/{month:%Y-%m}/{part}", f"as of {reached:%Y-%m-%dT%H}", 0, now, True)
        month = following


def save_pages(api: CostApi, item: RemoteObject, folder: Path) -> Path:
    """Write every page of one month, with what it was grouped by; raises `BadInputError` where one cannot be had."""
    _, month, part = item.name.rsplit("/", 2)
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    groups = api.group_by if part == "grouped" else ()
    query = [*api.query(start, _next_month(start)), *(("group_by[]", name) for name in groups)]
    path = folder / f"{api.target.replace(':', '-')}-{month}-{part}.json"
    with path.open("w", encoding="utf-8") as out:
        for page in _pages(api, item.name, query):
            out.write(_marked(page, groups) + "\n")
    return path


def _pages(api: CostApi, name: str, query: Sequence[tuple[str, str]]) -> Iterator[str]:
    cursor, seen = "", set[str]()
    while len(seen) < MAXIMUM_PAGES:
        text = _get(api, name, [*query, ("page", cursor)] if cursor else query)
        page = _parse(text, name)
        yield text
        if not page.get("has_more"):
            return
        cursor = str(page.get("next_page") or "")
        if not cursor or cursor in seen:
            raise BadInputError(f"{name}: more pages are said to follow and none is named", hint="try again")
        seen.add(cursor)
    raise BadInputError(f"{name}: more than {MAXIMUM_PAGES} pages", hint="ask a shorter span with --since")


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        page = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{name}: the answer is not JSON", hint="is the endpoint the vendor's?") from error
    if not isinstance(page, dict) or not isinstance(page.get("data"), list):
        raise BadInputError(f"{name}: the answer is no page of data", hint="is the endpoint the vendor's?")
    return page


def _marked(text: str, groups: Sequence[str]) -> str:
    """The page with `group_by` put in as text: its numbers are never read and written again."""
    return '{"group_by": ' + json.dumps(list(groups)) + ", " + text.strip()[1:].lstrip()


def _get(api: CostApi, name: str, query: Sequence[tuple[str, str]]) -> str:
    key = os.environ.get(api.key_variable, "")
    request = urllib.request.Request(f"{_base(api)}?{urlencode(query)}", headers=dict(api.headers(key)))  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return str(answer.read(MAXIMUM_BYTES).decode("utf-8"))
        except urllib.error.HTTPError as error:
            if error.code not in PASSING or attempt == ATTEMPTS:
                raise _refused(api, name, error) from error
            time.sleep(_pause(error, attempt))
        except (OSError, HTTPException, UnicodeDecodeError) as error:
            raise BadInputError(f"{name} cannot be read: {error}", hint="is the network there?") from error
    raise AssertionError("the last attempt returns or raises")


def _refused(api: CostApi, name: str, error: urllib.error.HTTPError) -> BadInputError:
    hint = f"{api.key_variable} must be an admin key" if error.code in (401, 403) else "see the vendor's status page"
    return BadInputError(f"{name} cannot be read: HTTP {error.code}", hint=hint)


def _pause(error: urllib.error.HTTPError, attempt: int) -> float:
    said = error.headers.get("Retry-After", "")
    return min(float(said), 60.0) if said.isdecimal() else 0.5 * 2**attempt


def _base(api: CostApi) -> str:
    """The vendor's address, or a server on this machine in its place: an admin key goes nowhere else."""
    said = os.environ.get(api.endpoint_variable, "")
    if not said:
        return api.url
    try:
        local = ipaddress.ip_address(urlsplit(said).hostname or "").is_loopback
    except ValueError:
        local = False
    if not local:
        raise UsageError(
            f"{api.endpoint_variable}={said} is not on this machine", hint="an admin key is not sent there"
        )
    return said.rstrip("/") + urlsplit(api.url).path


def _next_month(month: datetime) -> datetime:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key is not carried on to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


@dataclass(frozen=True)
class CostSource:
    """The source of one vendor's cost API: the costs of the organization of one admin key."""

    id: str
    api: CostApi

    def accepts(self, target: str) -> bool:
        """Only the API's own target."""
        return target == self.api.target

    def list_objects(self, target: str, window: Window, options: Mapping[str, str]) -> Iterator[RemoteObject]:
        """Two objects a month; raises `TargetError` where there is no key."""
        return list_months(self.api, window)

    def fetch(self, target: str, item: RemoteObject, folder: Path, options: Mapping[str, str]) -> Path:
        """Write the month's pages; raises `BadInputError` where one cannot be had."""
        return save_pages(self.api, item, folder)
