r"""AWS Transit Gateway flow logs (version 6): text as S3 delivers it (plain or gzip, any field order), and Parquet.

Real shape, text; all fields in this order unless the flow log's own format says otherwise::

    version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id …
    6 TransitGateway 123456789012 tgw-0aa tgw-attach-0bb 123456789012 - vpc-0cc - subnet-0dd - eni-0ee - use1-az1 -
      tgw-attach-0ff 10.0.1.5 198.51.100.20 49160 443 6 10 6200 1785542400 1785542458 OK IPv4 0 0 0 0 2 us-east-1 …

A file without a header, such as a CloudWatch Logs group gives, is read in that order, or in that of the option
`fields`. Parquet has the same fields with `_` for `-`. It sees the addresses before a NAT changes them, which is why it
is worth having in a hub network.

==============================================  =======================================================================
field                                           becomes
==============================================  =======================================================================
`srcaddr` `dstaddr` `srcport` `dstport`         client and remote: the private side is the client, the source where
                                                both or neither are private. `flow-direction` is not asked: it says
                                                whether the packet entered or left the gateway
`tgw-src-vpc-account-id` `tgw-src-vpc-id`       `account_id` `vpc_id` `az` where the source is the client
`tgw-src-az-id`
`tgw-dst-vpc-account-id` `tgw-dst-vpc-id`       the same where the target is; `unknown` for a VPN or a peer
`tgw-dst-az-id`
`tgw-attachment-id`                             `interface_id`: where it was recorded. A packet is recorded once on
                                                entering and once on leaving, at two attachments; `sensor` is
                                                `transit_gateway`, so that neither counts beside the workload's own
                                                interface
`start` `end` `protocol` `packets` `bytes`      as in `aws_vpc_flow`
`log-status` `region`
`pkt-src-aws-service` `pkt-dst-aws-service`     `remote_service`: the one on the remote's side
==============================================  =======================================================================

`action` is always `accept`: the log has none. The subnets and interfaces it names are those of the attachments, not
of the workload, and are not kept; nor are the `packets-lost-*` counts.

Sources: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html (fields); Parquet columns from public Athena
tables, https://gist.github.com/maiconbaum/195c031d4500769841b470cf2b8d183d.
Doubts: whether `packets` counts the lost ones.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._flow_file import FileLog, footer_names, header_fields
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

DEFAULT_FIELDS = (
    *("version", "resource_type", "account_id", "tgw_id", "tgw_attachment_id"),
    *("tgw_src_vpc_account_id", "tgw_dst_vpc_account_id", "tgw_src_vpc_id", "tgw_dst_vpc_id"),
    *("tgw_src_subnet_id", "tgw_dst_subnet_id", "tgw_src_eni", "tgw_dst_eni", "tgw_src_az_id", "tgw_dst_az_id"),
    *("tgw_pair_attachment_id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes"),
    *("start", "end", "log_status", "type", "packets_lost_no_route", "packets_lost_blackhole"),
    *("packets_lost_mtu_exceeded", "packets_lost_ttl_expired", "tcp_flags", "region", "flow_direction"),
    *("pkt_src_aws_service", "pkt_dst_aws_service"),
)

FIELDS = {
    "tgw_attachment_id": "varchar",
    "tgw_src_vpc_account_id": "varchar",
    "tgw_dst_vpc_account_id": "varchar",
    "tgw_src_vpc_id": "varchar",
    "tgw_dst_vpc_id": "varchar",
    "tgw_src_az_id": "varchar",
    "tgw_dst_az_id": "varchar",
    "srcaddr": "varchar",
    "dstaddr": "varchar",
    "srcport": "integer",
    "dstport": "integer",
    "protocol": "integer",
    "packets": "bigint",
    "bytes": "bigint",
    "start": "bigint",
    "end": "bigint",
    "log_status": "varchar",
    "region": "varchar",
    "pkt_src_aws_service": "varchar",
    "pkt_dst_aws_service": "varchar",
}
REQUIRED = ("srcaddr", "dstaddr", "start", "bytes")

RECORDS = """
select
  *,
  case log_status when 'NODATA' then 'nodata' when 'SKIPDATA' then 'skipdata' end as status,
  epoch_time("start") as started_at,
  epoch_time("end") as ended_at,
  srcaddr as source_text,
  dstaddr as target_text,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  srcport as source_port,
  dstport as target_port,
  null::varchar as flow_direction
from (
  {columns}
)
"""

COLUMNS = {
    "sensor": "'transit_gateway'",
    "account_id": "coalesce(case when is_out then tgw_src_vpc_account_id else tgw_dst_vpc_account_id end, 'unknown')",
    "vpc_id": "coalesce(case when is_out then tgw_src_vpc_id else tgw_dst_vpc_id end, 'unknown')",
    "interface_id": "coalesce(tgw_attachment_id, 'unknown')",
    "region": "coalesce(region, path_region)",
    "az": "coalesce(case when is_out then tgw_src_az_id else tgw_dst_az_id end, 'unknown')",
    "remote_service": "coalesce(case when is_out then pkt_dst_aws_service else pkt_src_aws_service end, 'unknown')",
}

LOG = FileLog(DEFAULT_FIELDS, FIELDS, REQUIRED, RECORDS, COLUMNS)

_DEFAULT_LINE = re.compile(r"6 TransitGateway\S* \d{12} tgw-\S+ (?:\S+ ){31}\S+")


class AwsTgwFlow:
    """AWS Transit Gateway flow logs."""

    id = "aws_tgw_flow"
    title = "AWS Transit Gateway flow logs (text or Parquet)"
    tables = ("flow", "coverage_note")

    def sniff(self, head: Head) -> float:
        """A header or a Parquet footer that names the gateway's fields, or a line of the default format."""
        if head.data.startswith(b"PAR1"):
            return 0.96 if footer_names(head, "tgw_id", "srcaddr", "tgw_attachment_id") else 0.0
        lines = head.lines
        if not lines:
            return 0.0
        if _DEFAULT_LINE.fullmatch(lines[0].strip()):
            return 0.95
        names = set(header_fields(lines[0]))
        if not names & {"tgw_id", "tgw_attachment_id"}:
            return 0.0
        return 0.98 if {"srcaddr", "dstaddr", "start"} <= names else 0.6

    def group_key(self, item: LocalObject) -> str:
        """Files with the same fields in the same order are read in one call."""
        return LOG.group_key(item)

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows and lost intervals; raises `BadInputError` where a file lacks a needed field."""
        return LOG.normalise(engine, items)


FORMAT = AwsTgwFlow()
