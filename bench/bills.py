"""CPU of collecting a Cost and Usage Report as Parquet, against DuckDB loading the same file bare into a typed table.

Both write a store on disk with two threads, each in a process of its own, one after the other; the least of two rounds.
Only the ratio holds on another machine. Run: `python -m bench.bills [ROWS …]`, rows as 1000000 or 10m.
"""

import sys
import tempfile
from pathlib import Path

from bench.spent import Spent, least, run

DEFAULT_ROWS = 1_000_000
ROUNDS = 2
MANY_ROWS = 5_000_000  # from here one round must do

MAKE = """
copy (
  select
    md5(i::varchar) as identity_line_item_id,
    '111111111111' as bill_payer_account_id,
    'AWS' as bill_billing_entity,
    '' as bill_invoice_id,
    timestamp '2026-10-01' as bill_billing_period_start_date,
    lpad((i % 97)::varchar, 12, '2') as line_item_usage_account_id,
    'Usage' as line_item_line_item_type,
    timestamp '2026-10-01' + to_hours((i % 744)::integer) as line_item_usage_start_date,
    timestamp '2026-10-01' + to_hours((i % 744)::integer + 1) as line_item_usage_end_date,
    case when i % 50 = 0 then 'AmazonBedrock' else 'AmazonEC2' end as line_item_product_code,
    case when i % 50 = 0 then 'USE1-Claude4.6Sonnet-input-tokens' else 'BoxUsage:m5.' || i % 40 end
      as line_item_usage_type,
    'RunInstances' as line_item_operation,
    'arn:aws:ec2:us-east-1:222222222222:instance/i-' || i % 100000 as line_item_resource_id,
    1.5::double as line_item_usage_amount,
    'USD' as line_item_currency_code,
    (i % 1000) / 977.0 as line_item_unblended_cost,
    (i % 1000) / 977.0 as line_item_net_unblended_cost,
    'per hour' as line_item_line_item_description,
    'us-east-1' as product_region_code,
    map {'user_team': 'team-' || i % 40, 'user_env': 'prod'} as resource_tags
  from range(ROWS) as numbers(i)
) to 'PATH' (format parquet)
"""
BARE = """
import duckdb, sys
path, store = sys.argv[1:]
with duckdb.connect(store, config={"threads": 2}) as connection:
    connection.execute("set enable_progress_bar = false")
    connection.execute(
        "create table charge as select * replace (cast(line_item_unblended_cost as decimal(38, 12)) as"
        " line_item_unblended_cost, cast(line_item_net_unblended_cost as decimal(38, 12)) as"
        " line_item_net_unblended_cost, cast(resource_tags as varchar) as resource_tags) from read_parquet(?)", [path]
    )
"""


def main(words: list[str]) -> None:
    """Print a line a size."""
    for rows in [_count(word) for word in words] or [DEFAULT_ROWS]:
        with tempfile.TemporaryDirectory() as place:
            bare, ours = measure(rows, Path(place))
        print(
            f"{rows:>12,} rows  bare {bare.cpu:7.2f} s  shadowscan {ours.cpu:7.2f} s  ratio {ours.cpu / bare.cpu:5.2f}"
            f"  peak {ours.megabytes:,.0f} MB  exit {ours.code}"
        )


def measure(rows: int, place: Path) -> tuple[Spent, Spent]:
    """CPU of the bare load and of `shadowscan collect`, both of one file."""
    import duckdb

    path = place / "cur.parquet"
    duckdb.sql(MAKE.replace("ROWS", str(rows)).replace("PATH", str(path)))
    bare, ours = [], []
    for turn in range(1 if rows >= MANY_ROWS else ROUNDS):
        bare.append(run([sys.executable, "-c", BARE, str(path), str(place / f"bare{turn}.duckdb")]))
        store = str(place / f"ours{turn}.duckdb")
        command = [sys.executable, "-m", "shadowscan", "collect", str(path), "--db", store, "--threads", "2"]
        ours.append(run(command))
    return least(bare), least(ours)


def _count(word: str) -> int:
    return int(float(word[:-1]) * 1_000_000) if word.lower().endswith("m") else int(word)


if __name__ == "__main__":
    main(sys.argv[1:])
