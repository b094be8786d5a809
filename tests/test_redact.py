"""`--redact-people`: no person's name is left, wherever it stood."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shadowscan.collect.plan import plan_targets
from shadowscan.collect.run import CollectOptions, collect
from shadowscan.inputs import Request
from shadowscan.model.window import Window
from shadowscan.pipeline import scan
from shadowscan.redact import read_names
from shadowscan.reporters._document import audit_document, dump_json
from shadowscan.store.connection import Store

CARDS = """\
Transaction Date,Merchant Name,Merchant Descriptor,Amount,Currency,Cardholder,Department,Cost Center,Transaction ID
2026-09-09,OpenAI,OPENAI* API,1998.00,USD,Dana Alvarez,Growth,CC-4410,txn_1
"""


@pytest.mark.parametrize("is_redacted", [True, False])
def test_audit_when_redacted_then_no_cardholder_is_named(tmp_path: Path, is_redacted: bool) -> None:
    (tmp_path / "cards.csv").write_text(CARDS)
    request = Request(targets=(str(tmp_path),), db=":memory:", redact_people=is_redacted)

    text = dump_json(audit_document(scan(request)))

    assert ("paid by person-1" in text, "Dana" in text) == (is_redacted, not is_redacted)


def test_names_when_an_invoice_was_asked_for_by_someone_then_among_those_left_out(tmp_path: Path) -> None:
    invoice = "Vendor,Invoice Number,Invoice Date,Amount,Requester\nOpenAI,7,2026-09-09,1998.00,Priya Natarajan\n"
    (tmp_path / "ap.csv").write_text(invoice)
    with Store.open(tmp_path / "store.duckdb") as store:
        options = CollectOptions("r1", Window(), datetime(2026, 11, 1, tzinfo=UTC))
        collect(store, plan_targets([str(tmp_path / "ap.csv")]).targets, options)

        assert read_names(store) == {"Priya Natarajan"}
