r"""Vendor invoices out of accounts payable as CSV (NetSuite, Coupa, Bill.com), by built-in names or a mapping file.

Real shape (columns are chosen by whoever exports)::

    Vendor Name,Invoice Number,Invoice Date,Period Start,Period End,Amount,Tax,Currency,Department,Cost Center,Requester
    "OpenAI OpCo, LLC",INV-7,2026-01-05,2026-01-01,2026-12-31,12000.00,0,USD,Search,CC-2087,Priya Natarajan

==================================  ===================================================================================
meaning                             becomes
==================================  ===================================================================================
vendor                              `provider_name` and `invoice_issuer`, as written
invoice number and line             the charge's key, with the vendor and the month
period start, period end            the invoice amortised by days over the months of its period, its last day included;
                                    exact to the cent, and the parts sum to the invoice. Without a period: the invoice's
                                    own day
amount                              `billed_cost` and `effective_cost`; credit notes are negative: `(12.50)`, `12.50-`
tax                                 a charge of its own, category Tax
vendor account                      `billing_account_id`, where a column says which organization is billed
requester                           `principal_id`: who asked for it, not the owner
cost centre, else department        `cost_center`
status                              draft, rejected and void rows are dropped and counted, not charges
memo                                kept out of the store
==================================  ===================================================================================

A mapping file (`mapping = FILE` of the source, `NAME.mapping.yaml` or `ap_csv.mapping.yaml` beside the export)::

    columns: {vendor: Lieferant, invoice_number: Belegnummer, invoice_date: Belegdatum, amount: Betrag, tax: USt}
    decimal: comma            # 12.000,00
    date_order: dmy           # 05.01.2026
    tax: on_top               # the amount is without tax; `included` unless said
    currency: EUR             # where the export has no currency column

Doubts: exports are user-configurable, so no header set is verified. Vendors bill in arrears: an invoice without a
period stands in the month of its date.
"""

from collections.abc import Sequence

from shadowscan.collect.formats._charge import Recipe, header_of, normalise_charges
from shadowscan.collect.formats._export_mapping import find_mapping, meanings, refuse_missing
from shadowscan.collect.formats._invoice_mapping import INVOICE_FIELDS, InvoiceMapping
from shadowscan.collect.formats._locale_sql import date_formats, date_sql, number_sql
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

NEEDED = ("vendor", "invoice_number", "invoice_date", "amount")
DROPPED = ("DRAFT", "REJECTED", "VOID", "VOIDED", "CANCELLED", "CANCELED", "DELETED")

