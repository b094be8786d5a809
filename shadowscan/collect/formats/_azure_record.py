"""Records of Azure's diagnostic logs, in the two forms they are stored in, as one struct.

===============================  ====================================================================================
form                             shape
===============================  ====================================================================================
diagnostic setting → storage,    `{"time", "resourceId", "category", "operationName", "properties": {…}}`, a line each
Event Hub                        (`PT1H.json`) or wrapped as `{"records": […]}`
Log Analytics row (data export,  `{"TimeGenerated", "Type", "_ResourceId", …}` with the table's fields beside them; in
`az monitor log-analytics        table `AzureDiagnostics` `Category`, and names that end in their type (`SourcePort_d`,
query`)                          `msg_s`). All values may be strings
===============================  ====================================================================================

Sources: https://learn.microsoft.com/azure/azure-monitor/essentials/resource-logs-schema,
https://learn.microsoft.com/azure/azure-monitor/logs/logs-data-export, table references below
https://learn.microsoft.com/azure/azure-monitor/reference/tables/.
"""

import re
from collections.abc import Mapping
from typing import Any

from shadowscan.collect.formats._json_lines import sample_records
from shadowscan.collect.formats.interface import Head, LocalObject

_SUFFIXES = ("_s", "_d", "_b", "_g")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

DIAGNOSTIC = """
select
  cast(r.file_index as bigint) as file,
  r.category,
  coalesce(r.resourceId, '') as resource_id,
  make_timestamp(epoch_us(r.time)) as logged_at,
  r.operationName as operation,
  r.properties as p
from read_json(
  $paths,
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = false,
  columns = {
    time: 'timestamptz',
    resourceId: 'varchar',
    category: 'varchar',
    operationName: 'varchar',
    properties: '{fields}'
  }
) as r
"""

ROWS = """
select
  cast(r.file_index as bigint) as file,
  coalesce(nullif(r.record ->> 'Type', 'AzureDiagnostics'), r.record ->> 'Category') as category,
  coalesce(r.record ->> '_ResourceId', r.record ->> 'ResourceId', '') as resource_id,
  make_timestamp(epoch_us(try_cast(r.record ->> 'TimeGenerated' as timestamptz))) as logged_at,
  r.record ->> 'OperationName' as operation,
  {fields} as p
from read_json(
  $paths,
  format = 'newline_delimited',
  records = false,
  ignore_errors = true,
  hive_partitioning = false,
  columns = {record: 'json'}
) as r
"""


def is_row(head: Head) -> bool:
    """Whether the object holds Log Analytics rows."""
    return any("TimeGenerated" in record for record in sample_records(head)[:1])


def group_key(item: LocalObject, fields: Mapping[str, str]) -> str:
    """Objects of one form, which spell these fields the same, go together."""
    return f"{is_row(item.head)} {' '.join(_spellings(item.head, fields).values())}"


def category_of(record: Mapping[str, Any]) -> str:
    """Category of one record in either form; empty where it has none."""
    kind = record.get("Type")
    found = record.get("category") or (kind if kind != "AzureDiagnostics" else None) or record.get("Category")
    return found if isinstance(found, str) else ""


def records_sql(head: Head, fields: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> str:
    """A query of `$paths` giving `file category resource_id logged_at operation` and `p`, a struct of these fields.

    `fields` gives the DuckDB type of each by its name in `properties`, `aliases` its column in Log Analytics where that
    is another name. A line that is no record is all null.
    """
    if is_row(head):
        return ROWS.replace("{fields}", _row_fields(fields, aliases or {}))
    spelled = _spellings(head, fields)
    struct = ", ".join(f'"{spelled[name]}" {kind}' for name, kind in fields.items())
    return DIAGNOSTIC.replace("{fields}", f"struct({struct})")


def resource_sql(kind: str) -> str:
    """SQL for one part of `resource_id`, in lower case: what follows `/kind/`; `unknown` where it is not there."""
    return f"coalesce(nullif(regexp_extract(lower(resource_id), '/{kind}/([^/]+)', 1), ''), 'unknown')"


def _spellings(head: Head, fields: Mapping[str, str]) -> dict[str, str]:
    """How the object spells each field: in the case of its first records, which DuckDB takes literally."""
    seen: dict[str, str] = {}
    for record in sample_records(head):
        properties = record.get("properties")
        if isinstance(properties, dict):
            seen |= {name.lower(): name for name in properties if _NAME.fullmatch(name)}
    return {name: seen.get(name.lower(), name) for name in fields}


def _row_fields(fields: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    columns = (f"'{name}': {_row_field(aliases.get(name, name), kind)}" for name, kind in fields.items())
    return "{" + ", ".join(columns) + "}"


def _row_field(name: str, kind: str) -> str:
    """One field of a row under any of its names. The common columns of AzureDiagnostics write `SourceIP`."""
    names = [name, *(name + suffix for suffix in _SUFFIXES), *(["SourceIP"] if name == "SourceIp" else [])]
    if kind == "json":
        return f"r.record -> '{name}'"
    found = ", ".join(f"r.record ->> '{one}'" for one in names)
    return f"try_cast(nullif(coalesce({found}), '') as {kind})"
