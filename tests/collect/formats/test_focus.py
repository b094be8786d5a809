import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.focus import FORMAT
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError
from tests.collect.formats.charges import head_of, read_charges

SAMPLE_1_0 = (
    "Id,BilledCost,EffectiveCost,BillingCurrency,BillingAccountId,SubAccountId,ChargePeriodStart,ChargePeriodEnd,"
    "ChargeCategory,ServiceName,ProviderName,PublisherName,Tags\n"
    "1,1.5E-7,1.5E-7,USD,111,222,2024-09-01 00:00:00,2024-09-02 00:00:00,Usage,AmazonBedrock,AWS,AWS,NULL\n"
    "2,20.520226578990,20.5,USD,111,NULL,2024-09-01 05:00:00,2024-09-01 06:00:00,Usage,Claude,NULL,Anthropic,NULL\n"
)


def test_charges_when_sample_of_1_0_then_sum_is_exact_and_null_is_absent(tmp_path: Path) -> None:
    path = tmp_path / "focus.csv"
    path.write_text(SAMPLE_1_0)

    result, rows = read_charges(
        FORMAT, path, "billed_cost", "provider_name", "vendor_account_id", "period_start_at::varchar", "tags", "line"
    )

    assert result.tables == {"charge": 2}
    assert sum(row[0] for row in rows) == Decimal("20.520226728990")
    assert rows[0][1:] == ("AWS", "222", "2024-09-01 00:00:00", "{}", 2)
    assert rows[1][1:] == ("Anthropic", "unknown", "2024-09-01 05:00:00", "{}", 3)


def test_tags_when_allocated_and_plain_then_allocated_win(tmp_path: Path) -> None:
    path = tmp_path / "azure.csv"
    allocated = '"{""team"":""search""}"'
    plain = '"{""team"":""data"",""env"":""prod""}"'
    path.write_text(
        "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceProviderName,"
        f"ProviderName,AllocatedTags,Tags\n1,1,EUR,2026-01-01T01:00:00+01:00,,Usage,Anthropic,AWS,{allocated},{plain}\n"
    )

    _, rows = read_charges(FORMAT, path, "tags", "provider_name", "currency", "period_start_at::varchar")

    assert json.loads(rows[0][0]) == {"team": "search", "env": "prod"}
    assert rows[0][1:] == ("Anthropic", "EUR", "2026-01-01 00:00:00")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("12;50,USD,2026-01-01,Usage", "BilledCost '12;50': not an amount"),
        ("1,USD,yesterday,Usage", "ChargePeriodStart 'yesterday': not a date"),
        ("1,US Dollar,2026-01-01,Usage", "BillingCurrency 'US Dollar': not ISO 4217"),
        (",USD,2026-01-01,Usage", "BilledCost is empty: not an amount"),
        ("1,USD,2026-01-01,Fun", "ChargeCategory 'Fun': not one of FOCUS"),
    ],
)
def test_row_when_bad_then_rejected_with_its_line(tmp_path: Path, row: str, why: str) -> None:
    path = tmp_path / "focus.csv"
    path.write_text(f"BilledCost,BillingCurrency,ChargePeriodStart,ChargeCategory\n2,USD,2026-01-01,Usage\n{row}\n")

    result, rows = read_charges(FORMAT, path, "billed_cost")

    assert (result.rejected, result.reject_sample) == (1, f"line 3: {why}")
    assert rows == [(Decimal(2),)]


