"""Which column of an accounts-payable export means what: built in for common exports, or said by a mapping file."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shadowscan.collect.formats._card_mapping import fold_header
from shadowscan.collect.formats._mapping_file import find_mapping_file
from shadowscan.collect.formats.interface import LocalObject
from shadowscan.documents import Entry, check, read_yaml

INVOICE_FIELDS = (
    "vendor", "invoice_number", "invoice_date", "period_start", "period_end", "amount", "tax", "currency", "line_no",
    "description", "account", "cost_center", "department", "requester", "status", "memo",
)  # fmt: skip

# NetSuite, Coupa and Bill.com exports as people configure them; folded to lower case and one space.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "vendor": ("vendor name", "vendor", "supplier", "supplier name", "payee", "bill from"),
    "invoice_number": (
        "invoice number", "invoice no", "invoice #", "invoice num", "bill number", "bill no", "document number",
        "reference number", "supplier invoice number",
    ),
    "invoice_date": ("invoice date", "bill date", "date", "issue date", "document date"),
    "period_start": ("period start", "service start date", "service period start", "amort. start", "start date"),
    "period_end": ("period end", "service end date", "service period end", "amort. end", "end date"),
    "amount": ("amount", "total", "invoice amount", "bill amount", "line amount", "gross amount", "total amount"),
    "tax": ("tax", "tax amount", "tax total", "vat", "vat amount", "sales tax"),
    "currency": ("currency", "currency code", "invoice currency"),
    "line_no": ("line", "line number", "line no", "line id", "invoice line #"),
    "description": ("description", "line description", "item", "item description"),
    "account": ("vendor account", "customer account", "account number at vendor", "organization id"),
    "cost_center": ("cost center", "cost centre", "costcenter", "cost center code", "class"),
    "department": ("department", "department name", "team"),
    "requester": ("requester", "requested by", "requestor", "employee", "buyer"),
    "status": ("status", "state", "approval status", "payment status", "invoice status"),
    "memo": ("memo", "note", "notes", "comment"),
}  # fmt: skip


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class InvoiceMapping(Entry):
    """`ap_csv.mapping.yaml`: headers by meaning, and how this export writes numbers, dates and tax.

    `tax: included` says that the amount holds the tax of its column, `on_top` that it does not.
    """

    columns: dict[
        Literal[
            "vendor", "invoice_number", "invoice_date", "period_start", "period_end", "amount", "tax", "currency",
            "line_no", "description", "account", "cost_center", "department", "requester", "status", "memo",
        ],
        Headers,
    ] = Field(default_factory=dict)  # fmt: skip
    decimal: Literal["point", "comma"] = "point"
    date_order: Literal["ymd", "mdy", "dmy"] = "mdy"
    tax: Literal["included", "on_top"] = "included"
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")

    def field_of(self, header: str) -> str:
        """The meaning of one header; the header itself where it has none. The mapping wins over what is built in."""
        folded = fold_header(header)
        for said in (self.columns, ALIASES):
            for name, headers in said.items():
                if folded in {fold_header(one) for one in headers}:
                    return str(name)
        return folded


def find_mapping(item: LocalObject) -> InvoiceMapping:
    """The mapping of option `mapping`, or of `<name>.mapping.yaml` or `ap_csv.mapping.yaml` beside the file.

    Raises `ConfigError` with file and line where it says what it may not.
    """
    path = find_mapping_file(item, "ap_csv.mapping.yaml")
    return InvoiceMapping() if path is None else check(InvoiceMapping, read_yaml(path))
