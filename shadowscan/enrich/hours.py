"""Table `log_hour`: what each account's logs hold by the hour, and what of it hides the names.

Public resolvers are those of the operators' own pages: https://developers.google.com/speed/public-dns/docs/doh,
https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/, https://quad9.net/service/service-addresses-and-features/,
https://support.opendns.com/hc/en-us/articles/360038086532, https://adguard-dns.io/en/public-dns.html.
The outer name of Encrypted Client Hello: https://developers.cloudflare.com/ssl/edge-certificates/ech/.
"""

from ipaddress import ip_address

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.ranges import halves
from shadowscan.enrich.spans import within_days

DOH_ADDRESSES = (
    *("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3"),
    *("9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220", "94.140.14.14", "94.140.15.15"),
    *("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe"),
)
DOH_HOSTS = [
    *("dns.google", "cloudflare-dns.com", "mozilla.cloudflare-dns.com", "chrome.cloudflare-dns.com", "one.one.one.one"),
    *("dns.quad9.net", "doh.opendns.com", "dns.adguard-dns.com", "dns.nextdns.io"),
]
ECH_HOSTS = ["cloudflare-ech.com"]

_DROP_DAYS = "delete from log_hour where day in (select day from seen_day)"
_FLOWS = """
    insert into log_hour by name
    with counted as (
      select
        epoch_us(started_at) // 3600000000 as hour, account_id, count(*) as record_count,
        cast(sum(bytes) as bigint) as bytes,
        count(*) filter (where remote_port = 443 and remote_lo in (select unnest(cast($doh as bigint[])))) as doh_count,
        count(*) filter (where remote_port = 853) as dot_count,
        count(*) filter (where remote_port = 443 and protocol = 17) as quic_count
      from flow
      where {days}
      group by 1, 2
    )
    select
      cast(make_timestamp(hour * 3600000000) as date) as day, make_timestamp(hour * 3600000000) as hour, account_id,
      'flow' as seen_in, record_count, bytes, doh_count, dot_count, quic_count
    from counted
"""
_QUESTIONS = """
    insert into log_hour by name
    select
      cast(queried_at as date) as day, date_trunc('hour', queried_at) as hour, account_id, 'dns_query' as seen_in,
      count(*) as record_count
    from dns_query
    where {days}
    group by 1, 2, 3
"""
_CONNECTIONS = """
    insert into log_hour by name
    select
      cast(started_at as date) as day, date_trunc('hour', started_at) as hour, account_id,
      'tls_connection' as seen_in, count(*) as record_count, cast(sum(bytes_out + bytes_in) as bigint) as bytes,
      count(*) filter (where host in (select unnest(cast($doh as varchar[])))) as doh_count,
      count(*) filter (where host in (select unnest(cast($ech as varchar[])))) as ech_count
    from tls_connection
    where {days}
    group by 1, 2, 3
"""


def build(context: EnrichContext) -> None:
    """Replace the days of temp table `seen_day` in `log_hour`."""
    query = context.store.query
    # The lower half alone tells these addresses apart from any other that has traffic on port 443.
    numbers = [halves(address.version, int(address))[1] for address in map(ip_address, DOH_ADDRESSES)]
    query(_DROP_DAYS)
    query(_FLOWS.format(days=within_days(context, "seen_day", "flow", "started_at")), {"doh": numbers})
    query(_QUESTIONS.format(days=within_days(context, "seen_day", "dns_query", "queried_at")))
    connected = within_days(context, "seen_day", "tls_connection", "started_at")
    query(_CONNECTIONS.format(days=connected), {"doh": DOH_HOSTS, "ech": ECH_HOSTS})
