"""Which column of an accounts-payable export means what: built in for common exports, or said by a mapping file."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from shadowscan.collect.formats._export_mapping import ExportMapping, Headers, meaning_of

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


class InvoiceMapping(ExportMapping):
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
    tax: Literal["included", "on_top"] = "included"

    def field_of(self, header: str) -> str:
        """The meaning of one header; the mapping wins over what is built in."""
        return meaning_of(header, self.columns, ALIASES)
