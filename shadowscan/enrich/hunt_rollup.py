"""Roll-up `hunt_day`: traffic that nothing names a vendor, to names that speak of AI or to model servers' ports.

A name is that of the client's own answers or connections; of its network's where every name that was answered for the
address speaks of AI. A streamed answer is one conversation that lasts, with a small question, a larger answer and small
packets; where a log has no packets, one whose bytes trickle.
"""

from shadowscan.enrich.context import EnrichContext

MODEL_PORTS = [11434, 8000, 4000, 1234, 30000, 8787, 9997, 12434]  # defaults of local model servers and gateways
# Whole labels, or parts between hyphens: `ai` alone is the top-level domain or a label of its own.
TOKENS = r"(^|[.-])(ai|llm|llms|gpt|chatgpt|copilot|infer|inference|llama|mistral|router)([.-]|$)"
STREAM_SECONDS = 5
STREAM_PACKET_BYTES = 600
STREAM_QUESTION_BYTES = 65_536
STREAM_BYTES_A_SECOND = 20_000

_WORDS = """
    create or replace temp table hunted_word as
    select name
    from (
      select distinct qname as name from dns_answer
      union
      select distinct host from tls_connection
    )
    where regexp_matches(name, $tokens)
      and name not in (select qname from vendor_name)
"""
_ASKED = """
    create or replace temp table hunted_answer as
    select
      a.account_id, a.vpc_id, a.client_ip, a.ip_version, a.ip_hi, a.ip_lo, min(a.qname) as qname
    from dns_answer as a
    semi join hunted_word as w on w.name = a.qname
    where a.answered_at >= (select start_at from work_span) - $window
      and a.answered_at < (select end_at from work_span)
    group by a.account_id, a.vpc_id, a.client_ip, a.ip_version, a.ip_hi, a.ip_lo
"""
_ALONE = """
    create or replace temp table hunted_address as
    with met as (
      select a.account_id, a.vpc_id, a.ip_version, a.ip_hi, a.ip_lo, a.qname, w.name is not null as is_hunted
      from dns_answer as a
      semi join hunted_answer as h on h.ip_version = a.ip_version and h.ip_hi = a.ip_hi and h.ip_lo = a.ip_lo
      left join hunted_word as w on w.name = a.qname
      where a.answered_at >= (select start_at from work_span) - $window
        and a.answered_at < (select end_at from work_span)
    )
    select account_id, vpc_id, ip_version, ip_hi, ip_lo, min(qname) as qname
    from met
    group by account_id, vpc_id, ip_version, ip_hi, ip_lo
    having bool_and(is_hunted)
"""
_FLOWS = """
    create or replace temp table hunted_flow as
    with hit as (
      select f.flow_id, a.qname, 1 as rank
      from open_flow as f
      join hunted_answer as a
        on a.account_id = f.account_id and a.vpc_id = f.vpc_id and a.client_ip = f.client_ip
       and a.ip_version = f.ip_version and a.ip_hi = f.remote_hi and a.ip_lo = f.remote_lo
      where f.action = 'accept'
      union all
      select f.flow_id, a.qname, 2
      from open_flow as f
      join hunted_address as a
        on a.account_id = f.account_id and a.vpc_id = f.vpc_id
       and a.ip_version = f.ip_version and a.ip_hi = f.remote_hi and a.ip_lo = f.remote_lo
      where f.action = 'accept'
      union all
      select f.flow_id, '', 3
      from open_flow as f
      where f.action = 'accept' and f.remote_port in (select unnest($ports))
    ),
    best as (
      select flow_id, min_by(qname, (rank, qname)) as qname
      from hit
      group by flow_id
    )
    select
      cast(f.started_at as date) as day, coalesce(h.home_account_id, f.account_id) as account_id,
      coalesce(h.home_vpc_id, f.vpc_id) as vpc_id, f.client_ip, f.client_port, f.remote_ip, f.remote_port, b.qname,
      f.remote_port in (select unnest($ports))
        and not (
          f.ip_version = 4 and f.client_lo >> 8 = f.remote_lo >> 8 and is_private(4, f.remote_hi, f.remote_lo)
        ) as is_model_port,
      f.direction, f.bytes, f.packets, f.started_at, f.ended_at, f.source_id, f.line
    from best as b
    join open_flow as f on f.flow_id = b.flow_id
    left join home as h on h.account_id = f.account_id and h.vpc_id = f.vpc_id and h.client_ip = f.client_ip
    where b.flow_id not in (select flow_id from vendor_use) and not is_served(f.client_port, f.remote_port)
"""
_CONNECTIONS = """
    insert into hunted_flow by name
    with read as (
      select
        cast(t.started_at as date) as day, coalesce(h.home_account_id, t.account_id) as account_id,
        coalesce(h.home_vpc_id, t.vpc_id) as vpc_id, t.client_ip, t.client_port, t.remote_ip, t.remote_port,
        t.host as qname, false as is_model_port, t.bytes_out, t.bytes_in, t.started_at, t.ended_at, t.source_id, t.line
      from tls_connection as t
      semi join hunted_word as w on w.name = t.host
      left join home as h on h.account_id = t.account_id and h.vpc_id = t.vpc_id and h.client_ip = t.client_ip
      where t.action = 'accept' and cast(t.started_at as date) in (select day from work_day)
    )
    select * exclude (bytes_out, bytes_in), 'egress' as direction, bytes_out as bytes, 0 as packets
    from read
    union all
    select * exclude (bytes_out, bytes_in), 'ingress', bytes_in, 0
    from read
    where bytes_in > 0
"""
_DROP = "delete from hunt_day where day in (select day from work_day)"
_ROLL_UP = """
    insert into hunt_day by name
    with conversation as (
      select
        f.day, f.account_id, f.vpc_id, f.client_ip,
        coalesce(nullif(f.qname, ''), f.remote_ip || ':' || f.remote_port) as remote, f.qname as name,
        bool_or(f.is_model_port) as is_model_port,
        cast(coalesce(sum(f.bytes) filter (where f.direction <> 'ingress'), 0) as bigint) as bytes_out,
        cast(coalesce(sum(f.bytes) filter (where f.direction = 'ingress'), 0) as bigint) as bytes_in,
        coalesce(sum(f.packets) filter (where f.direction = 'ingress'), 0) as packets_in,
        greatest(1, date_diff('second', min(f.started_at), max(f.ended_at))) as seconds,
        count(*) as flow_count, min(f.started_at) as first_seen_at, max(f.ended_at) as last_seen_at,
        min(f.source_id) as source_id, min_by(f.line, (f.source_id, f.line)) as line
      from hunted_flow as f
      group by
        f.day, f.account_id, f.vpc_id, f.client_ip, f.remote_ip, f.remote_port, f.qname, f.client_port,
        case when f.client_port = 0 then date_trunc('hour', f.started_at) end
    ),
    shaped as (
      select
        *,
        seconds >= $seconds and bytes_in > bytes_out and bytes_out <= $question
          and case when packets_in > 0 then bytes_in < packets_in * $packet else bytes_in < seconds * $pace end
          as is_streaming
      from conversation
    )
    select
      s.day, coalesce(p.subject_id, s.account_id || '/' || s.vpc_id || '/' || s.client_ip) as subject_id,
      min(s.account_id) as account_id, min(s.vpc_id) as vpc_id, s.remote, min(s.name) as name,
      bool_or(s.is_model_port) as is_model_port, count(*) as conversation_count,
      count(*) filter (where s.is_streaming) as streaming_count, cast(sum(s.flow_count) as bigint) as flow_count,
      cast(sum(s.bytes_out) as bigint) as bytes_out, cast(sum(s.bytes_in) as bigint) as bytes_in,
      min(s.first_seen_at) as first_seen_at, max(s.last_seen_at) as last_seen_at, min(s.source_id) as source_id,
      min_by(s.line, (s.source_id, s.line)) as line
    from shaped as s
    left join link_interval as p
      on p.kind = 'address' and p.value = s.account_id || '/' || s.vpc_id || '/' || s.client_ip
     and s.first_seen_at >= p.valid_from and s.first_seen_at < p.valid_until
    where s.day in (select day from work_day)
    group by s.day, coalesce(p.subject_id, s.account_id || '/' || s.vpc_id || '/' || s.client_ip), s.remote
"""


def build(context: EnrichContext) -> None:
    """Replace the open days of `hunt_day`. Runs after `egress`, whose temp tables it uses."""
    query = context.store.query
    window = context.config.settings.dns_window
    query(_WORDS, {"tokens": TOKENS})
    query(_ASKED, {"window": window})
    query(_ALONE, {"window": window})
    query(_FLOWS, {"ports": MODEL_PORTS})
    query(_CONNECTIONS)
    query(_DROP)
    shape = {
        "seconds": STREAM_SECONDS,
        "packet": STREAM_PACKET_BYTES,
        "question": STREAM_QUESTION_BYTES,
        "pace": STREAM_BYTES_A_SECOND,
    }
    query(_ROLL_UP, shape)
