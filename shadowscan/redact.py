"""`--redact-people`: the same audit without names and addresses of persons.

Every person gets a number in order of their name, so that one person stays one person within the audit.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any

from shadowscan.model.audit import Audit
from shadowscan.model.finding import CodeLocation, Suppression, Triage
from shadowscan.store.connection import Store

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


_NAMES = """
    select principal_id
    from charge
    where cost_basis in ('card', 'invoice')
    union
    select name
    from person
"""


def read_names(store: Store) -> set[str]:
    """Names of persons that bills and rosters hold: cardholders, those who asked for an invoice, and staff."""
    return {name for (name,) in store.query(_NAMES).rows} - {"", "unknown"}


def redact(audit: Audit, names: Collection[str] = ()) -> Audit:
    """The audit with authors, deciders, e-mail addresses and these names replaced by `person-N`, inside texts too."""
    people = sorted({*_people(audit), *names} - {""})
    numbers = {person: f"person-{index}" for index, person in enumerate(people, 1)}
    full_names = sorted((person for person in people if " " in person or person in names), key=len, reverse=True)
    inside = re.compile("|".join([EMAIL.pattern, *(rf"\b{re.escape(name)}\b" for name in full_names)]))

    def clean(text: str) -> str:
        return numbers.get(text) or inside.sub(lambda found: numbers.get(found.group(), "person"), text)

    redacted = _map_text(audit, clean)
    assert isinstance(redacted, Audit)  # noqa: S101 - _map_text keeps the type
    return redacted


def _people(value: Any) -> set[str]:
    found: set[str] = set()
    _walk(value, found)
    return found


def _walk(value: Any, found: set[str]) -> None:
    if isinstance(value, CodeLocation):
        found.add(value.author)
    if isinstance(value, Suppression | Triage):
        found.add(value.by)
    if isinstance(value, str):
        found.update(EMAIL.findall(value))
    elif isinstance(value, tuple | list):
        for item in value:
            _walk(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            _walk(item, found)
    elif is_dataclass(value):
        for part in fields(value):
            _walk(getattr(value, part.name), found)


def _map_text(value: Any, clean: Callable[[str], str]) -> Any:
    if type(value) is str:
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_map_text(item, clean) for item in value)
    if isinstance(value, dict):
        return {key: _map_text(item, clean) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changes = {part.name: _map_text(getattr(value, part.name), clean) for part in fields(value)}
        return replace(value, **changes)
    return value
