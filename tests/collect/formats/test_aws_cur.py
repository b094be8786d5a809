import csv
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowscan.collect.formats.aws_cur import FORMAT, snake_case
from shadowscan.collect.formats.interface import Head
from shadowscan.errors import BadInputError
from tests.collect.formats.charges import head_of, read_charges

BASE = {
    "identity_line_item_id": "a1",
    "bill_payer_account_id": "111111111111",
    "bill_billing_entity": "AWS",
    "line_item_usage_account_id": "222222222222",
    "line_item_line_item_type": "Usage",
    "line_item_usage_start_date": "2026-10-01T00:00:00Z",
    "line_item_product_code": "AmazonBedrock",
    "line_item_usage_type": "USE1-Claude4.6Sonnet-input-tokens",
    "line_item_unblended_cost": "4.0738500000",
    "line_item_net_unblended_cost": "",
    "line_item_currency_code": "USD",
    "line_item_iam_principal": "arn:aws:sts::222222222222:assumed-role/RankerRole/i-0abc",
    "resource_tags": '{"user_owner_team":"search","user_team":"data"}',
    "tags": '{"iamPrincipal/team":"search"}',
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode()) if path.suffix == ".gz" else text.getvalue().encode())
    return path


def test_charge_when_cur2_gzip_then_principal_tags_win(tmp_path: Path) -> None:
    path = write(tmp_path / "cur2-00001.csv.gz", BASE)

    result, rows = read_charges(FORMAT, path, "tags", "principal_id", "vendor_account_id", "billed_cost", "line")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert result.tables == {"charge": 1}
    assert json.loads(rows[0][0]) == {"owner_team": "search", "team": "search"}
    assert rows[0][1:] == (BASE["line_item_iam_principal"], "222222222222", Decimal("4.07385"), 2)


@pytest.mark.parametrize(
    ("kind", "category", "charge_class"),
    [
        ("Tax", "Tax", "none"),
        ("Credit", "Credit", "none"),
        ("Refund", "Adjustment", "Correction"),
        ("Fee", "Purchase", "none"),
        ("DiscountedUsage", "Usage", "none"),
    ],
)
def test_category_when_line_item_type_then_focus_word(
    tmp_path: Path, kind: str, category: str, charge_class: str
) -> None:
    path = write(tmp_path / "cur.csv", BASE | {"line_item_line_item_type": kind, "line_item_unblended_cost": "-2.5"})

    _, rows = read_charges(FORMAT, path, "charge_category", "charge_class", "billed_cost")

    assert rows == [(category, charge_class, Decimal("-2.5"))]


def test_effective_cost_when_net_is_given_then_net_and_billed_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "cur.csv", BASE | {"line_item_net_unblended_cost": "3.5"})

    _, rows = read_charges(FORMAT, path, "billed_cost", "effective_cost")

    assert rows == [(Decimal("4.07385"), Decimal("3.5"))]


def test_charge_when_legacy_headers_then_one_column_a_tag(tmp_path: Path) -> None:
    path = tmp_path / "legacy.csv"
    path.write_text(
        "identity/LineItemId,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,"
        "lineItem/UsageType,lineItem/UnblendedCost,lineItem/CurrencyCode,resourceTags/user:team\n"
        "x,222222222222,Usage,2026-10-01T00:00:00Z,AmazonBedrock,USE1-x,1.25,USD,search\n"
    )

    _, rows = read_charges(FORMAT, path, "vendor_account_id", "billed_cost", "tags", "usage_type")

    assert FORMAT.sniff(head_of(path)) > 0.9
    assert rows == [("222222222222", Decimal("1.25"), '{"team":"search"}', "USE1-x")]


def test_service_when_marketplace_then_product_not_opaque_code(tmp_path: Path) -> None:
    product = '{"product_name":"Claude Sonnet 4.6 (Amazon Bedrock Edition)"}'
    row = BASE | {"bill_billing_entity": "AWS Marketplace", "line_item_product_code": "4xz0", "product": product}
    path = write(tmp_path / "cur.csv", row)

    _, rows = read_charges(FORMAT, path, "service_name", "invoice_issuer")

    assert rows == [("Claude Sonnet 4.6 (Amazon Bedrock Edition)", "AWS Marketplace")]


