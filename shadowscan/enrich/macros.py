"""Small functions that the statements of enrichment share, as temporary macros."""

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.ranges import private_macro

LINES = 1 << 40  # more than an object has lines

_MACROS = (
    # The number of an IPv4 text, null for any other: for a few distinct texts, never for every record.
    """
    create or replace temp macro ipv4_text(a) as
      case when regexp_full_match(a, '[0-9]{1,3}(\\.[0-9]{1,3}){3}') then
        try_cast(split_part(a, '.', 1) as bigint) * 16777216 + try_cast(split_part(a, '.', 2) as bigint) * 65536
          + try_cast(split_part(a, '.', 3) as bigint) * 256 + try_cast(split_part(a, '.', 4) as bigint)
      end
    """,
    # Equal, but no key of a hash join: each further key costs as much as reading the column. As a `case`, since plain
    # comparisons of two sides turn into bounds that the scan tests on every record.
    "create or replace temp macro same(a, b) as case when a = b then true else false end",
    # A condition on one side of a join, asked of what met alone: the engine would ask it of every record first.
    """
    create or replace temp macro met(other_side, condition) as
      case when other_side is not null then condition else false end
    """,
    # The client's own port is a service's and the other side's is not: the record's client is the server.
    """
    create or replace temp macro is_served(client_port, remote_port) as
      client_port > 0 and client_port < remote_port and (client_port < 1024 or remote_port >= 32768)
    """,
    # The days a half-open span of time touches.
    """
    create or replace temp macro days_of(from_at, until_at) as
      generate_series(date_trunc('day', from_at), until_at - interval 1 microsecond, interval 1 day)
    """,
    # Object and line of a record in one number, so that one `min` picks both.
    f"create or replace temp macro place_of(source_id, line) as source_id * {LINES} + line",
    f"create or replace temp macro source_of(place) as place // {LINES}",
    f"create or replace temp macro line_of(place) as place % {LINES}",
)


def build(context: EnrichContext) -> None:
    """Make the macros, `is_private(ip_version, hi, lo)` among them, for this connection."""
    for statement in (*_MACROS, private_macro()):
        context.store.query(statement)
