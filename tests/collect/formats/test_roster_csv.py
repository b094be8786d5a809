"""Rosters: header names, people who left, rows without an address."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.interface import Head, LocalObject
from shadowscan.collect.formats.roster_csv import FORMAT
from shadowscan.store.connection import MEMORY, Store


def test_normalise_reads_header_aliases_and_counts_rows_without_an_address(tmp_path: Path) -> None:
    text = "E-Mail;Team;Cost Centre;Status\nSam@Acme.example;search;CC-1;active\nkim@acme.example;growth;;Left\n;x;;\n"
    path = tmp_path / "people.csv"
    path.write_text(text)
    with Store.open(MEMORY) as store:
        item = LocalObject(1, "people.csv", str(path), Head("people.csv", text.encode()))

        result = FORMAT.normalise(store.engine, [item])[1]

        people = store.query("select email, team, cost_center, is_active from person order by line").rows
    assert people == [("sam@acme.example", "search", "CC-1", True), ("kim@acme.example", "growth", "unknown", False)]
    assert (result.rejected, result.reject_sample) == (1, "line 4: no e-mail address in ''")


def test_sniff_leaves_card_statements_alone() -> None:
    assert FORMAT.sniff(Head("x.csv", b"email,team\n")) > 0.5
    assert FORMAT.sniff(Head("x.csv", b"date,email,department,amount\n")) == 0.0


@given(st.binary(max_size=200))
def test_sniff_is_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1
