r"""Zeek logs `conn`, `dns`, `ssl`, `quic` and `http`: tab separated as Zeek writes them, or JSON lines; plain or gzip.

Real shapes (spaces stand for the tabs of the first; the order of fields is the file's own)::

    #separator \x09
    #set_separator ,
    #unset_field -
    #path ssl
    #fields ts uid id.orig_h id.orig_p id.resp_h id.resp_p version cipher curve server_name resumed …
    #types time string addr port addr port string string string string bool …
    1785542402.600000 Cdef 192.0.2.15 50022 203.0.113.50 443 TLSv13 … x25519 api.anthropic.com F - h2 T

    {"ts":1785542401.1,"uid":"Cabc","id.orig_h":"192.0.2.15","id.orig_p":53111,"id.resp_h":"192.0.2.1","id.resp_p":53,
     "proto":"udp","query":"api.anthropic.com","qtype_name":"A","rcode_name":"NOERROR","answers":["203.0.113.50"],
     "TTLs":[300.0],"rejected":false}

=======================================  ==============================================================================
field                                    becomes
=======================================  ==============================================================================
`conn` records                           `flow`, a row each way; the answer's only where there was one. The private side
                                         is the client, else the originator
`dns` records with a `query`             `dns_query`, and `dns_answer` for each address among `answers`, with its TTL
`ssl` and `quic` records with a          `tls_connection`, `named_by` `sni`; `protocol` of `quic` is 17. Zeek writes
`server_name`                            both of one QUIC connection, under one `uid`
`http` records with a `host`             `tls_connection`, `named_by` `http_host`; a CONNECT, and a URI with a host in
                                         it, went to a proxy: `named_by` `connect`, the server's address `unknown`
`ts` `duration`                          start and end, UTC: epoch seconds with a fraction, milliseconds, or ISO 8601
`uid`                                    `connection_id`: ties the logs of one connection
`orig_ip_bytes` `resp_ip_bytes`          `bytes`, headers included, as flow logs count; else `orig_bytes` `resp_bytes`
`orig_pkts` `resp_pkts`                  `packets`
`conn_state`                             `action`: `REJ` is `reject`
`established` `last_alert`               `action` of `ssl`: not established and broken off by an alert is `reject`
`answers` of an A or AAAA question       addresses, and the names among them as `cname_chain`
`uri`                                    `path`, shortened, without its query
`request_body_len` `response_body_len`   `bytes_out` `bytes_in`
=======================================  ==============================================================================

Which log a record is of says `#path` or `_path`, else its fields; records of other logs in one stream with these are
passed by, as are `dns` records without a name, `ssl` and `quic` without a server name and `http` without a host. A file
of another log (`weird`, `files`, `x509`, …) is skipped, and named as that log. A line of another width than its
`#fields` is rejected. `sensor` is `zeek`; Zeek does not know the account or the network, which the
options `account_id` and `region` of the source give. A record of `conn` is written when the connection ends, so its
bytes lie between `started_at` and `ended_at`, which may be hours.

Sources: https://docs.zeek.org/en/master/logs/index.html and the expected logs in
https://github.com/zeek/zeek/tree/master/testing/btest/Baseline (header lines, field order, CONNECT, `quic`).
Doubts: JSON that a shipper has nested (`id: {orig_h}`) or renamed is not read; `\xNN` escapes in a URI stay as they
are.
"""

from collections.abc import Sequence

from shadowscan.collect.formats import _http_target as http
from shadowscan.collect.formats import _zeek_records as zeek_records
from shadowscan.collect.formats._dns import DnsRecords, take_questions
from shadowscan.collect.formats._flow import FlowRecords, answer_direction, take_flows
from shadowscan.collect.formats._json_lines import add_refused, lay_lines, sample_records
from shadowscan.collect.formats._sum import add_up
from shadowscan.collect.formats._tls import TlsRecords, take_hosts
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine

# A line that is no record of any log comes here too, so that it is refused with its number.
FLOWS = f"""
with counted as (
  select *, unnest(case when server_bytes > 0 or server_packets > 0 then [false, true] else [false] end) as is_answer
  from zeek_record
  where kind = 'conn'
     or kind is null
)
select
  file,
  line,
  uid,
  conn_state,
  case when kind is null then 'foreign' end as status,
  started_at,
  started_at + lasted as ended_at,
  case when is_answer then server_text else client_text end as source_text,
  case when is_answer then client_text else server_text end as target_text,
  null::varchar as interface_source_text,
  null::varchar as interface_target_text,
  case when is_answer then server_port else client_port end as source_port,
  case when is_answer then client_port else server_port end as target_port,
  protocol,
  case when is_answer then server_bytes else client_bytes end as bytes,
  case when is_answer then server_packets else client_packets end as packets,
  case when is_answer then {answer_direction("client_text", "server_text")} end as flow_direction
from counted
"""  # noqa: S608  # our own constants only

FLOW_COLUMNS = {
    "sensor": "'zeek'",
    "account_id": "path_account_id",
    "interface_id": "'unknown'",
    "region": "path_region",
    "action": "case when conn_state = 'REJ' then 'reject' else 'accept' end",
    "connection_id": "coalesce(uid, 'unknown')",
}

# Answers are texts without a type: of a question for addresses they are addresses, or the names that led there.
QUESTIONS = """
select
  file,
  line,
  started_at as queried_at,
  query as name,
  query_type,
  rcode_name as response_code,
  client_text,
  case
    when query_type in ('A', 'AAAA', 'CNAME')
    then list_transform(
      answers,
      lambda answer, n: {
        'rdata': answer,
        'type': case
          when is_ipv4_text(answer) then 'A'
          when contains(answer, ':') then 'AAAA'
          when not contains(answer, ' ') then 'CNAME'
        end,
        'ttl': ttls[n]
      }
    )
  end as answers
from zeek_record
where kind = 'dns'
  and query is not null
"""

