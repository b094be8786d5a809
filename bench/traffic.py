"""A company's traffic of ten days, made in SQL from fixed formulas: the same rows every time, at any size.

One workload for every 5,000 flow records, in four VPCs of two accounts that all use the same private range. Questions
are 5 % of the flows; three workloads in ten ask through their VPC's resolver. 4,000 ordinary names, a third of them on
a CDN of 4,096 addresses whose names move every hour, shared with four vendor hosts. Of the conversations 45 % follow an
answer, most within 90 s and one in five within three hours; 30 % stay inside, most with one server in twenty hosts;
25 % follow no question at all. A conversation is two records, one a direction; 3 % are IPv6, 2 % refused. One workload
in twenty uses LLM vendors, and these questions are four in ten of its own.
"""

from datetime import datetime

from shadowscan.store.connection import Store

START = datetime(2026, 10, 1)  # noqa: DTZ001 - the store holds naive UTC
DAYS = 10
HOSTS = [
    *("api.openai.com", "chatgpt.com", "api.mistral.ai", "api.groq.com"),  # on the shared CDN
    *("api.anthropic.com", "bedrock-runtime.us-east-1.amazonaws.com", "api.deepseek.com", "api.cohere.com"),
]

_MACROS = """
    create or replace temp macro ip4(n) as
      (n >> 24) || '.' || ((n >> 16) & 255) || '.' || ((n >> 8) & 255) || '.' || (n & 255);
    create or replace temp macro draw(i, salt, n) as cast(hash(i * 64 + salt) % n as bigint);
    create or replace temp macro client_number(c) as 167772160 + (c // 4) // 250 * 256 + (c // 4) % 250 + 1;
    create or replace temp macro cdn(n) as 1745879040 + n % 4096;
    create or replace temp macro name_address(name, k, hour) as case
      when name < 0 and -name <= 4 then cdn(draw(name * 8 + k, hour, 4096))
      when name = -5 then 2689558538 + k
      when name < 0 then 878575616 - name * 64 + k
      when name % 20 < 7 then cdn(draw(name * 8 + k, hour, 4096))
      else 1000000000 + name * 64 + k
    end;
    create or replace temp macro q_client(q, clients) as draw(q, 1, clients);
    create or replace temp macro q_name(q, clients) as case
      when draw(q_client(q, clients), 6, 20) = 0 and draw(q, 2, 10) < 4
        then -1 - draw(q_client(q, clients) + draw(q, 3, 2), 4, 8)
      else cast(floor(4000 * power(draw(q, 5, 1000000) / 1000000.0, 3)) as bigint)
    end;
    create or replace temp macro q_hour(q, queries) as cast(floor(q * (240.0 / queries)) as bigint);
    create or replace temp macro q_time(q, queries) as
      timestamp '2026-10-01' + to_microseconds(cast(q * (864000000000.0 / queries) as bigint));
"""
_ASKED = """
    from (
      select
        q, q_client(q, $clients) as c, q_name(q, $clients) as name, q_time(q, $queries) as asked_at,
        q_hour(q, $queries) as hour
      from range($queries) as r(q)
    )
"""
_WHO = """
      case when c % 4 < 2 then '470100000011' else '470100000012' end as account_id, 'vpc-' || c % 4 as vpc_id,
      case when draw(c, 7, 10) < 3 then '10.0.255.2' else ip4(client_number(c)) end as client_ip,
      case when name < 0 then list_extract($hosts, cast(-name as integer)) else 'host' || name || '.example' end
        as qname
"""
_QUERIES = f"""
    insert into dns_query by name
    select 2 as source_id, q + 1 as line, asked_at as queried_at, 2 as answer_count, {_WHO}
    {_ASKED}
"""
_ANSWERS = f"""
    insert into dns_answer by name
    select
      2 as source_id, q + 1 as line, asked_at as answered_at, 4 as ip_version, name_address(name, k, hour) as ip_lo,
      ip4(name_address(name, k, hour)) as ip, {_WHO}
    {_ASKED}
    cross join range(2) as t(k)
"""
_FLOWS = """
    insert into flow by name
    with drawn as (
      select
        i, i // 2 as p, i % 2 = 1 as is_answer, draw(i // 2, 10, 100) as dice,
        greatest(0, cast((i // 2) * ($queries * 2.0 / $rows) as bigint) - draw(i // 2, 11, 50)) as q
      from range($rows) as r(i)
    ),
    sided as (
      select
        *, dice >= 75 and draw(p, 12, 25) < 3 as is_six,
        case when dice < 45 then q_client(q, $clients) else draw(p, 13, $clients) end as c,
        case
          when dice < 45 then name_address(q_name(q, $clients), draw(p, 14, 2), q_hour(q, $queries))
          when dice < 73 then client_number(draw(p, 15, $clients // 20) * 20 + 3)
          when dice < 75 then client_number(draw(p, 15, $clients))
          when dice < 80 then cdn(draw(p, 16, 4096))
          else 1000000000 + draw(p, 17, 260000)
        end as remote,
        q_time(q, $queries) + to_seconds(case when draw(p, 18, 5) = 0 then draw(p, 19, 10800) else draw(p, 20, 90) end)
          as started_at,
        case
          when dice < 45 or dice >= 75 then 443
          else list_extract([5432, 6379, 443, 8080], cast(draw(p, 21, 4) + 1 as integer))
        end as remote_port
      from drawn
    )
    select
      1 as source_id, i + 1 as line, started_at, started_at + interval 60 second as ended_at, 'flow_log' as sensor,
      case when c % 4 < 2 then '470100000011' else '470100000012' end as account_id, 'vpc-' || c % 4 as vpc_id,
      'subnet-' || c % 4 || '-' || (c // 4) // 250 as subnet_id, 'eni-' || c as interface_id, 'us-east-1' as region,
      case when is_six then 'fd00::' || c else ip4(client_number(c)) end as client_ip,
      cast(32768 + draw(p, 22, 28000) as integer) as client_port,
      case when is_six then '2001:db8::' || remote else ip4(remote) end as remote_ip, remote_port,
      client_ip as interface_client_ip, remote_ip as interface_remote_ip,
      cast(case when is_six then 6 else 4 end as tinyint) as ip_version,
      case when is_six then 9007199254740993 else 0 end as client_hi,
      case when is_six then c else client_number(c) end as client_lo,
      case when is_six then 9007199254740994 else 0 end as remote_hi, remote as remote_lo,
      case when is_six then 9007199254740994 else remote >> 8 end as remote_block, 6 as protocol,
      case when is_answer then 'ingress' else 'egress' end as direction,
      case when draw(p, 23, 50) = 0 then 'reject' else 'accept' end as action,
      case when is_answer then 2000 + draw(p, 24, 90000) else 500 + draw(p, 25, 9000) end as bytes,
      8 + draw(p, 26, 60) as packets
    from sided
"""


def fill(store: Store, rows: int) -> None:
    """Make `rows` flow records, and questions and answers at 5 % of them, in an empty store."""
    for macro in filter(str.strip, _MACROS.split(";")):
        store.query(macro)
    sizes = {"clients": max(200, rows // 5000), "queries": rows // 20}
    store.query(_QUERIES, {**sizes, "hosts": HOSTS})
    store.query(_ANSWERS, {**sizes, "hosts": HOSTS})
    store.query(_FLOWS, {**sizes, "rows": rows})
