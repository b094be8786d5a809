"""A mapping file for a card, expense or invoice export, drafted from its headers and its first rows.

Nothing is guessed in silence: what the rows do not decide (day or month first, which column is the date) is a doubt
or missing, and the caller asks.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from shadowscan.collect.formats._card_mapping import CARD_FIELDS, CardMapping
from shadowscan.collect.formats._charge import header_of
from shadowscan.collect.formats._export_mapping import fold_header
from shadowscan.collect.formats._invoice_mapping import INVOICE_FIELDS, InvoiceMapping
from shadowscan.collect.formats.ap_csv import NEEDED as INVOICE_NEEDED
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import UsageError

Kind = Literal["card", "invoice"]
SAMPLE_BYTES, SAMPLE_ROWS = 262_144, 500
FORMATS: Mapping[Kind, str] = {"card": "card_csv", "invoice": "ap_csv"}
_FIELDS: Mapping[Kind, tuple[str, ...]] = {"card": CARD_FIELDS, "invoice": INVOICE_FIELDS}
_NEEDED: Mapping[Kind, tuple[str, ...]] = {"card": ("date", "amount", "descriptor"), "invoice": INVOICE_NEEDED}

# Header words of German, French, Spanish and Dutch exports; the formats know the English ones.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "date": ("buchungstag", "buchungsdatum", "datum", "date de transaction", "fecha", "transactiedatum"),
    "invoice_date": ("belegdatum", "rechnungsdatum", "date de facture", "fecha de factura", "factuurdatum"),
    "invoice_number": ("belegnummer", "rechnungsnummer", "numéro de facture", "número de factura", "factuurnummer"),
    "amount": ("betrag", "umsatz", "montant", "importe", "bedrag"),
    "descriptor": ("verwendungszweck", "buchungstext", "libellé", "concepto", "omschrijving"),
    "vendor": ("lieferant", "kreditor", "fournisseur", "proveedor", "leverancier"),
    "merchant": ("händler", "commerçant", "comercio"),
    "person": ("karteninhaber", "titulaire", "titular", "kaarthouder"),
    "cost_center": ("kostenstelle", "centre de coût", "centro de coste", "kostenplaats"),
    "currency": ("währung", "devise", "moneda", "valuta"),
    "tax": ("ust", "mwst", "tva", "iva", "btw"),
}
_COMMA = re.compile(r"[-+(]?[\d.\s']*\d,\d{1,2}[)-]?")
_POINT = re.compile(r"[-+(]?[\d,\s']*\d\.\d{1,2}[)-]?")
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mapping file would say. `missing`: meanings that no column has. `doubts`: what the rows leave open."""

    kind: Kind
    headers: tuple[str, ...]
    mapping: dict[str, Any]
    missing: tuple[str, ...]
    doubts: tuple[str, ...]


def draft_mapping(path: Path, kind: Kind | None = None, said: Mapping[str, Any] | None = None) -> Draft:
    """The draft for one CSV; `said` holds what the person said, `columns` by meaning and settings, and wins.

    Raises `UsageError` for a file that is no CSV with a header, and for a column or meaning that does not exist.
    """
    headers, rows = _read(path)
    said = said or {}
    kind = kind or ("invoice" if _numbers_invoices(headers) else "card")
    columns = _columns(kind, headers, _checked(kind, headers, said.get("columns", {})))
    whole = [row for row in rows if len(row) == len(headers)]
    cells = {name: [row[headers.index(header)] for row in whole] for name, header in columns.items()}
    found, doubts = _settings(kind, cells)
    found |= {name: value for name, value in said.items() if value and name != "columns"}
    open_doubts = tuple(text for name, text in doubts if not said.get(name))
    return Draft(kind, headers, {"columns": columns, **found}, _missing(kind, columns), open_doubts)


def _read(path: Path) -> tuple[tuple[str, ...], list[list[str]]]:
    try:
        with path.open("rb") as stream:
            head = Head(path.name, stream.read(SAMPLE_BYTES))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    delimiter, headers = header_of(head)
    if len(headers) < 2 or not all(headers):
        hint = "a mapping is for a CSV whose first line names its columns"
        raise UsageError(f"{path} has no header line of named columns", hint=hint)
    repeated = {name for name in headers if headers.count(name) > 1}
    if repeated:
        raise UsageError(f"{path} has two columns named {min(repeated)!r}")
    try:
        rows = list(csv.reader(head.lines[1 : SAMPLE_ROWS + 1], delimiter=delimiter))
    except csv.Error as error:
        raise UsageError(f"{path} is not a CSV that can be read: {error}") from error
    return headers, rows


def _numbers_invoices(headers: Sequence[str]) -> bool:
    """Whether it is an invoice list: only those number their invoices."""
    return any(_meaning("invoice", header) == "invoice_number" for header in headers)


def _meaning(kind: Kind, header: str) -> str:
    known = (CardMapping() if kind == "card" else InvoiceMapping()).field_of(header)
    if known in _FIELDS[kind]:
        return known
    return next((name for name, words in _WORDS.items() if fold_header(header) in words and name in _FIELDS[kind]), "")


def _checked(kind: Kind, headers: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    for name, header in said.items():
        if name not in _FIELDS[kind]:
            raise UsageError(f"no meaning {name!r} in a {kind} export", hint=f"one of {', '.join(_FIELDS[kind])}")
        if header not in headers:
            raise UsageError(f"no column {header!r}", hint=f"the columns are {', '.join(headers)}")
    return dict(said)


def _columns(kind: Kind, headers: Sequence[str], said: dict[str, str]) -> dict[str, str]:
    """Columns by meaning: what was said, then the first header of each meaning that is known by its name."""
    columns = dict(said)
    for header in headers:
        name = _meaning(kind, header)
        if name and name not in columns and header not in columns.values():
            columns[name] = header
    return {name: columns[name] for name in _FIELDS[kind] if name in columns}


def _missing(kind: Kind, columns: Mapping[str, str]) -> tuple[str, ...]:
    stands_for = {"descriptor": {"descriptor", "merchant"}}
    return tuple(name for name in _NEEDED[kind] if not stands_for.get(name, {name}) & columns.keys())


def _settings(kind: Kind, cells: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    amounts, doubts = [cell.strip() for cell in cells.get("amount", ())], []
    comma, point = (sum(1 for cell in amounts if form.fullmatch(cell)) for form in (_COMMA, _POINT))
    order = _date_order(cells.get("date" if kind == "card" else "invoice_date", ()))
    settings: dict[str, Any] = {"decimal": "comma" if comma > point else "point", "date_order": order or "mdy"}
    if not order:
        doubts.append(("date_order", "day or month first? no date of the first rows tells; taken for month first"))
    if comma and point:
        doubts.append(("decimal", "some amounts have a decimal comma and some a decimal point"))
    if kind == "card":
        negative = sum(1 for cell in amounts if cell.startswith(("-", "(")))
        settings["sign"] = "credit_positive" if negative * 2 > len(amounts) else "debit_positive"
    if "currency" not in cells:
        settings["currency"] = "USD"
        doubts.append(("currency", "no column holds a currency; taken for USD"))
    return settings, tuple(doubts)


def _date_order(cells: Sequence[str]) -> str:
    """mdy, dmy, ymd where the year stands first or the month is a word, empty where nothing tells."""
    found = [match for cell in cells if (match := _DATE.match(cell.strip()))]
    if not found:
        return "ymd" if cells else ""
    if any(int(match[1]) > 12 or match[0][len(match[1])] == "." for match in found):
        return "dmy"  # dots are written where the day stands first
    return "mdy" if any(int(match[2]) > 12 for match in found) else ""
