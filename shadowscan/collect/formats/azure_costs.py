r"""Azure cost details, actual or amortised, as Cost Management exports them: CSV (plain or gzip) or Parquet.

Real shape; header case differs between EA (`Date`, `SubscriptionId`) and MCA (`date`, `subscriptionName`), so it is not
looked at::

    Date,SubscriptionId,subscriptionName,ConsumedService,MeterCategory,MeterName,UnitOfMeasure,Quantity,
    CostInBillingCurrency,BillingCurrencyCode,ChargeType        (one line)
    10/14/2026,1111-…,search-prod,Microsoft.CognitiveServices,Foundry Models,gpt 4.1 mini Inp glbl Tokens,1K,24880,
    9.952,USD,Usage

=======================================  ==============================================================================
column                                   becomes
=======================================  ==============================================================================
`CostInBillingCurrency`, `Cost`,         `billed_cost` and `effective_cost`; older exports write `PreTaxCost`
`PreTaxCost`
`BillingCurrencyCode`, `BillingCurrency` `currency`
`Date`, `UsageDateTime`                  `period_start_at`; one day long. `10/14/2026` is month first
`SubscriptionId` `SubscriptionGuid`      `vendor_account_id`; `SubscriptionName` its name
`BillingAccountId` `EnrollmentNumber`    `billing_account_id`
`MeterCategory`                          `service_name`; `Cognitive Services` gives way to a sub-category that says
                                         `Azure OpenAI`
`MeterName`                              `usage_type`: model, direction (`Inp`, `outpt`), cache (`cchd`) and scope
                                         (`glbl`, `DZ`, `regnl`) are in it
`UnitOfMeasure` `Quantity`               `unit` `quantity`; 1K or 1M, not multiplied out
`ConsumedService`                        `operation`
`ChargeType`                             `charge_category`: Purchase, Tax, Refund (an Adjustment, Correction),
                                         RoundingAdjustment, else Usage
`PublisherType` `PublisherName`          `provider_name`: the publisher on the Marketplace, else Microsoft, who bills
`Tags`                                   `tags`; old exports leave the braces out
`CostCenter`                             `cost_center`
`InvoiceId`                              empty where the export has the column: `provisional`
=======================================  ==============================================================================

Traps. Give the actual or the amortised export, not both: a reservation would be told twice, and nothing in the rows
says which of the two they are. Exports restate the month each day in a folder of its own: the newest counts.

Sources: https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields
Doubts: the full header set differs by agreement; whether every EA export writes month first is not verified.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._charge import PARQUET_MAGIC, Recipe, header_of, normalise_charges
from shadowscan.collect.formats._locale_sql import date_formats, date_sql
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

FIELDS = (
    "date", "usagedatetime", "subscriptionid", "subscriptionguid", "subscriptionname", "billingaccountid",
    "enrollmentnumber", "resourceid", "instanceid", "resourcelocation", "consumedservice", "metercategory",
    "metersubcategory", "metername", "meterid", "unitofmeasure", "quantity", "costinbillingcurrency", "cost",
    "pretaxcost", "billingcurrencycode", "billingcurrency", "currency", "chargetype", "publishertype", "publishername",
    "product", "productname", "tags", "costcenter", "invoiceid", "reservationid", "benefitid", "pricingmodel", "term",
)  # fmt: skip
COSTS = {"costinbillingcurrency", "cost", "pretaxcost"}
DATES = {"date", "usagedatetime"}

PROJECT = f"""
with typed as (
  select
    *,
    coalesce(costinbillingcurrency, cost, pretaxcost) as cost_text,
    try_cast(coalesce(costinbillingcurrency, cost, pretaxcost) as decimal(38, 12)) as amount,
    {date_sql("coalesce(date, usagedatetime)")} as started_at,
    upper(coalesce(billingcurrencycode, billingcurrency, currency)) as currency_code,
    lower(coalesce(resourceid, instanceid)) as resource
  from charge_raw
)
select
  line,
  md5(concat_ws('|', coalesce(date, usagedatetime), subscriptionid, subscriptionguid, resource, meterid, metername,
    consumedservice, unitofmeasure, chargetype, reservationid, benefitid, pricingmodel, term, product, productname,
    tags, costcenter)) || '/' || coalesce(strftime(started_at, '%Y-%m'), '') as charge_key,
  case when publishertype = 'Marketplace' then coalesce(publishername, 'unknown') else 'Microsoft' end as provider_name,
  'Microsoft' as invoice_issuer,
  coalesce(billingaccountid, enrollmentnumber, 'unknown') as billing_account_id,
  coalesce(subscriptionid, subscriptionguid, 'unknown') as vendor_account_id,
  coalesce(subscriptionname, 'unknown') as vendor_account_name,
  coalesce(resource, 'unknown') as resource_id,
  case
    when metercategory = 'Cognitive Services' and starts_with(metersubcategory, 'Azure OpenAI') then metersubcategory
    else coalesce(metercategory, consumedservice, 'unknown')
  end as service_name,
  coalesce(metername, meterid, 'unknown') as usage_type,
  coalesce(consumedservice, 'unknown') as operation,
  case
    when chargetype = 'Purchase' then 'Purchase'
    when chargetype = 'Tax' then 'Tax'
    when chargetype = 'Credit' then 'Credit'
    when chargetype in ('Refund', 'RoundingAdjustment') then 'Adjustment'
    else 'Usage'
  end as charge_category,
  case when chargetype = 'Refund' then 'Correction' else 'none' end as charge_class,
  coalesce(product, productname, metername, '') as description,
  coalesce(costcenter, 'unknown') as cost_center,
  coalesce(lower(resourcelocation), 'unknown') as region,
  date_trunc('day', started_at) as period_start_at,
  date_trunc('day', started_at) + interval 1 day as period_end_at,
  amount as billed_cost,
  amount as effective_cost,
  currency_code as currency,
  coalesce(try_cast(quantity as decimal(38, 12)), 0) as quantity,
  coalesce(unitofmeasure, 'unknown') as unit,
  $has_invoice and invoiceid is null as provisional,
  tags as tags_first,
  cast(null as varchar) as tags_second,
  tag_columns as tags_third,
  false as skipped,
  case
    when amount is null then 'cost ' || coalesce('''' || cost_text || '''', 'is empty') || ': not an amount'
    when started_at is null
      then 'date ' || coalesce('''' || coalesce(date, usagedatetime) || '''', 'is empty') || ': not a date'
    when currency_code is null or not regexp_full_match(currency_code, '[A-Z]{{3}}')
      then 'currency ' || coalesce('''' || currency_code || '''', 'is empty') || ': not ISO 4217'
  end as problem
from typed
"""  # noqa: S608 - fragments of ours


class AzureCosts:
    """Azure cost details of Cost Management exports."""

    id = "azure_costs"
    title = "Azure cost details (CSV or Parquet)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A header, or a Parquet footer, with meters and a cost."""
        if head.data.startswith(PARQUET_MAGIC):
            data = head.data.lower()
            return 0.95 if b"metercategory" in data and b"costinbillingcurrency" in data else 0.0
        names = {fold(name) for name in header_of(head)[1]}
        return 0.96 if {"metercategory", "unitofmeasure"} <= names and names & COSTS and names & DATES else 0.0

    def group_key(self, item: LocalObject) -> str:
        """One header, one key; each object is still read on its own."""
        return ",".join(header_of(item.head)[1]) or "parquet"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where the export has no cost or no date."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        delimiter, header = header_of(item.head)
        names = {fold(name) for name in header}
        if header and not (names & COSTS and names & DATES):
            raise BadInputError(f"{item.name}: the export lacks a cost or a date", hint="export the cost details")
        parameters = {"has_invoice": "invoiceid" in names, "date_formats": date_formats("mdy")}
        recipe = Recipe(self.id, FIELDS, fold, PROJECT, delimiter=delimiter, parameters=parameters)
        return normalise_charges(engine, item, recipe)


FORMAT = AzureCosts()


def fold(name: str) -> str:
    """`CostInBillingCurrency`, `costInBillingCurrency` and `Cost In Billing Currency` as one name."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())
