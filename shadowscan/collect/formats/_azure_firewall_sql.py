"""The SQL of `azure_firewall`: records read once into `azure_record`, sorted by what they tell, then handed over."""

from shadowscan.collect.formats._first_row import first_rows

FIELDS = {
    "Protocol": "varchar",
    "SourceIp": "varchar",
    "SourcePort": "integer",
    "DestinationIp": "varchar",
    "DestinationPort": "integer",
    "TranslatedIp": "varchar",
    "TranslatedPort": "integer",
    "Action": "varchar",
    "Fqdn": "varchar",
    "TargetUrl": "varchar",
    "IsTlsInspected": "boolean",
    "IsExplicitProxyRequest": "boolean",
    "Flag": "varchar",
    "QueryName": "varchar",
    "QueryType": "varchar",
    "ResponseCode": "varchar",
    "msg": "varchar",
}

# The older categories tell everything in one sentence:
#   HTTPS request from 10.0.2.4:56029 to api.example.com:443. Url: …. Action: Deny. …
#   TCP request from 10.0.2.4:50306 to 203.0.113.7:3389 was DNAT'ed to 10.0.0.2:3389. …
#   DNS Request: 10.0.2.4:61248 - 6513 A IN api.example.com. udp 43 false 512 NOERROR qr,rd,ra 145 0.002846368s
CREATE_RECORDS = """
create or replace temp table azure_record as
with record as (
  {records}
),
told as (
  select
    *,
    regexp_extract(
      p.msg,
      '^(\\w+).* request from (\\S+?)\\.?(?: to (\\S+?))?\\.?(?: |$)', ['protocol', 'source', 'target']
    ) as request,
    regexp_extract(p.msg, 'DNAT.ed to (\\S+?)\\.?(?: |$)', 1) as translated,
    regexp_extract(p.msg, 'Url: (\\S+?)\\.?(?: |$)', 1) as url,
    regexp_extract(p.msg, 'Action: (\\w+)', 1) as action,
    regexp_extract(
      p.msg,
      '^DNS Request: (\\S+):[0-9]+ - [0-9]+ (\\S+) \\S+ (\\S+) \\S+ [0-9]+ \\S+ [0-9]+ (\\S+)',
      ['client', 'type', 'name', 'code']
    ) as question
  from record
),
flat as (
  select
    file,
    category,
    lower(resource_id) as resource_id,
    logged_at,
    coalesce(p.Protocol, nullif(request.protocol, '')) as protocol,
    coalesce(nullif(p.SourceIp, ''), place_host(request.source), nullif(question.client, '')) as source,
    coalesce(p.SourcePort, place_port(request.source)) as source_port,
    coalesce(nullif(p.DestinationIp, ''), place_host(request.target)) as target,
    coalesce(p.DestinationPort, place_port(request.target)) as target_port,
    coalesce(nullif(p.TranslatedIp, ''), place_host(translated)) as translated,
    coalesce(p.TranslatedPort, place_port(translated)) as translated_port,
    lower(coalesce(p.Action, action)) in ('deny', 'drop', 'reject', 'block') as is_denied,
    nullif(p.Fqdn, '') as fqdn,
    coalesce(nullif(p.TargetUrl, ''), nullif(url, '')) as url,
    coalesce(p.IsTlsInspected, false) as is_inspected,
    coalesce(p.IsExplicitProxyRequest, false) as is_proxy,
    p.Flag as flag,
    coalesce(p.QueryName, nullif(question.name, '')) as query_name,
    coalesce(p.QueryType, nullif(question.type, '')) as query_type,
    coalesce(p.ResponseCode, nullif(question.code, '')) as response_code,
    p.msg is not null and contains(p.msg, 'Signature:') and lower(action) = 'alert' as is_alert
  from told
),
hosted as (
  select
    * exclude (target),
    case when target_is_name then null else target end as target,
    coalesce(
      fqdn, case when target_is_name then target end, regexp_extract(url, '^(?:[a-z]+://)?([^/:?#]+)', 1)
    ) as host
  from (
    select *, coalesce(regexp_matches(target, '[g-zG-Z_-]') and not contains(target, ':'), false) as target_is_name
    from flat
  )
)
select
  *,
  case
    when category in ('AZFWDnsQuery', 'AzureFirewallDnsProxy') then 'question'
    when category = 'AZFWFlowTrace' then case when upper(flag) = 'SYN-ACK' then 'flow' else 'repeated' end
    when is_alert then 'other'
    when category in ('AZFWApplicationRule', 'AzureFirewallApplicationRule', 'AzureFirewallNetworkRule')
      and coalesce(host, '') <> '' then 'host'
    when category in ('AZFWApplicationRule', 'AzureFirewallApplicationRule')
      and target is null and regexp_matches(source, '^[0-9a-fA-F.:]+$') then 'other'
    when category in (
      'AZFWNetworkRule', 'AZFWNatRule', 'AZFWApplicationRule', 'AzureFirewallNetworkRule',
      'AzureFirewallApplicationRule'
    ) then 'flow'
    when starts_with(category, 'AZFW') then 'other'
    else 'foreign'
  end as kind
from hosted
"""

