r"""AWS VPC flow logs: text as S3 delivers it (plain or gzip, any field order), and Parquet.

Real shape, text. The first line names the fields, in the order of the flow log's own `LogFormat`, so two files of one
bucket may differ. A file without that line, such as a CloudWatch Logs group gives, is read in the order of its source's
option `fields`, else in that of the default format (version 2, 14 fields)::

    version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
    2 123456789012 eni-0a1b2c 10.0.1.5 203.0.113.10 49152 443 6 12 5840 1785542400 1785542458 ACCEPT OK
    2 123456789012 eni-0a1b2c - - - - - - - 1785542460 1785542518 - NODATA

Parquet holds the same fields with `_` for `-` (`srcport` `dstport` `version` `tcp_flags` `traffic_path` int, `protocol`
`packets` `bytes` `start` `end` bigint, the rest string). Fields we do not know are accepted and left alone, since the
list is open: tags, next hops, `interface-type`, encryption.

===================================  ==================================================================================
field                                becomes
===================================  ==================================================================================
`pkt-srcaddr`, else `srcaddr`        `client_ip` on egress, `remote_ip` on ingress: packet level wins, so that the
                                     workload behind a NAT is named
`pkt-dstaddr`, else `dstaddr`        `remote_ip` on egress, `client_ip` on ingress
`srcaddr` `dstaddr`                  `interface_client_ip` `interface_remote_ip`
`srcport` `dstport`                  `client_port` `remote_port`, swapped with the side
`flow-direction`                     `direction`; without it the private side is the client (RFC 1918, 100.64/10,
                                     fc00::/7), and the source where both or neither are private
`start` `end`                        `started_at` `ended_at`; a number above 10^11 is in milliseconds
`protocol` `packets` `bytes`         the same names
`action`                             `action` in lower case; refused attempts are kept. Absent: `accept`
`log-status`                         `NODATA` is ignored, `SKIPDATA` becomes one `coverage_note` a file with the share
                                     of time it covers; neither is ever a flow
`account-id` `region`                the same; where not chosen, taken from the delivery path
                                     `AWSLogs/ACCOUNT/vpcflowlogs/REGION/` or its hive-compatible form
                                     `aws-account-id=…/aws-service=vpcflowlogs/aws-region=…/`; the record wins
`vpc-id` `subnet-id` `interface-id`  `vpc_id` `subnet_id` `interface_id` `instance_id` `az`
`instance-id` `az-id`
`ecs-cluster-name`                   `workload` as `ecs/CLUSTER/SERVICE`, else `ecs-task/CLUSTER/TASK`: a task
`ecs-service-name` `ecs-task-id`     names no service
`pkt-src-aws-service`                `remote_service`: the one on the remote's side
`pkt-dst-aws-service`
===================================  ==================================================================================

A line that is too short, too long, or holds what is no number or address, or a time outside 2000 to 2100, is rejected,
counted and sampled. `line` is the line in the file; blank lines are not counted.

Sources: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html (fields),
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html (delivery path),
https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-parquet.html (Parquet columns).
Doubts: milliseconds have not been seen from AWS itself.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._flow_file import FileLog, footer_names, header_fields
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

DEFAULT_FIELDS = (
    *("version", "account_id", "interface_id", "srcaddr", "dstaddr", "srcport", "dstport"),
    *("protocol", "packets", "bytes", "start", "end", "action", "log_status"),
)

# What we read of a record, with the type it is read as. `start` and `end` are epoch numbers.
FIELDS = {
    "account_id": "varchar",
    "interface_id": "varchar",
    "srcaddr": "varchar",
    "dstaddr": "varchar",
    "srcport": "integer",
    "dstport": "integer",
    "protocol": "integer",
    "packets": "bigint",
    "bytes": "bigint",
    "start": "bigint",
    "end": "bigint",
    "action": "varchar",
    "log_status": "varchar",
    "vpc_id": "varchar",
    "subnet_id": "varchar",
    "instance_id": "varchar",
    "pkt_srcaddr": "varchar",
    "pkt_dstaddr": "varchar",
    "region": "varchar",
    "az_id": "varchar",
    "pkt_src_aws_service": "varchar",
    "pkt_dst_aws_service": "varchar",
    "flow_direction": "varchar",
    "ecs_cluster_name": "varchar",
    "ecs_service_name": "varchar",
    "ecs_task_id": "varchar",
}
REQUIRED = ("srcaddr", "dstaddr", "start", "bytes")
NOT_OURS = frozenset({"tgw_id", "tgw_attachment_id"})  # a Transit Gateway flow log shares most of our fields

RECORDS = """
select
  *,
  case log_status when 'NODATA' then 'nodata' when 'SKIPDATA' then 'skipdata' end as status,
  epoch_time("start") as started_at,
  epoch_time("end") as ended_at,
  coalesce(pkt_srcaddr, srcaddr) as source_text,
  coalesce(pkt_dstaddr, dstaddr) as target_text,
  srcaddr as interface_source_text,
  dstaddr as interface_target_text,
  srcport as source_port,
  dstport as target_port
from (
  {columns}
)
"""

COLUMNS = {
    "sensor": "'flow_log'",
    "account_id": "coalesce(account_id, path_account_id)",
    "vpc_id": "coalesce(vpc_id, 'unknown')",
    "subnet_id": "coalesce(subnet_id, 'unknown')",
    "interface_id": "coalesce(interface_id, 'unknown')",
    "instance_id": "coalesce(instance_id, 'unknown')",
    "region": "coalesce(region, path_region)",
    "az": "coalesce(az_id, 'unknown')",
    "workload": """coalesce(
    'ecs/' || ecs_cluster_name || '/' || ecs_service_name,
    'ecs-task/' || ecs_cluster_name || '/' || ecs_task_id,
    'unknown'
  )""",
    "action": "case when action = 'REJECT' then 'reject' else 'accept' end",
    "remote_service": "coalesce(case when is_out then pkt_dst_aws_service else pkt_src_aws_service end, 'unknown')",
}

LOG = FileLog(DEFAULT_FIELDS, FIELDS, REQUIRED, RECORDS, COLUMNS)

_DEFAULT_LINE = re.compile(
    r"2 (?:\d{12}|unknown) eni-\S+ (?:\S+ ){7}\d+ \d+ (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)"
)


class AwsVpcFlow:
    """AWS VPC flow logs, version 2 to the newest."""

    id = "aws_vpc_flow"
    title = "AWS VPC flow logs (text or Parquet)"
    tables = ("flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A header that names our fields, a line of the default format, or a Parquet footer that names them."""
        if head.data.startswith(b"PAR1"):
            return 0.95 if footer_names(head, "srcaddr", "log_status") and not footer_names(head, "tgw_id") else 0.0
        lines = head.lines
        if not lines:
            return 0.0
        if _DEFAULT_LINE.fullmatch(lines[0].strip()):
            return 0.95
        return _score_header(header_fields(lines[0]))

    def group_key(self, item: LocalObject) -> str:
        """Files with the same fields in the same order are read in one call."""
        return LOG.group_key(item)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows and lost intervals; raises `BadInputError` where a file lacks a needed field."""
        return LOG.normalise(engine, items)


FORMAT = AwsVpcFlow()


def _score_header(fields: tuple[str, ...]) -> float:
    names = set(fields)
    if names & NOT_OURS:
        return 0.3
    if {"srcaddr", "dstaddr", "start"} <= names:
        return 0.98
    # A flow log all the same, though not a useful one: taken, then refused by the names it lacks.
    return 0.6 if len(names & (FIELDS.keys() | {"version"})) >= 4 and {"interface_id", "log_status"} & names else 0.0
