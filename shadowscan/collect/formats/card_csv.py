r"""Card and expense exports as CSV, by built-in header names or a mapping file.

Real shape (Ramp; columns are chosen by whoever exports)::

    Transaction Date,Merchant Name,Merchant Descriptor,Amount,Currency,Cardholder,Department,Cost Center,Transaction ID
    2026-10-03,OpenAI,"OPENAI *CHATGPT SUBSCR",20.00,USD,Dana Alvarez,Growth,CC-4410,txn_9a1

==================================  ===================================================================================
meaning                             becomes
==================================  ===================================================================================
date                                `period_start_at`, the day of the transaction; one day long
amount                              `billed_cost` and `effective_cost`; refunds are negative, `(12.50)` too
descriptor, else merchant           `description`, as written; the merchant is `provider_name`
person                              `principal_id`: the payer, not the owner
cost centre, else department        `cost_center`
status                              DECLINED and PENDING rows are dropped and counted, not charges
memo                                kept out of the store
==================================  ===================================================================================

A mapping file (`mapping = FILE` of the source, `NAME.mapping.yaml` or `card_csv.mapping.yaml` beside the export)::

    columns: {date: Buchungstag, amount: Betrag, descriptor: Verwendungszweck}
    decimal: comma            # 1.840,22
    date_order: dmy           # 09.10.2026
    sign: credit_positive     # money spent is negative
    currency: EUR             # where the export has no currency column

A date written year first is always read so. Doubts: exports are user-configurable, so no header set is verified.
"""

from collections.abc import Sequence, Set

from shadowscan.collect.formats._card_mapping import CARD_FIELDS, CardMapping
from shadowscan.collect.formats._charge import Recipe, header_of, normalise_charges
from shadowscan.collect.formats._export_mapping import find_mapping, meanings, refuse_missing
from shadowscan.collect.formats._locale_sql import date_formats, date_sql, number_sql
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

DROPPED = ("DECLINED", "PENDING", "VOID", "VOIDED", "REVERSED", "FAILED")

PROJECT = f"""
with typed as (
  select
    *,
    ({number_sql("amount")}) * $sign as spent,
    {date_sql("date")} as made_at,
    upper(coalesce(currency, $currency)) as currency_code
  from charge_raw
)
select
  line,
  coalesce(
    txn_id,
    md5(concat_ws('|', date, coalesce(descriptor, merchant), person, card, amount, currency))
  ) as charge_key,
  'card' as cost_basis,
  coalesce(merchant, descriptor, 'unknown') as provider_name,
  'card' as invoice_issuer,
  coalesce(card, 'unknown') as billing_account_id,
  coalesce(descriptor, merchant, '') as description,
  coalesce(person, 'unknown') as principal_id,
  coalesce(cost_center, department, 'unknown') as cost_center,
  case when spent < 0 then 'Adjustment' else 'Purchase' end as charge_category,
  case when spent < 0 then 'Correction' else 'none' end as charge_class,
  date_trunc('day', made_at) as period_start_at,
  date_trunc('day', made_at) + interval 1 day as period_end_at,
  spent::decimal(38, 12) as billed_cost,
  spent::decimal(38, 12) as effective_cost,
  currency_code as currency,
  cast(null as varchar) as tags_first,
  cast(null as varchar) as tags_second,
  tag_columns as tags_third,
  coalesce(list_contains($dropped::varchar[], upper(status)), false) as skipped,
  case
    when spent is null then 'amount ' || coalesce('''' || amount || '''', 'is empty') || ': not an amount'
    when made_at is null
      then 'date ' || coalesce('''' || date || '''', 'is empty') || ': not a date' ||
        ' (day or month first? say date_order in a mapping file)'
    when descriptor is null and merchant is null then 'no merchant and no descriptor'
    when not regexp_full_match(currency_code, '[A-Z]{{3}}') then 'currency ''' || currency || ''': not ISO 4217'
  end as problem
from typed
"""  # noqa: S608 - fragments of ours

INSERT_DROPPED = """
insert into coverage_note by name
select
  $source_id as source_id,
  'dropped' as kind,
  count(*) || ' card rows declined, pending or reversed: not charges' as detail,
  count(*) as count,
  min(period_start_at) as first_at,
  max(period_start_at) as last_at
from charge_staged
where skipped
having count(*) > 0
"""


class CardCsv:
    """Card and expense exports."""

    id = "card_csv"
    title = "Card or expense export (CSV, by mapping)"
    tables = ("charge", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A header with a date, an amount and a merchant; one more known column makes it sure."""
        mapping = CardMapping()
        known = meanings(mapping, header_of(head)[1]) & set(CARD_FIELDS)
        if not {"date", "amount"} <= known or not {"descriptor", "merchant"} & known:
            return 0.0
        sure = known & {"person", "txn_id", "card", "cost_center", "department"}
        return 0.85 if sure else 0.55

    def group_key(self, item: LocalObject) -> str:
        """One header, one key; each object is still read on its own."""
        return ",".join(header_of(item.head)[1])

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where no column means date, amount or merchant."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        mapping = find_mapping(CardMapping, item, "card_csv.mapping.yaml")
        delimiter, header = header_of(item.head)
        refuse_missing(item, _missing(meanings(mapping, header)))
        parameters = {
            "decimal_comma": mapping.decimal == "comma",
            "sign": -1 if mapping.sign == "credit_positive" else 1,
            "currency": mapping.currency,
            "date_formats": date_formats(mapping.date_order),
            "dropped": list(DROPPED),
        }
        recipe = Recipe(self.id, CARD_FIELDS, mapping.field_of, PROJECT, delimiter=delimiter, parameters=parameters)
        result = normalise_charges(engine, item, recipe)
        engine.query(INSERT_DROPPED, {"source_id": item.source_id})
        (dropped,) = engine.query("select count(*) from charge_staged where skipped").rows[0]
        notes = {"coverage_note": 1} if dropped else {}
        return Normalised(result.tables | notes, result.rejected, result.reject_sample, result.first_at, result.last_at)


FORMAT = CardCsv()


def _missing(known: Set[str]) -> list[str]:
    missing = [name for name in ("date", "amount") if name not in known]
    return missing if known & {"descriptor", "merchant"} else [*missing, "descriptor"]
