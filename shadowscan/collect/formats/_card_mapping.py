"""Which column of a card export means what: built in for common exports, or said by a mapping file."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from shadowscan.collect.formats._export_mapping import ExportMapping, Headers, meaning_of

CARD_FIELDS = (
    "date", "amount", "descriptor", "merchant", "person", "department", "cost_center", "currency", "txn_id", "status",
    "memo", "card",
)  # fmt: skip

# Ramp, Brex, Amex, Concur, Expensify and Coupa exports as people configure them; folded to lower case and one space.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "transaction date", "user transaction time", "date", "posted date", "posted at date", "settlement date",
        "initiated at date", "transaction date time", "purchase date", "expense date",
    ),
    "amount": ("amount", "transaction amount", "amount usd", "billing amount", "expense amount", "total"),
    "descriptor": (
        "merchant descriptor", "raw descriptor", "merchant raw descriptor", "descriptor", "description",
        "transaction description", "statement descriptor", "appears on your statement as",
    ),
    "merchant": ("merchant name", "merchant", "vendor", "vendor name", "payee", "supplier"),
    "person": ("cardholder", "card holder", "cardholder name", "card member", "employee", "user", "user email"),
    "department": ("department", "department name", "team"),
    "cost_center": ("cost center", "cost centre", "costcenter", "cost center code", "cc"),
    "currency": ("currency", "currency code", "transaction currency", "billing currency"),
    "txn_id": ("transaction id", "txn id", "id", "reference", "reference number", "expense id"),
    "status": ("status", "state", "transaction status", "transaction state"),
    "memo": ("memo", "note", "notes", "comment"),
    "card": ("card id", "card", "card number", "account", "card last four"),
}  # fmt: skip


class CardMapping(ExportMapping):
    """`card_csv.mapping.yaml`: headers by meaning, and how this export writes numbers, dates and signs.

    `sign: credit_positive` is for statements where money spent is negative.
    """

    columns: dict[
        Literal[
            "date", "amount", "descriptor", "merchant", "person", "department", "cost_center", "currency", "txn_id",
            "status", "memo", "card",
        ],
        Headers,
    ] = Field(default_factory=dict)  # fmt: skip
    sign: Literal["debit_positive", "credit_positive"] = "debit_positive"

    def field_of(self, header: str) -> str:
        """The meaning of one header; the mapping wins over what is built in."""
        return meaning_of(header, self.columns, ALIASES)
