r"""AWS Cost and Usage Report: CUR 2.0 (Data Exports) and legacy CUR, as CSV (plain or gzip) or Parquet.

Real shape, CUR 2.0. `resource_tags`, `tags`, `product` hold maps: JSON text in CSV, a map in Parquet::

    line_item_usage_account_id,line_item_product_code,line_item_usage_type,line_item_unblended_cost,resource_tags
    222222222222,AmazonBedrock,USE1-Claude4.6Sonnet-input-tokens,4.0738500000,"{""user_owner_team"":""search""}"

Legacy CUR writes `lineItem/UsageType` in CSV and `line_item_usage_type` in Parquet, and one column a tag
(`resourceTags/user:team`). Headers are normalised camel to snake, anything else than letters and digits to `_`.

==========================================  ===========================================================================
column                                      becomes
==========================================  ===========================================================================
`line_item_unblended_cost`                  `billed_cost`, what ties out with the invoice
net and amortised columns                   `effective_cost`: savings plan or reservation cost for covered usage; of the
                                            fees of plans and reservations what was not used; 0 for
                                            `SavingsPlanNegation` and upfront fees, which the covered usage carries;
                                            else net unblended, else unblended
`line_item_line_item_type`                  `charge_category`: Tax, Credit, Purchase (Fee, RIFee, …), Adjustment with
                                            class Correction (Refund), else Usage
`line_item_usage_account_id`                `vendor_account_id`; the payer is `billing_account_id`
`bill_billing_entity`                       `invoice_issuer`; `AWS Marketplace` for resold models
`line_item_legal_entity`                    `provider_name` for Marketplace (the seller), else `AWS`
product name, service code, description     `service_name`: the product name where given, else the product code;
                                            a Marketplace product code is opaque, so the description stands for it
`line_item_iam_principal`                   `principal_id`
`tags` with `iamPrincipal/…`                `tags`, before `resource_tags`
`bill_invoice_id`                           empty: the month is still open, `provisional`
==========================================  ===========================================================================

Traps. `identity_line_item_id` is unique within one file of one delivery only: it is a part of the key and never the
key. Where the export keeps every version (`…/20261001-20261101/ASSEMBLY/`, `…/BILLING_PERIOD=2026-10/RUN/`), each
delivery restates the whole month, and only the newest by its time counts.

Sources: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html
https://docs.aws.amazon.com/cur/latest/userguide/identity-columns.html
Doubts: the seller in `line_item_legal_entity` and the exact Marketplace product codes are not verified.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._charge import PARQUET_MAGIC, Recipe, header_of, normalise_charges
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError

FIELDS = (
    "identity_line_item_id", "bill_payer_account_id", "bill_billing_entity", "bill_invoice_id",
    "bill_billing_period_start_date", "line_item_usage_account_id", "line_item_usage_account_name",
    "line_item_legal_entity", "line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date",
    "line_item_product_code", "line_item_usage_type", "line_item_operation", "line_item_resource_id",
    "line_item_usage_amount", "line_item_currency_code", "line_item_unblended_cost", "line_item_net_unblended_cost",
    "line_item_line_item_description", "line_item_iam_principal", "product_product_name", "product_region_code",
    "product_region", "product_servicecode", "product", "pricing_unit", "savings_plan_savings_plan_effective_cost",
    "savings_plan_net_savings_plan_effective_cost", "reservation_effective_cost", "reservation_net_effective_cost",
    "reservation_unused_amortized_upfront_fee_for_billing_period", "reservation_unused_recurring_fee",
    "reservation_reservation_a_r_n", "reservation_reservation_arn", "savings_plan_total_commitment_to_date",
    "savings_plan_used_commitment", "resource_tags", "tags",
)  # fmt: skip
REQUIRED = ("line_item_usage_account_id", "line_item_usage_start_date", "line_item_unblended_cost")
TAG_PREFIX = "resource_tags_"

PROJECT = """
with typed as (
  select
    *,
    try_cast(line_item_unblended_cost as decimal(38, 12)) as unblended,
    case  -- casting text to an exact decimal is most of what a row costs, and mostly the two are one
      when line_item_net_unblended_cost = line_item_unblended_cost then unblended
      else try_cast(line_item_net_unblended_cost as decimal(38, 12))
    end as net_unblended,
    try_cast(
      coalesce(savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost)
      as decimal(38, 12)
    ) as plan_cost,
    try_cast(coalesce(reservation_net_effective_cost, reservation_effective_cost) as decimal(38, 12))
      as reservation_cost,
    try_cast(reservation_unused_amortized_upfront_fee_for_billing_period as decimal(38, 12))
      + try_cast(reservation_unused_recurring_fee as decimal(38, 12)) as reservation_unused,
    try_cast(savings_plan_total_commitment_to_date as decimal(38, 12))
      - try_cast(savings_plan_used_commitment as decimal(38, 12)) as plan_unused,
    coalesce(reservation_reservation_a_r_n, reservation_reservation_arn) is not null as is_reservation,
    try_cast(line_item_usage_start_date as timestamptz) at time zone 'UTC' as started_at,
    try_cast(line_item_usage_end_date as timestamptz) at time zone 'UTC' as ended_at,
    coalesce(
      product_product_name,
      case when json_valid(product) then json_extract_string(product, '$.product_name') end
    ) as product_name
  from charge_raw
)
select
  line,
  md5(
    concat_ws('|', coalesce(identity_line_item_id, ''),
      line_item_usage_account_id, line_item_product_code, line_item_usage_type, line_item_operation,
      line_item_resource_id, line_item_line_item_type, line_item_line_item_description, line_item_iam_principal,
      resource_tags, tags, tag_columns)
  ) || '/' || coalesce(strftime(started_at, '%Y-%m-%dT%H'), '') as charge_key,
  case
    when bill_billing_entity = 'AWS Marketplace' then coalesce(line_item_legal_entity, 'AWS Marketplace')
    else 'AWS'
  end as provider_name,
  coalesce(bill_billing_entity, 'AWS') as invoice_issuer,
  coalesce(bill_payer_account_id, 'unknown') as billing_account_id,
  coalesce(line_item_usage_account_id, 'unknown') as vendor_account_id,
  coalesce(line_item_usage_account_name, 'unknown') as vendor_account_name,
  coalesce(line_item_resource_id, 'unknown') as resource_id,
  case
    when bill_billing_entity = 'AWS Marketplace'
      then coalesce(product_name, line_item_line_item_description, line_item_product_code, 'unknown')
    else coalesce(line_item_product_code, product_name, 'unknown')
  end as service_name,
  coalesce(line_item_usage_type, 'unknown') as usage_type,
  coalesce(line_item_operation, 'unknown') as operation,
  case
    when line_item_line_item_type = 'Tax' then 'Tax'
    when line_item_line_item_type in ('Credit', 'BundledDiscount') then 'Credit'
    when line_item_line_item_type = 'Refund' then 'Adjustment'
    when line_item_line_item_type in ('Fee', 'RIFee', 'SavingsPlanUpfrontFee', 'SavingsPlanRecurringFee')
      then 'Purchase'
    else 'Usage'
  end as charge_category,
  case when line_item_line_item_type = 'Refund' then 'Correction' else 'none' end as charge_class,
  coalesce(line_item_line_item_description, '') as description,
  coalesce(line_item_iam_principal, 'unknown') as principal_id,
  coalesce(product_region_code, product_region, 'unknown') as region,
  started_at as period_start_at,
  coalesce(ended_at, started_at + interval 1 day) as period_end_at,
  unblended as billed_cost,
  case
    when line_item_line_item_type = 'SavingsPlanCoveredUsage' then coalesce(plan_cost, net_unblended, unblended)
    when line_item_line_item_type = 'DiscountedUsage' then coalesce(reservation_cost, net_unblended, unblended)
    when line_item_line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
    when line_item_line_item_type = 'SavingsPlanRecurringFee' then coalesce(plan_unused, net_unblended, unblended)
    when line_item_line_item_type = 'RIFee' then coalesce(reservation_unused, net_unblended, unblended)
    when line_item_line_item_type = 'Fee' and is_reservation then 0
    else coalesce(net_unblended, unblended)
  end as effective_cost,
  upper(coalesce(line_item_currency_code, 'USD')) as currency,
  coalesce(try_cast(line_item_usage_amount as decimal(38, 12)), 0) as quantity,
  coalesce(pricing_unit, 'unknown') as unit,
  $has_invoice and bill_invoice_id is null as provisional,
  tags as tags_first,
  resource_tags as tags_second,
  tag_columns as tags_third,
  false as skipped,
  case
    when unblended is null
      then 'line_item_unblended_cost ' || coalesce('''' || line_item_unblended_cost || '''', 'is empty') ||
        ': not an amount'
    when line_item_net_unblended_cost is not null and net_unblended is null
      then 'line_item_net_unblended_cost ''' || line_item_net_unblended_cost || ''': not an amount'
    when started_at is null
      then 'line_item_usage_start_date ' || coalesce('''' || line_item_usage_start_date || '''', 'is empty') ||
        ': not a date'
  end as problem
from typed
"""


class AwsCur:
    """AWS Cost and Usage Report, 2.0 and legacy."""

    id = "aws_cur"
    title = "AWS Cost and Usage Report (CSV or Parquet)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A header, or a Parquet footer, that names line items."""
        if head.data.startswith(PARQUET_MAGIC):
            if b"line_item_unblended_cost" in head.data:
                return 0.95
            return 0.5 if re.search(r"(?i)cost[-_]and[-_]usage|\bcur2?\b", head.name) else 0.0
        names = {snake_case(name) for name in header_of(head)[1]}
        if not {"line_item_unblended_cost", "line_item_usage_type"} & names:
            return 0.0
        return 0.97 if "line_item_line_item_type" in names or set(REQUIRED) <= names else 0.6

    def group_key(self, item: LocalObject) -> str:
        """One header, one key; each object is still read on its own."""
        return ",".join(header_of(item.head)[1]) or "parquet"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where the export lacks a column that every charge needs."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        delimiter, header = header_of(item.head)
        names = {snake_case(name) for name in header}
        missing = [name for name in REQUIRED if header and name not in names]
        if missing:
            raise BadInputError(f"{item.name}: the export lacks {', '.join(missing)}", hint="add the columns to it")
        parameters = {"has_invoice": "bill_invoice_id" in names}
        recipe = Recipe(self.id, FIELDS, snake_case, PROJECT, TAG_PREFIX, delimiter, parameters)
        return normalise_charges(engine, item, recipe)


FORMAT = AwsCur()


def snake_case(name: str) -> str:
    """`lineItem/UsageType` and `line_item_usage_type` as one name."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
