"""What tags on charges say of ownership: one `owner_claim` an account, tag key and value, biggest spend first.

Runs before the owner decision, which reads these claims like any other evidence.
"""

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from shadowscan.enrich.charge_vendor import classify_charges
from shadowscan.enrich.context import EnrichContext
from shadowscan.owners import fold
from shadowscan.store.rows import insert_rows

_TAGGED = """
    select
      vendor_id, account_id, tags, sum(abs(amount)) as amount, max_by(source_id, period_start_at) as source_id,
      max_by(line, period_start_at) as line, max(period_start_at) as observed_at
    from llm_charge
    where tags <> '{}'
    group by vendor_id, account_id, tags
    order by vendor_id, account_id, amount desc, tags
"""


def build(context: EnrichContext) -> None:
    """Replace the claims with evidence `charge_tag`."""
    classify_charges(context)
    context.store.query("delete from owner_claim where evidence = 'charge_tag'")
    insert_rows(context.store.engine, "owner_claim", _claims(context))


def _claims(context: EnrichContext) -> list[dict[str, Any]]:
    keys = [fold(key) for key in context.owners.tag_keys]
    spent: dict[tuple[str, str], dict[tuple[int, str, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    origin: dict[tuple[str, str, str, str], tuple[Any, ...]] = {}
    for vendor_id, account, tags, amount, *source in context.store.query(_TAGGED).rows:
        for key, value in json.loads(tags).items():
            if fold(key) in keys:
                spent[vendor_id, account][keys.index(fold(key)), key, value] += amount
                origin.setdefault((vendor_id, account, key, value), tuple(source))
    rows = []
    for (vendor_id, account), values in sorted(spent.items()):
        ranked = sorted(values.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][2]))
        for ordinal, ((_, key, value), _amount) in enumerate(ranked, 1):
            place = origin[vendor_id, account, key, value]
            rows.append(_claim(context, (vendor_id, account, key, value), place, ordinal))
    return rows


def _claim(
    context: EnrichContext, said: tuple[str, str, str, str], place: tuple[Any, ...], ordinal: int
) -> dict[str, Any]:
    vendor_id, account, key, value = said
    source_id, line, observed_at = place
    return {
        "source_id": source_id,
        "line": line,
        "evidence": "charge_tag",
        "key_kind": "vendor_account",
        "key": f"{vendor_id}/{account}",
        "scope": vendor_id,
        "ordinal": ordinal,
        "value": value,
        "is_person": "@" in value.strip("@"),
        "confidence": context.config.ownership.confidence.tag,
        "observed_at": observed_at,
        "detail": f"tag {key}={value} on charges",
    }
