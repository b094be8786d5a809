r"""FOCUS Cost and Usage, 1.0 to 1.4 with the identity columns of 1.5, of any provider: CSV (plain or gzip) or Parquet.

Real shape::

    BilledCost,EffectiveCost,BillingCurrency,SubAccountId,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,Tags
    412.18,412.18,USD,proj_k3,2026-10-14T00:00:00Z,2026-10-15T00:00:00Z,Usage,OpenAI API,"{""team"":""search""}"

=====================================  ================================================================================
column                                 becomes
=====================================  ================================================================================
`ServiceProviderName`                  `provider_name`; up to 1.2 `ProviderName`, then `PublisherName`
`InvoiceIssuerName`                    `invoice_issuer`, else the provider
`BilledCost` `EffectiveCost`           the same; without an effective cost the billed one stands for it
`SubAccountId`                         `vendor_account_id`, else `unknown`
`SkuMeter`, `x_Model`, `SkuId`         `usage_type`, the first that is given
`AllocatedTags`                        `tags`, before `Tags`: the two never repeat a key by the standard
`PrincipalId` `CredentialId`           `principal_id` `credential_id` (1.5 draft), also with `x_` in front
`ChargePeriodStart` `ChargePeriodEnd`  `period_start_at` `period_end_at`; a time without zone is UTC
`ConsumedQuantity` `ConsumedUnit`      `quantity` `unit`; tokens are counted here, no version has a column for them
`ConsumerId`                           `consumer_id` (1.5 draft), also with `x_` in front
`BillingPeriodEnd`                     after the object's own time: `provisional`, the month was still open
=====================================  ================================================================================

Of a virtual currency (1.2) the billing currency counts, `PricingCurrency…` does not. The other datasets of 1.3 and 1.4
(contract commitments, billing periods, invoice details) tell the same dollars and are not taken.
A literal `NULL` is no value. Amounts may be in scientific notation and are kept exactly to twelve decimals.

Source: https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec (columns of each version).
Doubts: 1.5 is a draft, its identity columns may still be renamed.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._charge import PARQUET_MAGIC, Recipe, header_of, normalise_charges
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

FIELDS = (
    "billedcost", "effectivecost", "billingcurrency", "billingaccountid", "subaccountid", "subaccountname",
    "billingperiodstart", "chargeperiodstart", "chargeperiodend", "chargecategory", "chargeclass",
    "chargedescription", "consumedquantity", "consumedunit", "servicename", "serviceprovidername", "providername",
    "publishername", "invoiceissuername", "invoiceid", "regionid", "resourceid", "skuid", "skumeter", "skupriceid",
    "x_model", "principalid", "x_principalid", "credentialid", "x_credentialid", "consumerid", "x_consumerid",
    "billingperiodend", "allocatedtags", "tags",
    "allocatedresourceid", "pricingcategory", "commitmentdiscountid", "commitmentdiscountstatus",
)  # fmt: skip
REQUIRED = ("BilledCost", "BillingCurrency", "ChargePeriodStart", "ChargeCategory")

PROJECT = """
with typed as (
  select
    *,
    try_cast(billedcost as decimal(38, 12)) as billed,
    try_cast(effectivecost as decimal(38, 12)) as effective,
    try_cast(chargeperiodstart as timestamptz) at time zone 'UTC' as started_at,
    try_cast(chargeperiodend as timestamptz) at time zone 'UTC' as ended_at,
    try_cast(billingperiodend as timestamptz) at time zone 'UTC' as closed_at
  from charge_raw
)
select
  line,
  md5(concat_ws('|', billingaccountid, subaccountid, resourceid, servicename, skuid, skumeter, skupriceid, x_model,
    chargeperiodstart, chargeperiodend, chargecategory, chargeclass, chargedescription, regionid, consumedunit,
    coalesce(principalid, x_principalid), coalesce(credentialid, x_credentialid),
    coalesce(consumerid, x_consumerid), allocatedresourceid,
    pricingcategory, commitmentdiscountid, commitmentdiscountstatus, tags, allocatedtags))
    || '/' || coalesce(strftime(started_at, '%Y-%m'), '') as charge_key,
  coalesce(serviceprovidername, providername, publishername, 'unknown') as provider_name,
  coalesce(invoiceissuername, serviceprovidername, providername, 'unknown') as invoice_issuer,
  coalesce(billingaccountid, 'unknown') as billing_account_id,
  coalesce(subaccountid, 'unknown') as vendor_account_id,
  coalesce(subaccountname, 'unknown') as vendor_account_name,
  coalesce(resourceid, 'unknown') as resource_id,
  coalesce(servicename, 'unknown') as service_name,
  coalesce(skumeter, x_model, skuid, 'unknown') as usage_type,
  chargecategory as charge_category,
  coalesce(chargeclass, 'none') as charge_class,
  coalesce(chargedescription, '') as description,
  coalesce(principalid, x_principalid, 'unknown') as principal_id,
  coalesce(credentialid, x_credentialid, 'unknown') as credential_id,
  coalesce(consumerid, x_consumerid, 'unknown') as consumer_id,
  coalesce(regionid, 'unknown') as region,
  started_at as period_start_at,
  coalesce(ended_at, started_at + interval 1 day) as period_end_at,
  billed as billed_cost,
  coalesce(effective, billed) as effective_cost,
  upper(billingcurrency) as currency,
  coalesce(try_cast(consumedquantity as decimal(38, 12)), 0) as quantity,
  coalesce(consumedunit, 'unknown') as unit,
  coalesce($observed_at::timestamp < closed_at, false) as provisional,
  allocatedtags as tags_first,
  tags as tags_second,
  tag_columns as tags_third,
  false as skipped,
  case
    when billed is null
      then 'BilledCost ' || coalesce('''' || billedcost || '''', 'is empty') || ': not an amount'
    when effectivecost is not null and effective is null
      then 'EffectiveCost ''' || effectivecost || ''': not an amount'
    when started_at is null
      then 'ChargePeriodStart ' || coalesce('''' || chargeperiodstart || '''', 'is empty') || ': not a date'
    when chargeperiodend is not null and ended_at is null
      then 'ChargePeriodEnd ''' || chargeperiodend || ''': not a date'
    when billingcurrency is null or not regexp_full_match(billingcurrency, '[A-Za-z]{3}')
      then 'BillingCurrency ' || coalesce('''' || billingcurrency || '''', 'is empty') || ': not ISO 4217'
    when coalesce(chargecategory, '') not in ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')
      then 'ChargeCategory ' || coalesce('''' || chargecategory || '''', 'is empty') || ': not one of FOCUS'
  end as problem
from typed
"""


class Focus:
    """FOCUS Cost and Usage, any version up to 1.4."""

    id = "focus"
    title = "FOCUS cost and usage (CSV or Parquet)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A header, or a Parquet footer, that names the columns every version has."""
        if head.data.startswith(PARQUET_MAGIC):
            if b"BilledCost" in head.data and b"ChargePeriodStart" in head.data:
                return 0.95
            return 0.5 if re.search(r"(?i)\bfocus", head.name) else 0.0
        found = {name.casefold() for name in header_of(head)[1]}
        count = sum(name.casefold() in found for name in REQUIRED)
        return {len(REQUIRED): 0.97, len(REQUIRED) - 1: 0.7}.get(count, 0.0)

    def group_key(self, item: LocalObject) -> str:
        """One header, one key; each object is still read on its own."""
        return ",".join(header_of(item.head)[1]) or "parquet"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where a column that the standard requires is missing."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        delimiter, header = header_of(item.head)
        found = {name.casefold() for name in header}
        missing = [name for name in REQUIRED if header and name.casefold() not in found]
        if missing:
            raise BadInputError(
                f"{item.name}: FOCUS requires {', '.join(missing)}",
                hint="export the columns the standard makes mandatory",
            )
        parameters = {"observed_at": item.observed_at}
        recipe = Recipe(self.id, FIELDS, str.casefold, PROJECT, delimiter=delimiter, parameters=parameters)
        return normalise_charges(engine, item, recipe)


FORMAT = Focus()
