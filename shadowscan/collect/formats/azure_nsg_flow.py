r"""Azure network security group flow logs, versions 1 and 2, as Network Watcher writes them to a storage account.

Microsoft retires this log for the virtual network flow log; years of it are still stored. Real shape, one JSON document
an hour and interface (`PT1H.json`); also as one record a line::

    {"records":[{"time":"2026-08-01T00:01:00.1Z","systemId":"…","macAddress":"000D3AF87856",
     "category":"NetworkSecurityGroupFlowEvent",
     "resourceId":"/SUBSCRIPTIONS/…/RESOURCEGROUPS/APPS/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WEB",
     "operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[
      {"rule":"DefaultRule_AllowInternetOutBound","flows":[{"mac":"000D3AF87856","flowTuples":[
       "1785542460,10.2.0.4,203.0.113.40,51345,443,T,O,A,B,,,,",
       "1785542480,10.2.0.4,203.0.113.40,51345,443,T,O,A,E,10,4000,12,8000"]}]}]}}]}

=====================================  ================================================================================
field, or position in a tuple          becomes
=====================================  ================================================================================
1 time, in s (ms is understood too)    `ended_at`; `started_at` of `C` and `E` is that of the tuple before, of the same
                                       conversation in this object; else the same moment
2, 3 addresses; 4, 5 ports             `client_ip` … by the direction
6 protocol                             `T` is 6, `U` is 17
7 direction                            `O`: the source is the client, `I`: the destination is
8 decision                             `D` is action `reject`, `A` is `accept`
9 state                                `B` is a row, without bytes, only where no `C` or `E` follows in this object; the
                                       counters of `C` and `E` add up
10, 11 packets, bytes sent             `packets` `bytes` of the row source → destination; blank at `B` and in version 1
12, 13 packets, bytes received         `packets` `bytes` of a second row, destination → source, where there are any
`mac`                                  `interface_id`, in lower case
`resourceId`                           `account_id`: the subscription. The log does not name its network (`vpc_id` is
                                       unknown; resolver logs may settle it) or region
`rule` `systemId`                      not kept
=====================================  ================================================================================

Version 1 has eight positions, no counters and no state: every tuple is a flow without bytes.

A record of another log, or a tuple without usable time or addresses, is rejected and counted. `line` is the number of
the record in the document. The same network must not be collected from both kinds of flow log: its traffic would count
twice, and the logs do not tell.

Sources: https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview (fields, both versions, samples).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from shadowscan.collect.formats._azure_flow import Place, TupleLog, resource_part
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

CATEGORY = "NetworkSecurityGroupFlowEvent"
_CATEGORY = re.compile(rb'"category"\s*:\s*"NetworkSecurityGroupFlowEvent"')


class AzureNsgFlow:
    """Network security group flow logs of Azure."""

    id = "azure_nsg_flow"
    title = "Azure network security group flow logs, versions 1 and 2"
    tables = ("flow",)

    def sniff(self, head: Head) -> float:
        """The category of the first record, which alone may be longer than the head."""
        return 0.95 if _CATEGORY.search(head.data) and b'"flows"' in head.data else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Columns are explicit, so all objects go together."""
        return "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert both directions of every tuple."""
        return LOG.normalise(engine, items)


def _place_of(record: dict[str, Any]) -> Place | None:
    if record.get("category") != CATEGORY:
        return None
    return Place(account_id=resource_part(record.get("resourceId"), "subscriptions"))


def _groups_of(record: dict[str, Any]) -> Iterator[tuple[object, list[object]]]:
    for rule in record["properties"]["flows"]:
        for interface in rule["flows"]:
            yield interface.get("mac") or record.get("macAddress"), interface["flowTuples"]


LOG = TupleLog(state=10, place_of=_place_of, groups_of=_groups_of)
FORMAT = AzureNsgFlow()
