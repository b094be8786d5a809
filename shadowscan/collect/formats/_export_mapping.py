"""What a user's mapping of an export's columns has in common, whatever the export is of."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field

from shadowscan.collect.formats._mapping_file import find_mapping_file
from shadowscan.collect.formats.interface import LocalObject
from shadowscan.documents import Entry, check, read_yaml
from shadowscan.errors import BadInputError


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class ExportMapping(Entry, ABC):
    """How an export writes numbers and dates; each kind adds its `columns`, headers by meaning."""

    decimal: Literal["point", "comma"] = "point"
    date_order: Literal["ymd", "mdy", "dmy"] = "mdy"
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    @abstractmethod
    def field_of(self, header: str) -> str:
        """The meaning of one header; the header itself where it has none."""


Kind = TypeVar("Kind", bound=ExportMapping)


def fold_header(header: str) -> str:
    """`Transaction_Date` and `transaction  date` as one name."""
    return " ".join(header.replace("_", " ").replace("-", " ").casefold().split())


def find_mapping(kind: type[Kind], item: LocalObject, shared: str) -> Kind:
    """The mapping of option `mapping`, or of `<name>.mapping.yaml` or the file named `shared` beside the object.

    Raises `ConfigError` with file and line where it says what it may not.
    """
    path = find_mapping_file(item, shared)
    return kind() if path is None else check(kind, read_yaml(path))


def refuse_missing(item: LocalObject, missing: Sequence[str]) -> None:
    """Raise `BadInputError` with the line to write, where any field has no column."""
    if missing:
        raise BadInputError(
            f"{item.name}: no column means {', '.join(missing)}",
            hint=f"name it in {item.name}.mapping.yaml, as `columns: {{{missing[0]}: YOUR HEADER}}`",
        )


def meaning_of(header: str, *said: Mapping[Any, tuple[str, ...]]) -> str:
    """The first of these meanings that lists the header, else the folded header itself."""
    folded = fold_header(header)
    known = (
        str(name) for meanings in said for name, headers in meanings.items() if folded in map(fold_header, headers)
    )
    return next(known, folded)


def meanings(mapping: ExportMapping, header: Iterable[str]) -> set[str]:
    """What the columns of this header mean."""
    return {mapping.field_of(name) for name in header}
