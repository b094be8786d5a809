r"""NetFlow, IPFIX and sFlow records as nfdump prints them in CSV: text with a header line, plain or gzip.

Real shapes: `-o csv` of nfdump 1.6 (forty-eight columns, a summary at the end), `-o csv` of 1.7, and `-o csv-fast`::

    ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,…,ra,eng,…
    2026-08-01 00:00:02,2026-08-01 00:00:40,38.000,10.0.1.5,203.0.113.10,49152,443,TCP,...AP.SF,0,0,12,5840,0,0,2,1,…
    Summary
    flows,bytes,packets,avg_bps,avg_pps,avg_bpp
    1,5840,12,1229,0,486

    firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows
    2026-08-01 00:00:02.000,38.000,6,10.0.1.5,49152,203.0.113.10,443,12,5840,1

    cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes
    1,2,1785542402000,1785542440000,6,10.0.1.5,49152,203.0.113.10,443,0,0,2,1,...AP.SF,0,12,5840

Columns go by their names, so that a format of one's own (`-o csv:%ts,%te,…`) is read too. Without a header (`-q`) only
the layout of 1.6 is recognised.

=================================  ====================================================================================
column, in 1.6 and 1.7             becomes
=================================  ====================================================================================
`sa` `srcAddr`, `da` `dstAddr`,    client and remote: the private side is the client, else the source
`sp` `srcPort`, `dp` `dstPort`     (of ICMP the type and code stand there: no ports)
`ts` `firstSeen`, `te` `lastSeen`  `started_at` `ended_at`, UTC: local time, taken as UTC where the option `timezone` of
`td` `duration`                    the source does not tell it; epoch seconds or milliseconds as they are
`pr` `proto`                       `protocol`, a number or a name
`ipkt` `packets` `inPackets`,      `packets` `bytes`; where there is an `out` count too, a second row is the answer's
`ibyt` `bytes` `inBytes`,
`opkt` `outPackets`,
`obyt` `outBytes`
`fwd` `fwdStatus`                  `action`: 128 to 191 is dropped, `reject` (RFC 7270, 4.12)
`ra` `routerIP`                    `interface_id` as `netflow/ADDRESS`: the router that saw it
=================================  ====================================================================================

Two routers on the way tell one flow twice: they count once, since `interface_id` differs; without the router's address
they cannot be told apart. `sensor` is `netflow`; it knows neither account nor network, which the options `account_id`
and `region` of the source give. Header lines and the summary are passed by; a line of another width is rejected. Top
statistics (`-s`) are no flows and are not read. `line` is the line in the file.

Sources: `src/output/output_csv.c`, `output_csv_fast.c`, `output.c` of 1.7 and `bin/output_csv.c` of 1.6 in
https://github.com/phaag/nfdump; https://www.rfc-editor.org/rfc/rfc7270 section 4.12.
Doubts: the layouts are confirmed by that source, not by an exported file. Routers often sample: counts are then those
of the sample, and the CSV does not say so.
"""

import re
from collections.abc import Sequence

from shadowscan.collect.formats._flow import FlowRecords, answer_direction, create_time_macros, take_flows
from shadowscan.collect.formats._lines import stage_lines
from shadowscan.collect.formats._log_time import list_log_files
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# What we read, by the names nfdump's versions give it. The first that a header has counts.
FIELDS = {
    "first_seen": ("ts", "firstSeen"),
    "last_seen": ("te", "lastSeen"),
    "duration": ("td", "duration"),
    "source": ("sa", "srcAddr"),
    "target": ("da", "dstAddr"),
    "source_port": ("sp", "srcPort"),
    "target_port": ("dp", "dstPort"),
    "protocol": ("pr", "proto"),
    "packets": ("ipkt", "packets", "inPackets"),
    "bytes": ("ibyt", "bytes", "inBytes"),
    "packets_back": ("opkt", "outPackets"),
    "bytes_back": ("obyt", "outBytes"),
    "forwarding": ("fwd", "fwdStatus"),
    "router": ("ra", "routerIP"),
}
REQUIRED = ("first_seen", "source", "target", "bytes")
OLD_HEADER = (
    "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,"
    "odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr"
)

_STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
_OLD_LINE = re.compile(rf"{_STAMP},{_STAMP},[\d.]+,[0-9a-fA-F.:]+,[0-9a-fA-F.:]+,\d+,[\d.]+,[\w.-]+,[^,]*,\d+,")

# From its summary to the next header a print has no flows.
STAGE = """
create or replace temp table nfdump_record as
with marked as (
  select
    l.*,
    case when l.text = 'Summary' then 'summary' when starts_with(l.text, $header) then 'header' end as mark
  from log_line as l
),
placed as (
  select
    *,
    last_value(mark ignore nulls) over (
      partition by file order by line_rowid rows between unbounded preceding and current row
    ) as section
  from marked
),
split as (
  select
    file,
    line,
    line_rowid,
    case when len(string_split(text, ',')) = $width then string_split(text, ',') end as parts
  from placed
  where mark is null
    and section is distinct from 'summary'
)
select
  file,
  line,
  {fields}
from split
order by line_rowid
"""

