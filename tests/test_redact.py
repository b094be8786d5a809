"""`--redact-people`: no person's name is left, wherever it stood."""

from pathlib import Path

import pytest

from shadowscan.inputs import Request
from shadowscan.pipeline import scan
from shadowscan.reporters._document import audit_document, dump_json

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