QUESTION_COLUMNS = {
    "account_id": "path_account_id",
    "vpc_id": "'unknown'",
    "region": "path_region",
    "instance_id": "'unknown'",
    "action": "'allow'",
}

HOSTS = f"""
with named as (
  select
    *,
    kind = 'http' and coalesce({http.is_proxied("method", "target")}, false) as is_to_proxy
  from zeek_record
  where (kind in ('ssl', 'quic') and server_name is not null)
     or (kind = 'http' and host is not null)
)
select
  file,
  line,
  uid,
  kind,
  is_to_proxy,
  is_broken_off,
  client_body,
  server_body,
  case when kind = 'quic' then 17 else coalesce(protocol, 6) end as protocol,
  started_at,
  null::timestamp as ended_at,
  client_text,
  client_port,
  case when not is_to_proxy then server_text end as remote_text,
  case when is_to_proxy then {http.asked_port("target")} else server_port end as remote_port,
  case
    when kind <> 'http' then server_name
    when is_to_proxy then coalesce({http.asked_host("target")}, host)
    else host
  end as host,
  {http.url_of("method", "target")} as url
from named
"""  # noqa: S608  # our own constants only

HOST_COLUMNS = {
    "sensor": "'zeek'",
    "account_id": "path_account_id",
    "region": "path_region",
    "protocol": "protocol",
    "connection_id": "coalesce(uid, 'unknown')",
    "named_by": "case when is_to_proxy then 'connect' when kind = 'http' then 'http_host' else 'sni' end",
    "action": "case when is_broken_off and kind = 'ssl' then 'reject' else 'accept' end",
    "bytes_out": "coalesce(client_body, 0)",
    "bytes_in": "coalesce(server_body, 0)",
}

SHARED = frozenset({"ts", "id.orig_h", "id.resp_h"})
PATHS = frozenset({"conn", "dns", "ssl", "quic", "http"})
# Of each log, fields that its record always has, or has where it is of use to us.
MARKS = (
  {"conn_state"}, {"query"}, {"rcode_name"}, {"server_name"}, {"established"}, {"client_initial_dcid"},
  {"trans_depth", "host"},
)  # fmt: skip
ANOTHER_LOG = 0.2  # Zeek's, though none that we read: the nearest format of a file that is skipped


class Zeek:
    """Zeek conn, dns, ssl, quic and http logs."""

    id = "zeek"
    title = "Zeek conn, dns, ssl, quic and http logs (tab separated, JSON lines)"
    tables = ("flow", "dns_query", "dns_answer", "tls_connection")

    def sniff(self, head: Head) -> float:
        """A `#fields` line of one of the five logs, or the share of first records that are of them."""
        if _is_tab_separated(head):
            fields = [names for line in head.lines if (names := zeek_records.field_names(line))]
            is_ours = any(_is_ours(names, _path(head)) for names in fields)
            return 0.98 if is_ours else ANOTHER_LOG if fields and _path(head) else 0.0
        records = sample_records(head)
        hits = sum(_is_ours(record, record.get("_path")) for record in records)
        if not hits:
            return ANOTHER_LOG if any(record.keys() >= SHARED for record in records) else 0.0
        return round(0.97 * hits / len(records), 2)

    def group_key(self, item: LocalObject) -> str:
        """Every line goes by the `#fields` before it, so all tab separated objects go together, and all JSON."""
        return "tab" if _is_tab_separated(item.head) else "json"

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        """Insert flows, questions, answered addresses and hosts."""
        if self.group_key(items[0]) == "tab":
            refused = zeek_records.stage_tab_separated(engine, [item.path for item in items])
            taken = _take(engine, items)
            return {
                item.source_id: add_up(taken[item.source_id], refused.get(file, Normalised({})))
                for file, item in enumerate(items)
            }
        with lay_lines(items) as laid:
            zeek_records.stage_json(engine, laid.paths)
        taken = _take(engine, items)
        return {source_id: add_refused(found, laid.refused.get(source_id)) for source_id, found in taken.items()}


FORMAT = Zeek()


def _take(engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
    flows = take_flows(engine, items, FlowRecords(FLOWS, FLOW_COLUMNS, one_a_line=True))
    questions = take_questions(
        engine, items, DnsRecords(QUESTIONS, QUESTION_COLUMNS, ttl="coalesce(round(answer.ttl)::bigint, -1)")
    )
    hosts = take_hosts(engine, items, TlsRecords(HOSTS, HOST_COLUMNS))
    engine.query("drop table zeek_record")
    return {
        source_id: add_up(*(found[source_id].normalised() for found in (flows, questions, hosts)))
        for source_id in flows
    }


def _is_tab_separated(head: Head) -> bool:
    return head.data.removeprefix(b"\xef\xbb\xbf").startswith(b"#")


def _path(head: Head) -> str | None:
    return next((line[len("#path") + 1 :] for line in head.lines if line.startswith("#path")), None)


def _is_ours(fields: object, path: object) -> bool:
    """Whether a record or a header with these field names is of one of the five logs."""
    names = set(fields) if isinstance(fields, list | dict) else set()
    is_known = path in PATHS if isinstance(path, str) else any(marks <= names for marks in MARKS)
    return is_known and names >= SHARED
