r"""Google Cloud VPC flow logs, as exported from Cloud Logging: JSON lines, JSON arrays, BigQuery as JSON or Parquet.

Real shape, one entry (`logName` ends in `compute.googleapis.com%2Fvpc_flows` where a subnet was configured, in
`networkmanagement.googleapis.com%2Fvpc_flows` where the Network Management API was used; the payload is the same)::

    {"insertId":"ut8lbrffooxyw","logName":"projects/acme-net/logs/compute.googleapis.com%2Fvpc_flows",
     "timestamp":"2026-08-01T00:00:08.12Z","resource":{"type":"gce_subnetwork","labels":{"project_id":"acme-net",
     "location":"europe-west1-b","subnetwork_name":"apps"}},
     "jsonPayload":{"connection":{"src_ip":"10.1.0.5","src_port":40110,"dest_ip":"203.0.113.30","dest_port":443,
     "protocol":6},"reporter":"SRC","bytes_sent":"5120","packets_sent":"11","start_time":"2026-08-01T00:00:00.1Z",
     "end_time":"2026-08-01T00:00:05.9Z","src_instance":{"project_id":"acme-etl","region":"europe-west1",
     "vm_name":"etl-1","zone":"europe-west1-b"},"src_vpc":{"project_id":"acme-net","vpc_name":"prod",
     "subnetwork_name":"apps"},"dest_location":{"asn":64500,"country":"usa"}}}

=====================================  ================================================================================
field of `jsonPayload`                 becomes
=====================================  ================================================================================
`reporter`                             the side that is the client: `SRC` and `SRC_GATEWAY` the source (egress),
                                       `DEST` and `DEST_GATEWAY` the destination (ingress, the answer's bytes). Only the
                                       packets' way is known, not who called: an inbound connection looks the same.
                                       Absent: the private side, else the source
`connection` addresses, ports          `client_ip` `client_port` `remote_ip` `remote_port` by that side; interface level
                                       and packet level are one here
`connection.protocol`                  `protocol`
`start_time` `end_time`                `started_at` `ended_at`, to the microsecond
`bytes_sent` `packets_sent`            `bytes` `packets`: payload bytes, estimated from a sample; 0 on an entry that
                                       only tells of a connection (`connection_direction`)
`disposition` `bytes_dropped`          `DROPPED` is action `reject`, with these as `bytes` `packets`; else `accept`
`packets_dropped`
`src_instance` `dest_instance`         of the client's side: `account_id` (the VM's own project: the team that runs it,
                                       where a shared VPC belongs to another), `region`, `az`, `instance_id` as
                                       `projects/P/zones/Z/instances/VM`, since a VM's name alone is not unique
`src_vpc` `dest_vpc`                   `vpc_id` as `PROJECT:NETWORK` (names are unique in the network's project only),
                                       `subnet_id`; `account_id` where there is no VM
`src_gke_details` `dest_gke_details`   `workload` as `k8s/NAMESPACE/CONTROLLER`: the pod's name without the part that
                                       changes with each pod. A pod's packets to the internet carry the node's address
                                       and no such details
`…_instance.managed_instance_group`    `workload` as `mig/GROUP`, where there are no GKE details
`dest_google_service` `src_…`          `remote_service`: `service_name`, else `type`, of the remote's side (Private
                                       Google Access and Private Service Connect to Google's APIs)
`resource.labels` `logName`            `account_id`, `region`, where the payload has no metadata
=====================================  ================================================================================

A flow between two VMs is told by both. Where one object holds both tellings, the one of the side that called is kept
(the source where TCP connection logging says so, else the side with the higher port) and the other is counted as a
`coverage_note` of kind `duplicate`, as is an entry that is there twice (same log, time and `insertId`). Tellings in two
objects are both kept: only traffic inside the network is concerned, never that to a vendor.

Every object gets a note of kind `sampled`: packets are sampled at a rate the user cannot see, so bytes are estimates
and a missing flow proves nothing. Entries without metadata (a configuration's choice) have no network, VM or pod, and
are counted in a note of kind `no_metadata`: enrichment finds their network in resolver logs only.

An entry of another log, or without usable addresses or times (before 2000, after 2100), is rejected and counted.
`line` counts entries, blank lines left out.

Sources: https://cloud.google.com/vpc/docs/about-flow-logs-records (fields, reporter, disposition),
https://cloud.google.com/vpc/docs/access-flow-logs (log names); JSON typing from public test data of log shippers:
64-bit numbers are strings, ports and protocol numbers.
Doubts: the payload of drop entries, `connection_direction` and `pod.pod_workload` are read as documented, no public
sample was found. A packet that an egress firewall dropped is logged as sent and again as dropped; both are kept.
Serverless, load balancer and Private Service Connect details beyond the service's name are not read.
"""

