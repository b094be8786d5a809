r"""dnsmasq and Pi-hole query log (`log-queries`, `log-queries=extra`): text, plain or gzip, from a file or by syslog.

Real shapes; `extra` puts a serial number and the client before what happened, `log-queries=proto` a `UDP` before that::

    Aug  1 00:00:01 dnsmasq[612]: query[A] api.mistral.ai from 192.0.2.17
    Aug  1 00:00:01 dnsmasq[612]: forwarded api.mistral.ai to 192.0.2.1
    Aug  1 00:00:01 dnsmasq[612]: reply api.mistral.ai is <CNAME>
    Aug  1 00:00:01 dnsmasq[612]: reply edge.cdn.example is 203.0.113.70
    Aug  1 00:00:04 dnsmasq[612]: 4021 192.0.2.18/53113 query[AAAA] claude.ai from 192.0.2.18
    Aug  1 00:00:04 dnsmasq[612]: 4021 192.0.2.18/53113 gravity blocked claude.ai is ::
    Aug  1 00:00:05 router dnsmasq[612]: cached api.mistral.ai is 203.0.113.70

=======================================  ==============================================================================
line                                     becomes
=======================================  ==============================================================================
`query[TYPE] NAME from CLIENT`           `dns_query`
`reply` `cached` `cached-stale`          one `dns_answer` for each address, to every client that asked that name and
`config` `/etc/hosts` … `NAME is …`      type in the 30 seconds before and was not answered yet: dnsmasq writes the
                                         records of one answer in a run, names that lead on as `<CNAME>`, and answers
                                         all who wait with one. `NXDOMAIN` and the like become `rcode`
`gravity blocked` `regex denied`         `action` `block`: no connection followed
`exactly denied` … `NAME is …`
`forwarded NAME to SERVER`               nothing: who is asked in turn
the time                                 `queried_at`, UTC. It is local, without year or zone: taken as UTC (option
                                         `timezone`), the year told by the time of the file (option `year`), which a
                                         `coverage_note` says
=======================================  ==============================================================================

The log has no TTL (`ttl_seconds` -1). dnsmasq's other lines (DHCP, start) are passed by, and those of other programs in
the same syslog; any other line is rejected. `line` is the line of the question.

Sources: https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (`--log-queries`); `src/cache.c` and `src/log.c` in
https://github.com/imp/dnsmasq; `src/dnsmasq_interface.c` in https://github.com/pi-hole/FTL (what is blocked).
Doubts: Pi-hole's own database (`pihole-FTL.db`) is not read. With two questions of one name under way the answer goes
to both, whatever their serial numbers say.
"""

from shadowscan.collect.formats._dns_server import ADDRESS, DnsServerFormat, ServerLog
from shadowscan.collect.formats._log_time import ISO, SYSLOG

_PREFIX = rf"^(?:<\d+>)?(?:({ISO}) )?(?:({ISO}|{SYSLOG}) )?(?:[\w.-]+ )?dnsmasq(?:\[\d+\])?: "
_EXTRA = r"(?:(?:UDP |TCP )?\d+ (?:\S+/\d+ )?)?"
LOG = ServerLog(
    expression=_PREFIX
    + _EXTRA
    + rf"(?:query\[(\S+)\] (\S+) from ({ADDRESS})(?:%[\w.-]+)?$|(\D.*?) (\S+) is (<CNAME>|{ADDRESS}|\S.*?)"
    r"(?: \(.*\))?$)",
    names=("outer_time", "own_time", "query_type", "name", "client", "source", "answered_name", "answer"),
    others=r"(?:^| )dnsmasq(?:-\w+)?(?:\[\d+\])?: ",
    questions=r"dnsmasq(?:\[\d+\])?: .*query\[",
)

# A run of answers ends at a question, and where name or family change though the line before was no `<CNAME>`. A
# question gets the first run of its name and type after it; one that tells no type (NXDOMAIN, blocked) where there is
# none.
QUESTIONS = """
with told as (
  select
    *,
    case
      when is_ipv4_text(answer) or answer = 'NODATA-IPv4' then 'A'
      when contains(answer, ':') or answer = 'NODATA-IPv6' then 'AAAA'
      else ''
    end as family
  from server_line
),
ordered as (
  select
    *,
    lag(answer) over lines is not distinct from '<CNAME>' as is_led_to,
    not is_led_to
      and (lag(answered_name) over lines is distinct from answered_name or lag(family) over lines <> family) as is_new
  from told
  window lines as (partition by file order by line_rowid)
),
numbered as (
  select
    *, sum(is_new::integer) over (partition by file order by line_rowid rows unbounded preceding) as run
  from ordered
),
run as (
  select
    file,
    min(line_rowid) as run_rowid,
    min(logged_at) as answered_at,
    lower(arg_min(answered_name, line_rowid)) as name,
    bool_or(regexp_matches(source || answer, 'blocked|denied|canary|Private Relay|Rate-limiting')) as is_blocked,
    max(answer) filter (where answer in ('NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR')) as rcode,
    case when not is_blocked then max(family) else '' end as query_type,
    coalesce(
      list({'rdata': answered_name, 'type': 'CNAME'} order by line_rowid) filter (where is_led_to),
      []
    ) || coalesce(
      list({'rdata': answer, 'type': family} order by line_rowid)
        filter (where family <> '' and not starts_with(answer, 'NODATA')),
      []
    ) as answers
  from numbered
  where answer <> ''
  group by file, run
),
question as (
  select *, lower(name) as asked_name
  from server_line
  where is_question
),
typed as (
  select q.line_rowid, r.*
  from question as q
  asof join run as r
    on r.file = q.file and r.name = q.asked_name and r.query_type = q.query_type and q.line_rowid < r.run_rowid
),
untyped as (
  select q.line_rowid, r.*
  from question as q
  asof join run as r on r.file = q.file and r.name = q.asked_name and r.query_type = '' and q.line_rowid < r.run_rowid
)
select
  q.file,
  q.line,
  q.logged_at as queried_at,
  q.name,
  q.query_type,
  coalesce(t.rcode, u.rcode) as response_code,
  q.client as client_text,
  t.answers,
  case when coalesce(t.is_blocked, u.is_blocked) then 'block' else 'allow' end as verdict_action
from question as q
left join typed as t on t.line_rowid = q.line_rowid and t.answered_at <= q.logged_at + interval 30 second
left join untyped as u
  on t.line_rowid is null and u.line_rowid = q.line_rowid and u.answered_at <= q.logged_at + interval 30 second
union all by name
select file, line
from server_line
where not is_matched
"""
FORMAT = DnsServerFormat(
    "dnsmasq", "dnsmasq and Pi-hole query log (text)", LOG, QUESTIONS, ("dns_query", "dns_answer", "coverage_note")
)