# Whole cents are split by cumulated days, so that the parts sum to the invoice; what is below a cent goes to the last.
PROJECT = f"""
with typed as (
  select
    *,
    {number_sql("amount")} as stated,
    coalesce({number_sql("tax")}, 0) as tax_stated,
    date_trunc('day', {date_sql("invoice_date")}) as issued_at,
    date_trunc('day', {date_sql("period_start")}) as begun_at,
    date_trunc('day', {date_sql("period_end")}) + interval 1 day as over_at,
    upper(coalesce(currency, $currency)) as currency_code
  from charge_raw
),
spans as (
  select
    *,
    begun_at is not null and over_at > begun_at as is_amortised,
    case when begun_at is not null and over_at > begun_at then begun_at else issued_at end as span_start,
    case when begun_at is not null and over_at > begun_at then over_at else issued_at + interval 1 day end as span_end,
    case when $tax_included then stated - tax_stated else stated end as net
  from typed
),
parts as (
  select s.*, 'Usage' as category, s.net as whole
  from spans as s
  union all
  select s.*, 'Tax' as category, s.tax_stated as whole
  from spans as s
  where s.tax_stated <> 0
),
months as (
  select
    p.*,
    greatest(m.month_at, p.span_start) as part_start,
    least(m.month_at + interval 1 month, p.span_end) as part_end,
    date_diff('day', p.span_start, p.span_end)::hugeint as days,
    trunc(p.whole * 100)::hugeint as cents
  from parts as p
  left join lateral (
    select unnest(generate_series(date_trunc('month', p.span_start), p.span_end - interval 1 day, interval 1 month))
      as month_at
  ) as m on true
),
shares as (
  select
    *,
    cents * date_diff('day', span_start, part_end)::hugeint // days
      - cents * date_diff('day', span_start, part_start)::hugeint // days as part_cents
  from months
),
amounts as (
  select
    *,
    part_cents::decimal(38, 12) * 0.01::decimal(3, 2)
      + case when part_end = span_end then whole - cents::decimal(38, 12) * 0.01::decimal(3, 2) else 0 end as part
  from shares
)
select
  line,
  md5(concat_ws('|', vendor, invoice_number, coalesce(line_no, ''), description, category, cost_center, department))
    || '/' || coalesce(strftime(part_start, '%Y-%m'), '') as charge_key,
  'invoice' as cost_basis,
  coalesce(vendor, 'unknown') as provider_name,
  coalesce(vendor, 'unknown') as invoice_issuer,
  coalesce(account, 'unknown') as billing_account_id,
  coalesce(description, vendor, '') as description,
  coalesce(requester, 'unknown') as principal_id,
  coalesce(cost_center, department, 'unknown') as cost_center,
  case when category = 'Tax' then 'Tax' when whole < 0 then 'Adjustment' else 'Usage' end as charge_category,
  case when whole < 0 then 'Correction' else 'none' end as charge_class,
  part_start as period_start_at,
  part_end as period_end_at,
  part::decimal(38, 12) as billed_cost,
  part::decimal(38, 12) as effective_cost,
  currency_code as currency,
  cast(null as varchar) as tags_first,
  cast(null as varchar) as tags_second,
  tag_columns as tags_third,
  coalesce(list_contains($dropped::varchar[], upper(status)), false) as skipped,
  case
    when stated is null then 'amount ' || coalesce('''' || amount || '''', 'is empty') || ': not an amount'
    when issued_at is null
      then 'invoice date ' || coalesce('''' || invoice_date || '''', 'is empty') || ': not a date' ||
        ' (day or month first? say date_order in a mapping file)'
    when (period_start is not null or period_end is not null) and not coalesce(is_amortised, false)
      then 'period ' || coalesce(period_start, '?') || ' to ' || coalesce(period_end, '?') || ': not a period'
    when vendor is null then 'no vendor'
    when not regexp_full_match(currency_code, '[A-Z]{{3}}') then 'currency ''' || currency || ''': not ISO 4217'
  end as problem
from amounts
"""  # noqa: S608 - fragments of ours


class ApCsv:
    """Invoices of accounts payable."""

    id = "ap_csv"
    title = "Accounts-payable invoices (CSV, by mapping)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A header with a vendor, an invoice number, its date and an amount."""
        mapping = InvoiceMapping()
        known = meanings(mapping, header_of(head)[1])
        return 0.9 if set(NEEDED) <= known else 0.0

    def group_key(self, item: LocalObject) -> str:
        """One header, one key; each object is still read on its own."""
        return ",".join(header_of(item.head)[1])

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where no column means vendor, number, date or amount."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        mapping = find_mapping(InvoiceMapping, item, "ap_csv.mapping.yaml")
        delimiter, header = header_of(item.head)
        known = meanings(mapping, header)
        refuse_missing(item, [name for name in NEEDED if name not in known])
        parameters = {
            "decimal_comma": mapping.decimal == "comma",
            "tax_included": mapping.tax == "included",
            "currency": mapping.currency,
            "date_formats": date_formats(mapping.date_order),
            "dropped": list(DROPPED),
        }
        recipe = Recipe(self.id, INVOICE_FIELDS, mapping.field_of, PROJECT, delimiter=delimiter, parameters=parameters)
        return normalise_charges(engine, item, recipe)


FORMAT = ApCsv()
