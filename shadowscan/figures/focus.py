"""The charges that count, with their owners, as rows of FOCUS 1.4 Cost and Usage.

One row a day, vendor account, kind and meter, so that the rows of a period sum to the report's total to the last
digit. What the store does not keep a day apart is not made up: list and contracted cost stand at the effective cost,
and `x_CostBasis` says `effective`, since the roll-up holds what counts and not what each line was invoiced at.

Source: https://focus.finops.org/focus-specification/ (columns; custom ones are `x_` and Pascal case).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shadowscan.figures.money import money
from shadowscan.figures.period import add_months
from shadowscan.figures.spend_line import OF_ITS_MONTH
from shadowscan.store.connection import Store

COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
    "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription",
    "ChargePeriodEnd", "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost",
    "HostProviderName", "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ServiceCategory",
    "ServiceName", "ServiceProviderName", "ServiceSubcategory", "SkuId", "SkuMeter", "SubAccountId",
    "SubAccountName", "SubAccountType", "x_CostBasis", "x_Kind", "x_OwnerConfidence", "x_OwnerStatus", "x_OwnerTeam",
    "x_PolicyStatus", "x_Provisional", "x_SourceKind", "x_VendorId", "x_Via",
)  # fmt: skip
ISSUERS = {
    "aws_cur": "AWS",
    "aws_cost_explorer": "AWS",
    "azure_costs": "Microsoft",
    "gcp_billing": "Google Cloud",
}
_ROWS = f"""
    select
      d.day, d.vendor_id, coalesce(s.vendor_name, d.vendor_id) as vendor_name, d.service, d.vendor_account_id,
      coalesce(s.vendor_account_name, d.vendor_account_id) as vendor_account_name,
      coalesce(s.account_kind, 'unknown') as account_kind, coalesce(s.payer, 'unknown') as payer, d.kind,
      d.source_kind, d.currency, d.via, d.meter, d.unit, d.category, d.quantity, d.amount, d.provisional,
      coalesce(s.team, 'unknown') as team, coalesce(s.owner_status, 'unowned') as owner_status,
      coalesce(s.owner_confidence_band, 'none') as owner_confidence, coalesce(s.status, 'unknown') as status
    from spend_day as d
    {OF_ITS_MONTH}
    order by all
"""  # noqa: S608 - fragments of ours


def focus_rows(store: Store) -> Iterator[tuple[str, ...]]:
    """Every counted charge as texts under `COLUMNS`, empty for null; ordered by day, vendor and account."""
    answer = store.query(_ROWS)
    for row in answer.rows:
        charge = dict(zip(answer.columns, row, strict=True))
        values = {**_period(charge["day"]), **_account(charge), **_cost(charge), **_service(charge), **_extra(charge)}
        yield tuple(values.get(column, "") for column in COLUMNS)


def _period(day: date) -> dict[str, str]:
    month = add_months(day, 0)
    return {
        "BillingPeriodStart": _stamp(month),
        "BillingPeriodEnd": _stamp(add_months(month, 1)),
        "ChargePeriodStart": _stamp(day),
        "ChargePeriodEnd": _stamp(day + timedelta(days=1)),
    }


def _stamp(day: date | datetime) -> str:
    return f"{day:%Y-%m-%d}T00:00:00Z"


def _account(charge: dict[str, Any]) -> dict[str, str]:
    """A card's payer is a person and no account: the account that bills is then `card`."""
    is_card = charge["account_kind"] == "card"
    payer = "card" if is_card else charge["payer"]
    return {
        "BillingAccountId": payer,
        "BillingAccountName": payer,
        "BillingAccountType": "card" if is_card else "organization",
        "SubAccountId": charge["vendor_account_id"],
        "SubAccountName": charge["vendor_account_name"],
        "SubAccountType": charge["account_kind"],
    }


def _cost(charge: dict[str, Any]) -> dict[str, str]:
    """Quantities of usage only, and only where their unit is known."""
    amount = money(charge["amount"])
    costs = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), amount)
    costs |= {"BillingCurrency": charge["currency"], "ChargeCategory": charge["category"]}
    if charge["category"] != "Usage" or charge["unit"] == "unknown":
        return costs
    quantity = _plain(charge["quantity"])
    return costs | {
        "ConsumedQuantity": quantity,
        "ConsumedUnit": charge["unit"],
        "PricingQuantity": quantity,
        "PricingUnit": charge["unit"],
    }


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _service(charge: dict[str, Any]) -> dict[str, str]:
    issuer = ISSUERS.get(charge["source_kind"], charge["vendor_name"])
    meter = "" if charge["meter"] == "unknown" else charge["meter"]
    return {
        "ServiceCategory": "AI and Machine Learning",
        "ServiceSubcategory": "Generative AI",
        "ServiceName": f"{charge['vendor_name']} {charge['service']}",
        "ServiceProviderName": charge["vendor_name"],
        "HostProviderName": issuer,
        "InvoiceIssuerName": issuer,
        "SkuId": meter,
        "SkuMeter": meter,
        "ChargeDescription": f"{charge['vendor_name']} {charge['kind']} {meter}".strip(),
    }


def _extra(charge: dict[str, Any]) -> dict[str, str]:
    return {
        "x_CostBasis": "effective",
        "x_Kind": charge["kind"],
        "x_OwnerTeam": charge["team"],
        "x_OwnerStatus": charge["owner_status"],
        "x_OwnerConfidence": charge["owner_confidence"],
        "x_PolicyStatus": charge["status"],
        "x_Provisional": "true" if charge["provisional"] else "false",
        "x_SourceKind": charge["source_kind"],
        "x_VendorId": charge["vendor_id"],
        "x_Via": charge["via"],
    }
