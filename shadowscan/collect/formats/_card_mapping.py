"""Which column of a card export means what: built in for common exports, or said by a mapping file."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shadowscan.collect.formats._mapping_file import find_mapping_file
from shadowscan.collect.formats.interface import LocalObject
from shadowscan.documents import Entry, check, read_yaml

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


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class CardMapping(Entry):
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
    decimal: Literal["point", "comma"] = "point"
    date_order: Literal["ymd", "mdy", "dmy"] = "mdy"
    sign: Literal["debit_positive", "credit_positive"] = "debit_positive"
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    def field_of(self, header: str) -> str:
        """The meaning of one header; the header itself where it has none. The mapping wins over what is built in."""
        folded = fold_header(header)
        for said in (self.columns, ALIASES):
            for name, headers in said.items():
                if folded in {fold_header(one) for one in headers}:
                    return str(name)
        return folded


def fold_header(header: str) -> str:
    """`Transaction_Date` and `transaction  date` as one name."""
    return " ".join(header.replace("_", " ").replace("-", " ").casefold().split())


def find_mapping(item: LocalObject) -> CardMapping:
    """The mapping of option `mapping`, or of `<name>.mapping.yaml` or `card_csv.mapping.yaml` beside the file.

    Raises `ConfigError` with file and line where it says what it may not.
    """
    path = find_mapping_file(item, "card_csv.mapping.yaml")
    return CardMapping() if path is None else check(CardMapping, read_yaml(path))
