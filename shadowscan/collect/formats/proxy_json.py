r"""Exports of proxies and secure web gateways as JSON, by the mappings of `proxy_csv`: shipped ones, or yours.

Real shapes, records one a line or in an array; the first is a cloud feed's, which wraps each in `event`::

    {"sourcetype":"zscalernss-web","event":{"time":"Sat Aug  1 00:00:05 2026","proto":"HTTPS","eurl":
     "api.openai.com/v1/responses","action":"Allowed","reqsize":"5210","respsize":"102931","cip":"10.0.1.5", …}}
    {"x-cs-timestamp":"1785542406","x-cs-userip":"10.0.1.6","cs-host":"api.deepseek.com","cs-bytes":"0", …}

Keys are what columns are in `proxy_csv`, and what becomes of them is said there. Recognised are Zscaler and Netskope;
for any other say `proxy_json=EXPORT` and give a mapping file (`mapping = FILE` of the source, `NAME.mapping.yaml` or
`proxy_csv.mapping.yaml` beside). Records nested deeper than in `event` are not read.

Sources: https://help.zscaler.com/zia/nss-feed-output-format-web-logs,
https://docs.netskope.com, "REST API Events and Alerts Response Descriptions", and public test data of a log shipper for
all three shapes.
"""

import re
from collections.abc import Sequence
from typing import Any

from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._proxy_csv_sql import take_rows
from shadowscan.collect.formats._proxy_mapping import (
    GENERIC,
    ProxyMapping,
    match_header,
    match_product,
    refuse_missing,
    shipped_mappings,
    user_mapping,
)
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

RECOGNISED = ("netskope", "netskope_events", "zscaler")
WRAPPER = "event"
_KEY = re.compile(r"[\w@. -]{1,64}")

STAGE = """
create or replace temp table read_line as
select
  r.file_index::bigint as file,
  {columns}
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = $types
) as r
"""

NUMBER = """
create or replace temp table log_line as
select l.rowid as line_rowid, l.rowid - f.first_rowid + 1 as line, l.*
from read_line as l
join (select file, min(rowid) as first_rowid from read_line group by file) as f on f.file = l.file
"""


class ProxyJson:
    """Exports of proxies as JSON."""

    id = "proxy_json"
    title = "Proxy or secure web gateway export (JSON, by mapping)"
    tables = ("tls_connection", "flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Keys of a gateway that is known, times, clients and places among them."""
        return 0.9 if match_product(keys_of(head)[0]) in _recognised() else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Objects of the same keys, mapping and zone go together."""
        keys, is_wrapped = keys_of(item.head)
        mapping = _mapping_of(item, keys)
        return "\0".join([mapping.model_dump_json(), item.options.get("timezone", ""), str(is_wrapped), *keys])

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert requests; raises `BadInputError` where no key means time, client or a place."""
        keys, is_wrapped = keys_of(items[0].head)
        mapping = _mapping_of(items[0], keys)
        refuse_missing(items[0], mapping, keys)
        with lay_lines(items) as laid:
            _stage(engine, laid.paths, keys, is_wrapped=is_wrapped)
        found = take_rows(engine, items, mapping, keys)
        return {source_id: add_refused(one, laid.refused.get(source_id)) for source_id, one in found.items()}


FORMAT = ProxyJson()


def keys_of(head: Head) -> tuple[tuple[str, ...], bool]:
    """The keys of the first records that can be a column's name, in order, and whether `event` wraps them."""
    records: list[dict[str, Any]] = sample_records(head)
    is_wrapped = bool(records) and all(isinstance(record.get(WRAPPER), dict) for record in records)
    inner = [record[WRAPPER] if is_wrapped else record for record in records]
    # Names of columns are told apart by more than case.
    keys = {key.lower(): key for record in inner for key in record if _KEY.fullmatch(key)}
    return tuple(sorted(keys.values())), is_wrapped


def _recognised() -> list[ProxyMapping]:
    return [shipped_mappings()[name] for name in RECOGNISED]


def _mapping_of(item: LocalObject, keys: Sequence[str]) -> ProxyMapping:
    return user_mapping(item) or match_header(keys) or shipped_mappings()[GENERIC]


def _stage(engine: DuckDBEngine, paths: Sequence[str], keys: Sequence[str], *, is_wrapped: bool) -> None:
    """Fill `log_line`; a record that is no JSON object has nothing in it."""
    types: dict[str, str] = dict.fromkeys(keys, "VARCHAR")
    if is_wrapped:
        fields = ", ".join(f'"{key}" VARCHAR' for key in keys)
        types = {WRAPPER: f"STRUCT({fields})"}
    place = f"r.{WRAPPER}." if is_wrapped else "r."
    columns = ",\n  ".join(f'{place}"{key}" as c{number}' for number, key in enumerate(keys))
    engine.query(STAGE.replace("{columns}", columns), {"paths": list(paths), "types": types})
    engine.query(NUMBER)
    engine.query("drop table read_line")