RECORDS = f"""
with timed as (
  select
    r.*,
    coalesce(seconds_of(first_seen), log_time(first_seen, f.written_at, f.zone)) as started_at,
    coalesce(seconds_of(last_seen), log_time(last_seen, f.written_at, f.zone)) as told_end,
    try_cast(duration as double) as lasted,
    upper(protocol) in ('ICMP', 'ICMP6', '1', '58') as is_icmp,
    case when not is_icmp then try_cast(source_port as integer) end as source_place,
    case when not is_icmp then try_cast(target_port as integer) end as target_place
  from nfdump_record as r
  join log_file as f on f.file = r.file
),
counted as (
  select
    *,
    unnest(
      case when try_cast(bytes_back as bigint) > 0 or try_cast(packets_back as bigint) > 0
        then [false, true] else [false]
      end
    ) as is_back
  from timed
)
select
  file,
  line,
  router,
  try_cast(forwarding as integer) between 128 and 191 as is_dropped,
  case when source is null then 'foreign' end as status,
  started_at,
  coalesce(
    told_end,
    case when lasted between 0 and 1000000000 then started_at + to_milliseconds(round(lasted * 1000)::bigint) end
  ) as ended_at,
  case when is_back then target else source end as source_text,
  case when is_back then source else target end as target_text,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  case when is_back then target_place else source_place end as source_port,
  case when is_back then source_place else target_place end as target_port,
  case upper(protocol)
    when 'TCP' then 6
    when 'UDP' then 17
    when 'ICMP' then 1
    when 'ICMP6' then 58
    when 'SCTP' then 132
    else try_cast(protocol as integer)
  end as protocol,
  try_cast(case when is_back then bytes_back else bytes end as bigint) as bytes,
  try_cast(case when is_back then packets_back else packets end as bigint) as packets,
  case when is_back then {answer_direction("source", "target")} end as flow_direction
from counted
"""  # noqa: S608  # our own constants only

CREATE_SECONDS_OF = """
create or replace temp macro seconds_of(text) as
  case
    when try_cast(text as double) between 0 and 100000000000
      then make_timestamp(round(try_cast(text as double) * 1000000)::bigint)
    when try_cast(text as double) between 100000000001 and 253402300799000
      then make_timestamp(round(try_cast(text as double) * 1000)::bigint)
  end
"""

COLUMNS = {
    "sensor": "'netflow'",
    "account_id": "path_account_id",
    "interface_id": "coalesce('netflow/' || nullif(nullif(nullif(router, ''), '0.0.0.0'), '::'), 'unknown')",
    "region": "path_region",
    "action": "case when is_dropped then 'reject' else 'accept' end",
}


class Nfdump:
    """NetFlow, IPFIX and sFlow records in nfdump's CSV."""

    id = "nfdump"
    title = "NetFlow, IPFIX and sFlow records (CSV of nfdump)"
    tables = ("flow",)

    def sniff(self, head: Head) -> float:
        """A header that names what a flow needs in one version's words, or a first line in the layout of 1.6."""
        return 0.95 if _places(_names(head)) else 0.0

    def group_key(self, item: LocalObject) -> str:
        """Files of one header are read in one call."""
        return ",".join(_names(item.head)) or OLD_HEADER

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows."""
        names = _names(items[0].head) or tuple(OLD_HEADER.split(","))
        places = _places(names)
        refused = stage_lines(engine, [item.path for item in items])
        list_log_files(engine, items)
        create_time_macros(engine)
        engine.query(CREATE_SECONDS_OF)
        fields = ",\n  ".join(f"{_value(places.get(field, 0))} as {field}" for field in FIELDS)
        engine.query(STAGE.replace("{fields}", fields), {"header": ",".join(names[:2]), "width": len(names)})
        found = take_flows(engine, items, FlowRecords(RECORDS, COLUMNS, one_a_line=True))
        for table in ("nfdump_record", "log_line", "log_file"):
            engine.query(f"drop table {table}")
        return {
            item.source_id: add_up(found[item.source_id].normalised(), refused.get(file, Normalised({})))
            for file, item in enumerate(items)
        }


FORMAT = Nfdump()


def _names(head: Head) -> tuple[str, ...]:
    """The columns: those of the header, or of a first line in the layout of 1.6; empty where it is neither."""
    first = next((line for line in head.lines if line.strip()), "")
    names = tuple(name.strip() for name in first.split(","))
    if _places(names):
        return names
    return tuple(OLD_HEADER.split(",")) if _OLD_LINE.match(first) else ()


def _places(names: Sequence[str]) -> dict[str, int]:
    """The place of each field from 1; empty where a needed one has none, or the words are of several versions."""
    versions = [{field: words[:1] for field, words in FIELDS.items()}, {f: words[1:] for f, words in FIELDS.items()}]
    for words_of in versions:
        places = {
            field: names.index(word) + 1 for field, words in words_of.items() for word in words[::-1] if word in names
        }
        if places.keys() >= set(REQUIRED):
            return places
    return {}


def _value(place: int) -> str:
    return f"trim(parts[{place}])" if place else "null::varchar"
