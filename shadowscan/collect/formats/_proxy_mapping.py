"""Which column of a proxy's export means what: shipped mappings as data, and the mapping file of a user.

Names of columns are compared folded: case, spaces, `_`, `-`, `.` and brackets do not count.
"""

import re
import zoneinfo
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from shadowscan.collect.formats._mapping_file import find_mapping_file
from shadowscan.collect.formats.interface import LocalObject
from shadowscan.documents import Entry, check, read_yaml
from shadowscan.errors import BadInputError

PROXY_MAPPINGS = Path(__file__).parent / "proxy_mappings"
GENERIC = "generic"
LEAST_HITS = 5  # of a product's names, in a header: fewer are names that any log has
# https://duckdb.org/docs/stable/sql/functions/dateformat: what a time format may have behind `%`.
TIME_CODE = re.compile(r"-[dHIjmMSy]|[aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%]")
PLACES = frozenset({"host", "url", "sni", "server"})

Meaning = Literal[
    "time", "date", "duration", "duration_ms", "client", "client_port", "host", "url", "scheme", "sni", "method",
    "server", "server_port", "protocol", "bytes_out", "bytes_in", "bytes_both", "action", "workload",
]  # fmt: skip


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Rows(Entry):
    """Rows of one kind: those whose column has one of some values; `refused` where all of them are attempts."""

    only: dict[str, Words] = Field(default_factory=dict)
    columns: dict[Meaning, Words] = Field(default_factory=dict)
    refused: bool = False


class ProxyMapping(Entry):
    """`proxy_csv.mapping.yaml`, and the files that ship.

    `columns` gives the names of columns by meaning, the better first. A file without a header has `order`, the names
    of its columns, and is known by `recognise`, expressions for the values of some. `rows` tells kinds of rows apart:
    what fits none is passed by. `refused` lists the actions that mean an attempt; left out, the usual words do.
    """

    title: str = ""
    source: str = ""
    delimiter: Literal["", ",", ";", "\t", "|", " "] = ""
    order: Words = ()
    recognise: dict[str, str] = Field(default_factory=dict)
    columns: dict[Meaning, Words] = Field(default_factory=dict)
    rows: tuple[Rows, ...] = ()
    refused: Words = ()
    timezone: str = "UTC"
    time_formats: Words = ()
    sensor: Literal["proxy", "firewall"] = "proxy"

    @model_validator(mode="after")
    def _whole(self) -> "ProxyMapping":
        if self.recognise and not self.order:
            raise ValueError("recognise is for files without a header: say their columns in order")
        for expression in self.recognise.values():
            try:
                re.compile(expression)
            except re.error as error:
                raise ValueError(f"recognise: {expression!r} is no expression: {error}") from error
        for one in self.time_formats:
            wrong = [rest[:1] for rest in one.replace("%%", "").split("%")[1:] if not TIME_CODE.match(rest)]
            if wrong:
                raise ValueError(f"time_formats: {one!r} has %{wrong[0]}, which is no part of a time")
        if self.timezone not in zoneinfo.available_timezones():
            raise ValueError(f"timezone: {self.timezone!r} is none; write it as in Europe/Berlin")
        return self

    @property
    def kinds(self) -> tuple[Rows, ...]:
        """The kinds of rows, each with the columns of the whole file too; one of all rows where none is said."""
        return tuple(
            Rows(only=one.only, columns={**self.columns, **one.columns}, refused=one.refused)
            for one in self.rows or (Rows(),)
        )

    def known(self, header: Sequence[str]) -> frozenset[str]:
        """The meanings that some kind of row finds in these columns."""
        have = {fold(name) for name in header}
        return frozenset(
            meaning
            for kind in self.kinds
            for meaning, names in kind.columns.items()
            if any(fold(name) in have for name in names)
        )

    def missing(self, header: Sequence[str]) -> list[str]:
        """Which of time and client these columns lack."""
        known = self.known(header)
        needed = (("time", {"time", "date"}), ("client", {"client"}))
        return [name for name, others in needed if not known & others]

    def is_enough(self, header: Sequence[str]) -> bool:
        """Whether time, client and a place are among these columns."""
        return not self.missing(header) and bool(self.known(header) & PLACES)

    def hits(self, header: Sequence[str]) -> int:
        """How many of these columns the mapping names."""
        named = {fold(name) for kind in self.kinds for names in kind.columns.values() for name in names}
        return sum(fold(name) in named for name in header)


def fold(name: str) -> str:
    """`cs(User-Agent)`, `CS User Agent` and `cs_user_agent` as one name."""
    return re.sub(r"[\s_.()/\-]+", "", name.casefold())


@cache
def shipped_mappings() -> Mapping[str, ProxyMapping]:
    """The mappings that ship, by name, sorted."""
    return {path.stem: check(ProxyMapping, read_yaml(path)) for path in sorted(PROXY_MAPPINGS.glob("*.yaml"))}


def user_mapping(item: LocalObject) -> ProxyMapping | None:
    """The mapping of option `mapping` or of a file beside the object, over what is known of names in general.

    Raises `ConfigError` with file and line where it says what it may not.
    """
    path = find_mapping_file(item, "proxy_csv.mapping.yaml")
    if path is None:
        return None
    said = check(ProxyMapping, read_yaml(path))
    general = {} if said.rows or said.order else shipped_mappings()[GENERIC].columns
    return said.model_copy(update={"columns": {**general, **said.columns}})


def match_product(header: Sequence[str]) -> ProxyMapping | None:
    """The shipped mapping of a product that names most of these columns, and enough of them; None where none does."""
    products = [one for name, one in shipped_mappings().items() if name != GENERIC and not one.order]
    found = [one for one in products if one.hits(header) >= LEAST_HITS and one.is_enough(header)]
    return max(found, key=lambda one: one.hits(header), default=None)


def match_header(header: Sequence[str]) -> ProxyMapping | None:
    """The mapping of a product, else the usual names where time and client are among them, else None."""
    usual = shipped_mappings()[GENERIC]
    return match_product(header) or (None if usual.missing(header) else usual)


def match_rows(rows: Sequence[Sequence[str]]) -> tuple[ProxyMapping | None, float]:
    """The shipped mapping of a file without a header that most of these rows fit, and their share."""
    best: tuple[ProxyMapping | None, float] = (None, 0.0)
    for one in shipped_mappings().values():
        share = sum(_fits(one, row) for row in rows) / max(1, len(rows)) if one.order else 0.0
        best = (one, share) if share > best[1] else best
    return best


def refuse_missing(item: LocalObject, mapping: ProxyMapping, header: Sequence[str]) -> None:
    """Raise `BadInputError` where no column means time, client or a place."""
    missing = mapping.missing(header) + ([] if mapping.known(header) & PLACES else ["host"])
    if missing:
        raise BadInputError(
            f"{item.name}: unrecognised schema: no column means {', '.join(missing)}",
            hint=f"name it in {item.name}.mapping.yaml, as `columns: {{{missing[0]}: YOUR HEADER}}`",
        )


def _fits(mapping: ProxyMapping, row: Sequence[str]) -> bool:
    places = {name: place for place, name in enumerate(mapping.order)}
    return all(
        places[name] < len(row) and re.fullmatch(expression, row[places[name]][:200]) is not None
        for name, expression in mapping.recognise.items()
    )
