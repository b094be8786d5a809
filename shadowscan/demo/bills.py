"""Acme's money, 2026-Q2 and Q3: $100,000 of model APIs became $140,000, and three accounts have no owner."""

import csv
import gzip
import io
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from shadowscan.demo import cast

QUARTERS = (
    (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)),
    (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)),
)
MONTH_SHARES = (Decimal("0.30"), Decimal("0.33"), Decimal("0.37"))
CENT = Decimal("0.01")

FOCUS_COLUMNS = (
    "BilledCost", "EffectiveCost", "BillingCurrency", "BillingAccountId", "SubAccountId", "SubAccountName",
    "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory",
    "ChargeDescription", "ConsumedQuantity", "ConsumedUnit", "ServiceCategory", "ServiceName",
    "ServiceProviderName", "HostProviderName", "InvoiceIssuerName", "RegionId", "SkuId", "Tags",
)  # fmt: skip
CUR_COLUMNS = (
    "identity_line_item_id", "bill_payer_account_id", "bill_billing_entity", "bill_billing_period_start_date",
    "line_item_usage_account_id", "line_item_line_item_type", "line_item_usage_start_date",
    "line_item_usage_end_date", "line_item_product_code", "line_item_usage_type", "line_item_operation",
    "line_item_usage_amount", "line_item_currency_code", "line_item_unblended_cost", "product_region_code",
    "product_servicecode", "line_item_line_item_description", "pricing_unit", "line_item_iam_principal",
    "resource_tags", "tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account with a vendor: what it cost in each quarter, and the tags on its charges."""

    vendor: str
    organization: str
    account: str
    name: str
    service: str
    quarters: tuple[Decimal, Decimal]
    tags: tuple[tuple[str, str], ...] = ()


FOCUS_ACCOUNTS = (
    Account(
        "Anthropic",
        "org-acme",
        "proj_gw",
        "llm-gateway",
        "Claude API",
        (Decimal(9000), Decimal(19600)),
        (("team", "platform"),),
    ),
    Account("OpenAI", "org-7fQ2", "proj_k3", "rank-prod", "OpenAI API", (Decimal(30000), Decimal(42000))),
    Account(
        "Anthropic",
        "org-acme",
        "wrkspc_01",
        "crm",
        "Claude API",
        (Decimal(20000), Decimal(21000)),
        (("team", "support"),),
    ),
    Account("Anthropic", "org-acme", "default", "Default workspace", "Claude API", (Decimal(8000), Decimal(12000))),
)
BEDROCK = Account(
    "AWS", cast.PROD, cast.DATA, "data-prod", "AmazonBedrock", (Decimal(28000), Decimal(28000)), (("team", "data"),)
)
MARKETPLACE = Account(
    "AWS Marketplace",
    cast.PROD,
    cast.SANDBOX,
    "sandbox",
    "Claude Sonnet 4.6 (Amazon Bedrock Edition)",
    (Decimal(5000), Decimal(12000)),
)
CARD_API = (Decimal(0), Decimal(5400))
SEAT = Decimal("20.00")


def write_bills(folder: Path) -> None:
    """Write the FOCUS export, the CUR 2.0 export and the card export."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "focus-vendors.csv", FOCUS_COLUMNS, _focus_rows())
    text = _csv_text(CUR_COLUMNS, _cur_rows())
    with gzip.GzipFile(folder / "cur2-00001.csv.gz", "wb", mtime=0) as stream:
        stream.write(text.encode())
    _write_csv(folder / "cards-2026.csv", CARD_COLUMNS, _card_rows())


def _months(account: Account) -> list[tuple[date, date, Decimal]]:
    rows = []
    for months, total in zip(QUARTERS, account.quarters, strict=True):
        first, second = ((total * share).quantize(CENT) for share in MONTH_SHARES[:2])
        for month, amount in zip(months, (first, second, total - first - second), strict=True):
            if amount:
                rows.append((month, _next_month(month), amount))
    return rows


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _focus_rows() -> list[tuple[str, ...]]:
    return [
        (
            f"{amount}", f"{amount}", "USD", account.organization, account.account, account.name,
            _stamp(start), _stamp(end), _stamp(start), _stamp(end), "Usage",
            f"{account.service} tokens", f"{amount * 100000:.0f}", "Tokens", "AI and Machine Learning", account.service,
            account.vendor, account.vendor, account.vendor, "", f"{account.service}:tokens",
            json.dumps(dict(account.tags)),
        )
        for account in FOCUS_ACCOUNTS
        for start, end, amount in _months(account)
    ]  # fmt: skip


def _cur_rows() -> list[tuple[str, ...]]:
    native = [
        _cur_row(BEDROCK, "AWS", "AmazonBedrock", "USE1-Claude4.6Sonnet-output-tokens", month)
        for month in _months(BEDROCK)
    ]
    resold = [
        _cur_row(MARKETPLACE, "AWS Marketplace", "4xz0demoproduct", "USE1-MP:USE1_OutputTokenCount-Units", month)
        for month in _months(MARKETPLACE)
    ]
    return [*native, *resold]


def _cur_row(
    account: Account, entity: str, product: str, usage: str, month: tuple[date, date, Decimal]
) -> tuple[str, ...]:
    start, end, amount = month
    return (
        f"{account.account}-{start:%Y%m}", cast.PROD, entity, _stamp(start), account.account, "Usage", _stamp(start),
        _stamp(end), product, usage, "InvokeModelInference", f"{amount / 15:.4f}", "USD", f"{amount}", cast.REGION,
        "AmazonBedrock", account.service, "1M tokens",
        f"arn:aws:sts::{account.account}:assumed-role/FeatureRole/i-0d01" if account is BEDROCK else "",
        json.dumps({f"user_{key}": value for key, value in account.tags}), "{}",
    )  # fmt: skip


CARD_COLUMNS = (
    "Transaction Date", "Merchant Name", "Merchant Descriptor", "Amount", "Currency", "Cardholder", "Department",
    "Cost Center", "Memo", "Transaction ID", "Status",
)  # fmt: skip


def _card_rows() -> list[tuple[str, ...]]:
    account = Account("OpenAI", "card", "card", "card", "api", CARD_API)
    rows: list[tuple[str, ...]] = [
        (
            f"{start.replace(day=9)}",
            "OpenAI",
            "OPENAI* API",
            f"{amount}",
            "USD",
            "Robin Roe",
            "Marketing",
            "CC-4410",
            "",
            f"txn_a{start:%m}",
            "CLEARED",
        )
        for start, _, amount in _months(account)
    ]
    for month in QUARTERS[1]:
        rows.append(
            (
                f"{month.replace(day=3)}",
                "OpenAI",
                "OPENAI *CHATGPT SUBSCR",
                f"{SEAT}",
                "USD",
                "Lee Park",
                "Search",
                "CC-2087",
                "",
                f"txn_s{month:%m}",
                "CLEARED",
            )
        )
        rows.append(
            (
                f"{month.replace(day=11)}",
                "Cursor",
                "CURSOR, AI POWERED IDE",
                "40.00",
                "USD",
                "Lee Park",
                "Search",
                "CC-2087",
                "",
                f"txn_c{month:%m}",
                "CLEARED",
            )
        )
        rows.append(
            (
                f"{month.replace(day=12)}",
                "Cursor Coffee",
                "SQ *CURSOR COFFEE",
                "6.40",
                "USD",
                "Lee Park",
                "Search",
                "CC-2087",
                "",
                f"txn_k{month:%m}",
                "CLEARED",
            )
        )
    return rows


def _stamp(day: date) -> str:
    return f"{day:%Y-%m-%d}T00:00:00Z"


def _csv_text(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _write_csv(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path.write_text(_csv_text(columns, rows), encoding="utf-8")