def test_row_when_amount_or_date_bad_then_rejected_with_line(tmp_path: Path) -> None:
    bad = BASE | {"line_item_unblended_cost": "four"}
    worse = BASE | {"line_item_usage_start_date": "soon"}
    path = write(tmp_path / "cur.csv", BASE, bad, worse)

    result, rows = read_charges(FORMAT, path, "line")

    assert (len(rows), result.rejected) == (1, 2)
    assert result.reject_sample == "line 3: line_item_unblended_cost 'four': not an amount"


def test_parquet_when_map_columns_then_tags(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "cur.parquet"
    duckdb.sql(
        "select '222222222222' as line_item_usage_account_id, timestamp '2026-10-01' as line_item_usage_start_date, "
        "'AmazonBedrock' as line_item_product_code, 1.5::double as line_item_unblended_cost, "
        "map {'user_team': 'search'} as resource_tags"
    ).write_parquet(str(path))

    _, rows = read_charges(FORMAT, path, "billed_cost", "tags", "currency")

    assert rows == [(Decimal("1.5"), '{"team":"search"}', "USD")]


def test_export_when_cost_column_missing_then_named(tmp_path: Path) -> None:
    path = write(tmp_path / "cur.csv", {k: v for k, v in BASE.items() if k != "line_item_unblended_cost"})

    with pytest.raises(BadInputError, match="line_item_unblended_cost"):
        read_charges(FORMAT, path, "line")


@pytest.mark.parametrize("header", ["lineItem/UsageType", "line_item_usage_type", "LineItem/usageType"])
def test_snake_case_when_any_spelling_then_one_name(header: str) -> None:
    assert snake_case(header) == "line_item_usage_type"


@given(st.binary(max_size=400))
def test_sniff_when_hostile_bytes_then_total(data: bytes) -> None:
    assert 0 <= FORMAT.sniff(Head("x", data)) <= 1


@pytest.mark.parametrize(
    ("kind", "columns", "effective"),
    [
        ("SavingsPlanCoveredUsage", {"savings_plan_savings_plan_effective_cost": "3"}, "3"),
        ("SavingsPlanNegation", {}, "0"),
        ("SavingsPlanUpfrontFee", {}, "0"),
        (
            "SavingsPlanRecurringFee",
            {"savings_plan_total_commitment_to_date": "10", "savings_plan_used_commitment": "9.25"},
            "0.75",
        ),
        ("DiscountedUsage", {"reservation_effective_cost": "2"}, "2"),
        (
            "RIFee",
            {
                "reservation_unused_amortized_upfront_fee_for_billing_period": "0.5",
                "reservation_unused_recurring_fee": "0.25",
            },
            "0.75",
        ),
        ("Fee", {"reservation_reservation_a_r_n": "arn:aws:sagemaker:us-east-1:222222222222:reserved/1"}, "0"),
        ("Fee", {}, "4.07385"),
    ],
)
def test_effective_cost_when_plan_or_reservation_then_amortised_once(
    tmp_path: Path, kind: str, columns: dict[str, str], effective: str
) -> None:
    path = write(tmp_path / "cur.csv", BASE | {"line_item_line_item_type": kind} | columns)

    _, rows = read_charges(FORMAT, path, "effective_cost")

    assert rows == [(Decimal(effective),)]


def test_key_when_line_ids_of_two_files_are_equal_then_charges_differ(tmp_path: Path) -> None:
    other = BASE | {"line_item_usage_type": "USE1-Claude4.6Sonnet-output-tokens"}

    _, first = read_charges(FORMAT, write(tmp_path / "a.csv", BASE), "charge_key")
    _, second = read_charges(FORMAT, write(tmp_path / "b.csv", other), "charge_key")

    assert first != second


@pytest.mark.parametrize(
    ("name", "series", "delivery"),
    [
        ("cur/daily/20261001-20261101/6f1c/daily-00001.csv.gz", "cur/daily/20261001-20261101", "6f1c"),
        ("s3://b/x/data/BILLING_PERIOD=2026-10/run-2/x-00001.csv.gz", "s3://b/x/data/BILLING_PERIOD=2026-10", "run-2"),
        ("x/data/BILLING_PERIOD=2026-10/x-00001.csv.gz", "none", "none"),
        ("cur.csv", "none", "none"),
    ],
)
def test_delivery_when_every_version_is_kept_then_told_by_the_path(
    tmp_path: Path, name: str, series: str, delivery: str
) -> None:
    path = write(tmp_path / "cur.csv", BASE)

    _, rows = read_charges(FORMAT, path, "delivery_series", "delivery", name=name)

    assert rows == [(series, delivery)]
