r"""Google Cloud billing export, standard or detailed: BigQuery's JSON lines (plain or gzip), a JSON array, or Parquet.

Real shape, one row of `gcp_billing_export_v1_…` or `gcp_billing_export_resource_v1_…`::

    {"billing_account_id": "01AB-…", "service": {"id": "C7E2-9256-1C43", "description": "Vertex AI"},
     "sku": {"id": "7EBE-3B46-F75C", "description": "Gemini 3 Flash Text Input - Predictions"},
     "usage_start_time": "2026-10-14T00:00:00Z", "project": {"id": "search-prod", "labels": […]},
     "labels": [{"key": "component", "value": "rerank"}], "location": {"location": "europe-west4"},
     "cost": 12.44, "currency": "EUR", "credits": [{"type": "COMMITTED_USAGE_DISCOUNT", "amount": -1.2}],
     "usage": {"amount": 24880000, "unit": "count"}, "invoice": {"month": "202610"}, "cost_type": "regular"}

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`cost` and `credits[].amount`            `billed_cost` and `effective_cost`: their sum; credits are negative already
`service.description`                    `service_name`
`sku.description`                        `usage_type` and `description`: model, direction, cache and `Global` are in it
`project.id` `project.name`              `vendor_account_id` and its name; tax has no project
`usage_start_time` `usage_end_time`      `period_start_at` `period_end_at`
`usage.amount` `usage.unit`              `quantity` `unit`
`labels`, then `project.labels`          `tags`; labels of a request reach the row too
`location.region`, `location.location`   `region`
`resource.name`                          `resource_id` (detailed export)
`cost_type`                              `charge_category`: tax, adjustment and rounding_error (Adjustment), else Usage
`seller_name`                            `provider_name`, else Google Cloud, who bills
`invoice.month`                          still running when the object was made: `provisional`
=======================================  ==============================================================================

Traps. Credits stand apart from the cost: without them a bill is too high. The export appends: an hour gets further rows
under a later `export_time`, which is therefore part of the key, and nothing replaces what stands there. Vertex AI and
AI Studio (`Generative Language API`) are two services.

Sources: https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage
https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
Doubts: BigQuery cannot write nested fields as CSV; a flattened CSV of one's own query is not read.
Promotional credits are taken off the cost like discounts.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._charge import PARQUET_MAGIC, Recipe, normalise_charges
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

FIELDS = (
    "billing_account_id", "service", "sku", "usage_start_time", "usage_end_time", "project", "labels", "location",
    "resource", "cost", "currency", "usage", "credits", "invoice", "cost_type", "seller_name", "export_time",
    "transaction_type", "subscription",
)  # fmt: skip
_SHAPE = (rb'"usage_start_time"\s*:', rb'"sku"\s*:\s*\{', rb'"service"\s*:\s*\{', rb'"cost"\s*:')

PROJECT = """
with typed as (
  select
    *,
    try_cast(cost as decimal(38, 12)) as gross,
    coalesce(
      list_sum(list_transform(
        cast(json_extract(case when json_valid(credits) then credits else '[]' end, '$[*].amount') as varchar[]),
        lambda credit: try_cast(trim(credit, '"') as decimal(38, 12))
      )),
      0
    ) as credited,
    try_cast(usage_start_time as timestamptz) at time zone 'UTC' as started_at,
    try_cast(usage_end_time as timestamptz) at time zone 'UTC' as ended_at,
    json_extract_string(service, '$.description') as service_said,
    json_extract_string(sku, '$.description') as sku_said,
    json_extract_string(project, '$.id') as project_id,
    cast(json_extract(project, '$.labels') as varchar) as project_labels,
    try_strptime(json_extract_string(invoice, '$.month'), '%Y%m') as invoice_at
  from charge_raw
)
select
  line,
  md5(concat_ws('|', billing_account_id, service, sku, usage_start_time, usage_end_time, project_id, resource, labels,
    location, cost_type, seller_name, export_time, transaction_type, subscription))
    || '/' || coalesce(strftime(started_at, '%Y-%m'), '') as charge_key,
  coalesce(seller_name, 'Google Cloud') as provider_name,
  'Google Cloud' as invoice_issuer,
  coalesce(billing_account_id, 'unknown') as billing_account_id,
  coalesce(project_id, 'unknown') as vendor_account_id,
  coalesce(json_extract_string(project, '$.name'), project_id, 'unknown') as vendor_account_name,
  coalesce(json_extract_string(resource, '$.global_name'), json_extract_string(resource, '$.name'), 'unknown')
    as resource_id,
  coalesce(service_said, 'unknown') as service_name,
  coalesce(sku_said, json_extract_string(sku, '$.id'), 'unknown') as usage_type,
  case
    when cost_type = 'tax' then 'Tax'
    when cost_type in ('adjustment', 'rounding_error') then 'Adjustment'
    else 'Usage'
  end as charge_category,
  case when cost_type = 'adjustment' then 'Correction' else 'none' end as charge_class,
  coalesce(sku_said, '') as description,
  coalesce(json_extract_string(location, '$.region'), json_extract_string(location, '$.location'), 'unknown') as region,
  started_at as period_start_at,
  coalesce(ended_at, started_at + interval 1 day) as period_end_at,
  (gross + credited)::decimal(38, 12) as billed_cost,
  (gross + credited)::decimal(38, 12) as effective_cost,
  upper(currency) as currency,
  coalesce(try_cast(json_extract_string(usage, '$.amount') as decimal(38, 12)), 0) as quantity,
  coalesce(json_extract_string(usage, '$.unit'), 'unknown') as unit,
  coalesce($observed_at::timestamp < invoice_at + interval 1 month, false) as provisional,
  labels as tags_first,
  project_labels as tags_second,
  tag_columns as tags_third,
  false as skipped,
  case
    when gross is null then 'cost ' || coalesce('''' || cost || '''', 'is empty') || ': not an amount'
    when started_at is null
      then 'usage_start_time ' || coalesce('''' || usage_start_time || '''', 'is empty') || ': not a time'
    when currency is null or not regexp_full_match(currency, '[A-Za-z]{3}')
      then 'currency ' || coalesce('''' || currency || '''', 'is empty') || ': not ISO 4217'
  end as problem
from typed
"""


class GcpBilling:
    """Google Cloud billing export."""

    id = "gcp_billing"
    title = "Google Cloud billing export (BigQuery JSON or Parquet)"
    tables = ("charge",)

    def sniff(self, head: Head) -> float:
        """A row with service, SKU, usage time and cost, or a Parquet footer with credits."""
        if head.data.startswith(PARQUET_MAGIC):
            return 0.95 if b"usage_start_time" in head.data and b"credits" in head.data else 0.0
        if not head.begins_json:
            return 0.0
        return 0.96 if all(re.search(pattern, head.data) for pattern in _SHAPE) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Each object is read on its own."""
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert charges; raises `BadInputError` where the object is no JSON."""
        return {item.source_id: self._normalise(engine, item) for item in items}

    def _normalise(self, engine: DuckDBEngine, item: LocalObject) -> Normalised:
        parameters = {"observed_at": item.observed_at}
        return normalise_charges(engine, item, Recipe(self.id, FIELDS, str.casefold, PROJECT, parameters=parameters))


FORMAT = GcpBilling()
