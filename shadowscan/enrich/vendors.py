"""Who is behind a name or a range: matched once per distinct value, joined to millions of rows afterwards.

Makes three temp tables: `vendor_name` (one row a host name that is a vendor's or an approved gateway's),
`vendor_range` (disjoint dedicated ranges and gateway addresses) and `vendor_block` (their /24 blocks, the equality key
of the range join). An approved gateway is the vendor `gateway`, its name the service.
"""

from collections.abc import Iterator, Sequence

from shadowscan.enrich.context import EnrichContext
from shadowscan.enrich.ranges import disjoint_ranges
from shadowscan.model.vendor import HostMatch

GATEWAY = "gateway"
CHUNK = 20_000
LOGGED_SERVICES = {"BEDROCK": "aws-bedrock"}  # values of `pkt-dst-aws-service` and the like

_FACTS = """
      vendor_id varchar,
      vendor_name varchar,
      service varchar,
      surface varchar,
      region varchar,
      region_group varchar,
      region_evidence varchar,
      jurisdiction varchar,
      confidence varchar,
      gateway varchar,
"""
_NAME_TABLE = f"create or replace temp table vendor_name (\n{_FACTS}      qname varchar\n)"
_RANGE_TABLE = f"""
    create or replace temp table vendor_range (
{_FACTS}      range_key varchar,
      vpc_id varchar,
      ip_version tinyint,
      first_hi bigint,
      first_lo bigint,
      last_hi bigint,
      last_lo bigint
    )
"""
_BLOCK_TABLE = """
    create or replace temp table vendor_block as
    select ip_version, unnest(generate_series(first_lo >> 8, last_lo >> 8)) as block
    from vendor_range
    where ip_version = 4
"""
_DISTINCT_NAMES = """
    select qname from dns_answer
    union
    select qname from dns_query
    union
    select host from tls_connection
"""


def build(context: EnrichContext) -> None:
    """Make `vendor_name`, `vendor_range` and `vendor_block` from the catalogue and the policy's gateways."""
    context.store.query(_NAME_TABLE)
    names = [(*facts, name) for name, facts in _named(context)]
    _insert(context, "vendor_name", names)
    context.store.query(_RANGE_TABLE)
    _insert(context, "vendor_range", [*_dedicated(context), *_gateway_ranges(context), *_services(context)])
    context.store.query(_BLOCK_TABLE)


def match_facts(context: EnrichContext, found: HostMatch) -> tuple[str, ...]:
    """The columns of `_FACTS` for one catalogue match that named a vendor."""
    vendor = context.catalog.vendor(str(found.vendor_id))
    group = context.catalog.group_of(found.region) if found.region != "unknown" else "unknown"
    return (
        vendor.id,
        vendor.name,
        found.service or "unknown",
        found.surface or "unknown",
        found.region,
        group,
        found.region_evidence,
        found.jurisdiction or "unknown",
        found.confidence,
        "none",
    )


def _named(context: EnrichContext) -> Iterator[tuple[str, tuple[str, ...]]]:
    gateways = {host: gateway.name for gateway in context.policy.gateways for host in gateway.all_hosts}
    cursor = context.store.engine.connection.execute(_DISTINCT_NAMES)
    while rows := cursor.fetchmany(CHUNK):
        for (name,) in rows:
            if name in gateways:
                yield name, gateway_facts(gateways[name])
                continue
            found = context.catalog.match(name)
            if found.vendor_id is not None:
                yield name, match_facts(context, found)


def gateway_facts(name: str) -> tuple[str, ...]:
    """The columns of `_FACTS` for an approved gateway: it hides which vendor and region lie behind it."""
    return (GATEWAY, name, name, "api", "unknown", "unknown", "R0", "unknown", "high", name)


def _dedicated(context: EnrichContext) -> Iterator[tuple[object, ...]]:
    ranges = [(cidr, vendor_id) for cidr, vendor_id, dedicated in context.catalog.ranges() if dedicated]
    for found in disjoint_ranges(ranges):
        facts = match_facts(context, context.catalog.match(found.cidr.split("/")[0]))
        yield (*facts, found.cidr, "unknown", found.version, *found.bounds)


def _gateway_ranges(context: EnrichContext) -> Iterator[tuple[object, ...]]:
    scoped = [(a.cidr, a.vpc, gateway.name) for gateway in context.policy.gateways for a in gateway.addresses]
    for vpc in sorted({vpc for _, vpc, _ in scoped}):
        ranges = [(cidr, name) for cidr, scope, name in scoped if scope == vpc]
        for found in disjoint_ranges(ranges):
            yield (*gateway_facts(found.label), f"{found.cidr}@{vpc}", vpc, found.version, *found.bounds)


def _services(context: EnrichContext) -> Iterator[tuple[object, ...]]:
    """Cloud services that flow logs name themselves, as ranges of no address (version 0)."""
    for word, vendor_id in LOGGED_SERVICES.items():
        vendor = context.catalog.vendors.get(vendor_id)
        if vendor is not None:
            facts = (
                vendor.id,
                vendor.name,
                "unknown",
                "api",
                "unknown",
                "unknown",
                "R1",
                vendor.jurisdiction,
                "medium",
            )
            yield (*facts, "none", word, "unknown", 0, 0, 0, 0, 0)


def _insert(context: EnrichContext, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Column by column: one statement however many rows."""
    if rows:
        columns: list[object] = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join("unnest(?)" for _ in columns)
        context.store.query(f"insert into {table} select {unnested}", columns)
