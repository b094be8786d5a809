"""What a file of a person's turns into: text and mappings that know their place, and the base of every model."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, model_validator

from shadowscan.errors import Location


class Text(str):
    """A scalar as written, with the place it stands at."""

    place: Location

    def __new__(cls, value: str, place: Location) -> Self:
        text = super().__new__(cls, value)
        text.place = place
        return text


class Block(dict[str, Any]):
    """A mapping with the place it begins at."""

    def __init__(self, values: Mapping[str, Any], place: Location) -> None:
        super().__init__(values)
        self.place = place


class Entry(BaseModel):
    """Base of everything people write: frozen, unknown keys refused, and it knows its file and line."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    _place: Location = PrivateAttr(default=Location(""))

    @model_validator(mode="wrap")
    @classmethod
    def _keep_place(cls, data: Any, handler: Callable[[Any], Self]) -> Self:
        if not isinstance(data, Block):
            return handler(data)
        said = {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
        entry = handler(Block(said, data.place))  # a known key with nothing after it is as if left out
        entry._place = data.place
        return entry

    @property
    def file(self) -> str:
        """File it was read from, empty where it was made in code."""
        return self._place.file

    @property
    def line(self) -> int:
        """Line it begins at, from 1; 0 where not known."""
        return self._place.line


def bare(field: str) -> Callable[[Any], Any]:
    """Validator step that reads a bare string as `{field: string}`."""

    def widen(value: Any) -> Any:
        if isinstance(value, Text):
            return Block({field: value}, value.place)
        return {field: value} if isinstance(value, str) else value

    return widen
