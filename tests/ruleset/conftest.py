"""A real store and a way to put rows in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shadowscan.schema import load_tables
from shadowscan.store.connection import Store

Put = Callable[..., None]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(":memory:") as opened:
        yield opened


@pytest.fixture
def put(store: Store) -> Put:
    """`put("llm_egress", subject_id="w1", …)`: what is left out is the column's default, else its example."""

    def insert(name: str, **row: Any) -> None:
        columns = load_tables()[name].columns
        given = {
            c.name: row.get(c.name, _absent(c.nullable, c.example)) for c in columns if c.name in row or not c.default
        }
        names = ", ".join(given)
        places = ", ".join(f"${column}" for column in given)
        store.query(f"insert into {name} ({names}) values ({places})", given)

    return insert


def _absent(nullable: bool, example: str) -> str | None:
    return None if nullable else example


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Write a rule file below `tmp_path`, from the scaffold with replacements; gives the folder for `--rules`."""
    from shadowscan.ruleset.scaffold import write_new_rule

    def write(rule_id: str = "acme.own-rule", *replacements: tuple[str, str]) -> Path:
        path = write_new_rule(rule_id, tmp_path)
        text = path.read_text("utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
        return tmp_path

    return write
