"""SCIM users: addresses, the one group, managers by id, users without an address."""

from pathlib import Path
from typing import Any

from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.collect.formats.scim import FORMAT
from shadowscan.store.connection import MEMORY, Store
from tests.collect.formats.assets import SAMPLES


def people(path: Path) -> tuple[list[dict[str, Any]], Normalised]:
    with Store.open(MEMORY) as store:
        item = LocalObject(1, path.name, str(path), Head(path.name, path.read_bytes()))
        result = FORMAT.normalise(store.engine, [item])[1]
        return store.query("select * from person order by line").dicts(), result


def test_user_is_a_person_of_their_one_group_under_their_manager() -> None:
    [sam, kim], result = people(SAMPLES / "scim.json")

    assert (sam["email"], sam["name"], sam["team"]) == ("sam@acme.example", "Sam Doe", "Search")
    assert (sam["department"], sam["cost_center"], sam["manager"]) == ("R&D", "CC-2087", "kim@acme.example")
    assert (kim["team"], kim["is_active"]) == ("unknown", False)
    assert (result.rejected, result.reject_sample) == (1, "record 3: no e-mail address of user 3")


def test_broken_record_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "scim.json"
    path.write_text('{"Resources": [{"userName": "a@b.example"}, 7, {"emails": [7]}]}')
    rows, result = people(path)

    assert (len(rows), result.rejected) == (1, 2)


def test_sniff_wants_the_schema() -> None:
    assert FORMAT.sniff(Head("x", (SAMPLES / "scim.json").read_bytes())) > 0.5
    assert FORMAT.sniff(Head("x", b'{"Resources": []}')) == 0.0