from collections.abc import Sequence
from dataclasses import replace

from shadowscan.collect.formats import _gcp_vpc_flow_sql as sql
from shadowscan.collect.formats._address import create_macros
from shadowscan.collect.formats._flow import FlowRecords, take_flows
from shadowscan.collect.formats._gcp_log_entry import (
    CREATE_REPEATED,
    Shape,
    group_key,
    open_entries,
    sniff_log,
)
from shadowscan.collect.formats._json_lines import add_refused
from shadowscan.collect.formats._notes import count_notes
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

_INSTANCE: Shape = {
    "project_id": "varchar",
    "region": "varchar",
    "zone": "varchar",
    "vm_name": "varchar",
    "managed_instance_group": {"name": "varchar"},
}
_VPC: Shape = {"project_id": "varchar", "vpc_name": "varchar", "subnetwork_name": "varchar"}
_GKE: Shape = {"pod": {"pod_name": "varchar", "pod_namespace": "varchar", "pod_workload": {"workload_name": "varchar"}}}
_SERVICE: Shape = {"type": "varchar", "service_name": "varchar"}

PAYLOAD: Shape = {
    "connection": {
        "src_ip": "varchar",
        "src_port": "integer",
        "dest_ip": "varchar",
        "dest_port": "integer",
        "protocol": "integer",
    },
    "reporter": "varchar",
    "start_time": "timestamptz",
    "end_time": "timestamptz",
    "bytes_sent": "bigint",
    "packets_sent": "bigint",
    "disposition": "varchar",
    "bytes_dropped": "bigint",
    "packets_dropped": "bigint",
    "connection_direction": "varchar",
    "src_instance": _INSTANCE,
    "dest_instance": _INSTANCE,
    "src_vpc": _VPC,
    "dest_vpc": _VPC,
    "src_gke_details": _GKE,
    "dest_gke_details": _GKE,
    "src_google_service": _SERVICE,
    "dest_google_service": _SERVICE,
}
LOG = "vpc_flows"
FOOTER = (b"src_ip", b"dest_ip", b"reporter", b"bytes_sent")


class GcpVpcFlow:
    """VPC flow logs of Google Cloud."""

    id = "gcp_vpc_flow"
    title = "Google Cloud VPC flow logs (Cloud Logging JSON, BigQuery JSON or Parquet)"
    tables = ("flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """Share of the first entries whose log is `vpc_flows`."""
        return sniff_log(head, LOG, FOOTER)

    def group_key(self, item: LocalObject) -> str:
        """Objects of one layout go together."""
        return group_key(item)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows and what the log did not see."""
        source_ids = {"source_ids": [item.source_id for item in items]}
        create_macros(engine)
        with open_entries(engine, items, PAYLOAD) as (entries, parameters, refused):
            engine.query(sql.CREATE_ENTRIES.replace("{entries}", entries), parameters)
        for statement in (CREATE_REPEATED, sql.CREATE_READS_PRIVATE, sql.ADD_TWINS, sql.CREATE_PODS):
            engine.query(statement)
        counts = take_flows(engine, items, FlowRecords(sql.RECORDS, sql.COLUMNS))
        engine.query(sql.INSERT_NOTES, source_ids)
        notes = count_notes(engine, items)
        for statement in sql.DROP_TABLES:
            engine.query(statement)
        return {
            source_id: add_refused(replace(count, notes=notes.get(source_id, 0)).normalised(), refused.get(source_id))
            for source_id, count in counts.items()
        }


FORMAT = GcpVpcFlow()
