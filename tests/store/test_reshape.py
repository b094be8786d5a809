"""A store of another version: what both know is kept, the rest is made anew, or said to be impossible."""

from pathlib import Path

import pytest

from shadowscan.errors import StoreError, TargetError
from shadowscan.schema import load_tables
from shadowscan.store.connection import Store
from shadowscan.store.reader import open_reader
from shadowscan.store.reshape import differing


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A store with a row of evidence, of a view, and a word of the last enrichment."""
    where = str(tmp_path / "store.duckdb")
    with Store.open(where) as store:
        store.query("insert into person (source_id, email, name) values (7, 'sam@acme.example', 'Sam')")
        store.query("insert into setting values ('enrich_basis', 'x')")
        store.query("insert into subject (subject_id, kind) values ('acme/api', 'repo')")
    return where


def age(path: str, *statements: str) -> None:
    """Make the store one of another version."""
    with Store.open(path) as store:
        for statement in statements:
            store.query(statement)


def test_open_when_evidence_lacks_a_column_then_it_comes_with_the_value_of_absence(path: str) -> None:
    age(path, "alter table person drop column team", "alter table person add column shoe_size varchar")
    with Store.open(path) as store:
        assert store.query("select source_id, email, name, team from person").rows == [
            (7, "sam@acme.example", "Sam", "unknown")
        ]
        assert differing(store.engine, load_tables().values()) == []


def test_open_when_a_table_was_changed_then_nothing_counts_as_up_to_date(path: str) -> None:
    age(path, "alter table person drop column team")
    with Store.open(path) as store:
        assert store.query("select name from setting").rows == [("schema_version",)]


def test_open_when_the_tables_are_as_declared_then_left_alone(path: str) -> None:
    with Store.open(path) as store:
        assert ("enrich_basis",) in store.query("select name from setting").rows


def test_open_when_what_enrichment_makes_lacks_a_column_then_emptied_to_be_made_again(path: str) -> None:
    age(path, "drop table subject", "create table subject (subject_id varchar primary key)")
    with Store.open(path) as store:
        assert store.query("select count(*) from subject").rows == [(0,)]
        assert differing(store.engine, load_tables().values()) == []


def test_open_when_evidence_lacks_what_nothing_can_stand_for_then_refused_and_untouched(path: str) -> None:
    age(path, "alter table person drop column email")
    for _ in range(2):
        with pytest.raises(StoreError, match="its table person has no email"):
            Store.open(path)


def test_open_reader_when_another_version_wrote_the_store_then_says_what_brings_it_up(path: str) -> None:
    age(path, "alter table subject drop column team")
    with pytest.raises(TargetError, match="another version wrote") as caught:
        open_reader(path)
    assert "shadowscan detect" in str(caught.value.hint)
    Store.open(path).close()
    open_reader(path).store.close()