def test_parquet_when_maps_and_decimals_then_same_charges(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "focus.parquet"
    duckdb.sql(
        "select 4.07385::decimal(38, 12) as BilledCost, 4::double as EffectiveCost, 'USD' as BillingCurrency, "
        "timestamp '2026-01-01' as ChargePeriodStart, 'Usage' as ChargeCategory, map {'team': 'search'} as Tags"
    ).write_parquet(str(path))

    _, rows = read_charges(FORMAT, path, "billed_cost", "effective_cost", "tags")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert rows == [(Decimal("4.07385"), Decimal(4), '{"team":"search"}')]


def test_key_when_amount_is_restated_then_stays_and_twins_differ(tmp_path: Path) -> None:
    head = "BilledCost,BillingCurrency,ChargePeriodStart,ChargeCategory\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(head + "1,USD,2026-01-01,Usage\n1,USD,2026-01-01,Usage\n")
    second.write_text(head + "3,USD,2026-01-01,Usage\n")

    _, before = read_charges(FORMAT, first, "charge_key")
    _, after = read_charges(FORMAT, second, "charge_key")

    assert len(set(before)) == 2
    assert after[0] == before[0]


def test_export_when_required_column_missing_then_named(tmp_path: Path) -> None:
    path = tmp_path / "focus.csv"
    path.write_text("BilledCost,ChargePeriodStart,ChargeCategory\n1,2026-01-01,Usage\n")

    with pytest.raises(BadInputError, match="BillingCurrency"):
        read_charges(FORMAT, path, "line")


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1


MANDATORY = "BilledCost,EffectiveCost,BillingCurrency,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory"
VALUES = "2,1.5,USD,2026-11-01T00:00:00Z,2026-10-14T00:00:00Z,2026-10-15T00:00:00Z,Usage"


@pytest.mark.parametrize(
    ("columns", "values", "understood"),
    [
        ("ProviderName,PublisherName,SkuId", "AWS,Anthropic,sku-1", ("AWS", "sku-1", "unknown", "unknown", "unknown")),
        ("PublisherName,SkuMeter,SkuId", "Cohere,In,s", ("Cohere", "In", "unknown", "unknown", "unknown")),
        ("ProviderName,PricingCurrency", "Databricks,DBU", ("Databricks", "unknown", "unknown", "unknown", "unknown")),
        ("ServiceProviderName,ProviderName", "OpenAI,AWS", ("OpenAI", "unknown", "unknown", "unknown", "unknown")),
        ("ServiceProviderName,x_Model", "OpenAI,gpt-5", ("OpenAI", "gpt-5", "unknown", "unknown", "unknown")),
        ("ServiceProviderName,PrincipalId,CredentialId", "xAI,u1,k1", ("xAI", "unknown", "u1", "k1", "unknown")),
        ("ServiceProviderName,ConsumerId", "xAI,cust_9", ("xAI", "unknown", "unknown", "unknown", "cust_9")),
        ("ServiceProviderName,x_ConsumerId", "xAI,cust_9", ("xAI", "unknown", "unknown", "unknown", "cust_9")),
    ],
    ids=["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.5 consumer", "1.5 as custom column"],
)
def test_columns_when_of_any_version_then_understood(
    tmp_path: Path, columns: str, values: str, understood: tuple[str, ...]
) -> None:
    path = tmp_path / "focus.csv"
    path.write_text(f"{MANDATORY},{columns}\n{VALUES},{values}\n")
    identity = ("provider_name", "usage_type", "principal_id", "credential_id", "consumer_id")

    _, rows = read_charges(FORMAT, path, *identity, "effective_cost")

    assert rows == [(*understood, Decimal("1.5"))]


@pytest.mark.parametrize(("day", "provisional"), [(20, True), (None, False)])
def test_charge_when_the_month_was_open_then_provisional(tmp_path: Path, day: int | None, provisional: bool) -> None:
    path = tmp_path / "focus.csv"
    path.write_text(f"{MANDATORY}\n{VALUES}\n")
    written_at = datetime(2026, 10, day) if day else datetime(2026, 11, 2)  # noqa: DTZ001 - the store holds naive UTC

    _, rows = read_charges(FORMAT, path, "provisional", observed_at=written_at)

    assert rows == [(provisional,)]


def test_dataset_when_invoice_details_then_refused_by_the_column_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "invoice.csv"
    path.write_text("InvoiceId,InvoiceDetailId,BilledCost,BillingCurrency,ChargeCategory\nI,D,1,USD,Usage\n")

    with pytest.raises(BadInputError, match="ChargePeriodStart"):
        read_charges(FORMAT, path, "line")