# `host:port` taken apart at the last colon; an address alone has none, brackets of IPv6 go.
CREATE_PLACE_HOST = """
create or replace temp macro place_host(place) as
  nullif(regexp_replace(regexp_replace(place, ':[0-9]*$', ''), '[\\[\\]]', '', 'g'), '')
"""
CREATE_PLACE_PORT = """
create or replace temp macro place_port(place) as
  try_cast(regexp_extract(place, ':([0-9]+)$', 1) as integer)
"""

CREATE_FIRST = first_rows("azure_record", "azure_first")

FLOWS = """
select
  r.file,
  r.rowid - f.first_rowid + 1 as line,
  case r.kind when 'foreign' then 'foreign' when 'repeated' then 'duplicate' end as status,
  r.logged_at as started_at,
  null::timestamp as ended_at,
  r.source as source_text,
  coalesce(r.translated, r.target) as target_text,
  null::varchar as interface_source_text,
  r.target as interface_target_text,
  r.source_port,
  coalesce(r.translated_port, r.target_port) as target_port,
  case
    when starts_with(upper(r.protocol), 'TCP') then 6
    when starts_with(upper(r.protocol), 'UDP') then 17
    when starts_with(upper(r.protocol), 'ICMP') then 1
    else coalesce(try_cast(r.protocol as integer), 6)
  end as protocol,
  null::bigint as bytes,
  null::bigint as packets,
  null::varchar as flow_direction,
  r.is_denied,
  r.resource_id
from azure_record as r
join azure_first as f on f.file = r.file
where r.kind in ('flow', 'repeated', 'foreign')
"""

HOSTS = """
select
  r.file,
  r.rowid - f.first_rowid + 1 as line,
  r.logged_at as started_at,
  null::timestamp as ended_at,
  r.source as client_text,
  r.source_port as client_port,
  r.target as remote_text,
  r.target_port as remote_port,
  r.host,
  case when contains(r.url, '://') then r.url else regexp_replace(r.url, '^[^/]*', '') end as url,
  r.is_denied,
  r.is_proxy,
  r.is_inspected or upper(r.protocol) = 'HTTP' as is_readable,
  r.resource_id
from azure_record as r
join azure_first as f on f.file = r.file
where r.kind = 'host'
"""

QUESTIONS = """
select
  r.file,
  r.rowid - f.first_rowid + 1 as line,
  r.logged_at as queried_at,
  r.query_name as name,
  r.query_type,
  r.response_code,
  r.source as client_text,
  null::struct("type" varchar, rdata varchar)[] as answers,
  r.resource_id
from azure_record as r
join azure_first as f on f.file = r.file
where r.kind = 'question'
"""

DROP_TABLES = ("drop table azure_record", "drop table azure_first")
