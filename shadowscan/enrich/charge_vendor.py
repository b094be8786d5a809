"""Which charges are for LLM vendors: vendor, service and kind once per distinct wording, never once a row.

Leaves the temporary table `llm_charge`: one row a charge of an LLM vendor, each charge once.
"""

from shadowscan.catalog import Catalog
from shadowscan.enrich.charge_grouping import settle_groupings
from shadowscan.enrich.charge_invoice import settle_invoices
from shadowscan.enrich.context import EnrichContext

# Strongest first: what a bill calls the product says more than who sends the bill.
BILL_TEXTS = (("service", 1), ("marketplace", 1), ("usage_type", 2), ("descriptor", 3), ("service", 3), ("legal", 0))
CARD_TEXTS = (("descriptor", 3), ("legal", 0), ("descriptor", 0))

_WORDINGS = """
    select distinct provider_name, service_name, usage_type, description, source_kind = 'card_csv' as is_card
    from charge
"""
_CREATE_WORDINGS = """
    create or replace temp table charge_wording (
      provider_name varchar, service_name varchar, usage_type varchar, description varchar, is_card boolean,
      vendor_id varchar, product_kind varchar
    )
"""
_INSERT_WORDINGS = """
    insert into charge_wording
    select
      unnest($provider_name::varchar[]), unnest($service_name::varchar[]), unnest($usage_type::varchar[]),
      unnest($description::varchar[]), unnest($is_card::boolean[]), unnest($vendor_id::varchar[]),
      unnest($product_kind::varchar[])
"""
# A delivery restates its whole period, under other line ids and without what was taken back: the newest one counts.
_CREATE_DELIVERIES = """
    create or replace temp table newest_delivery as
    select delivery_series, arg_max(delivery, (coalesce(delivered_at, timestamp '1970-01-01'), delivery)) as delivery
    from charge
    where delivery_series <> 'none'
    group by delivery_series
"""
# A charge that was exported again keeps its key: the newest object says what it costs now.
_CREATE_CHARGES = """
    create or replace temp table llm_charge as
    with newest as (
      select c.*, w.vendor_id, w.product_kind
      from charge as c
      join charge_wording as w
        on w.provider_name = c.provider_name
       and w.service_name = c.service_name
       and w.usage_type = c.usage_type
       and w.description = c.description
       and w.is_card = (c.source_kind = 'card_csv')
      left join newest_delivery as d on d.delivery_series = c.delivery_series
      where d.delivery is null or d.delivery = c.delivery
      qualify row_number() over (
        partition by c.source_kind, c.charge_key, c.billing_account_id, c.vendor_account_id
        order by c.source_id desc, c.line
      ) = 1
    )
    select
      cast(date_trunc('month', n.period_start_at) as date) as month,
      cast(n.period_start_at as date) as day,
      n.vendor_id,
      case when n.product_kind in ('seat', 'platform', 'gpu') then n.product_kind else 'api' end as service,
      case
        when n.cost_basis = 'card' and n.vendor_account_id = 'unknown'
          then coalesce(nullif(n.principal_id, 'unknown'), nullif(n.billing_account_id, 'unknown'), 'card')
        when n.vendor_account_id <> 'unknown' then n.vendor_account_id
        when n.cost_basis = 'invoice' and n.billing_account_id = 'unknown' then 'invoice'
        else n.billing_account_id
      end as account_id,
      case
        when n.cost_basis = 'card' then 'card'
        when starts_with(n.vendor_account_id, 'wrkspc_') or n.vendor_account_id = 'default' then 'workspace'
        when n.source_kind in ('aws_cur', 'azure_costs', 'gcp_billing', 'aws_cost_explorer')
          or regexp_full_match(n.vendor_account_id, '[0-9]{12}') then 'cloud_account'
        when n.vendor_account_id in ('unknown', n.billing_account_id) then 'organization'
        else 'project'
      end as account_kind,
      case
        when n.charge_category = 'Tax' then 'tax'
        when n.charge_category = 'Credit' then 'credit'
        when n.product_kind in ('seat', 'platform') then n.product_kind
        else 'api'
      end as kind,
      case
        when n.cost_basis = 'invoice' then 5
        when n.cost_basis = 'billed' and (
          n.source_kind in ('aws_cur', 'azure_costs', 'gcp_billing', 'aws_cost_explorer')
          or n.invoice_issuer <> n.provider_name
        ) then 4
        when n.cost_basis = 'billed' then 3
        when n.cost_basis = 'card' then 2
        else 1
      end as authority,
      case when n.cost_basis = 'card' and n.principal_id <> 'unknown' then n.principal_id else n.billing_account_id end
        as payer,
      regexp_replace(
        n.principal_id,
        '^arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*$',
        'arn:\\1:iam::\\2:role/\\3'
      ) as principal_role,
      n.vendor_account_name, n.source_kind, n.cost_basis, n.billing_account_id, n.resource_id, n.credential_id,
      n.principal_id, n.cost_center, n.currency, n.usage_type, n.unit, n.charge_category, n.quantity,
      n.effective_cost as amount, n.tags, n.provisional, n.period_start_at, n.period_end_at, n.description,
      n.service_name, n.source_id, n.line, n.grouped_by, 'none' as settled_by
    from newest as n
    where n.vendor_id is not null
"""


def classify_charges(context: EnrichContext) -> None:
    """Make `llm_charge` anew from `charge` and the catalogue; `settled_by` names a finer answer of the same dollars."""
    query = context.store.query
    rows = query(_WORDINGS).rows
    found = [(*row, *_vendor_of(context.catalog, row)) for row in rows]
    query(_CREATE_WORDINGS)
    names = ("provider_name", "service_name", "usage_type", "description", "is_card", "vendor_id", "product_kind")
    if found:
        query(_INSERT_WORDINGS, dict(zip(names, (list(column) for column in zip(*found, strict=True)), strict=True)))
    query(_CREATE_DELIVERIES)
    query(_CREATE_CHARGES)
    settle_groupings(query)
    settle_invoices(query)


def _vendor_of(catalog: Catalog, wording: tuple[str, str, str, str, bool]) -> tuple[str | None, str]:
    """Vendor and product kind of one wording; None where it is not for an LLM vendor."""
    for text_kind, position in CARD_TEXTS if wording[4] else BILL_TEXTS:
        text = str(wording[position])
        found = catalog.bill_vendor(text_kind, text) if text not in ("", "unknown") else None
        if found is not None:
            return found
    provider = wording[0].casefold()
    for vendor in catalog.vendors.values():
        if not wording[4] and provider in {vendor.id, vendor.name.casefold()}:
            return vendor.id, "api"
    return None, "unknown"
