"""Who is behind a name or a range: matched once per distinct value, joined to millions of rows afterwards.

Makes three temp tables: `vendor_name` (one row a name asked for that is a vendor's or an approved gateway's, or leads
to one by CNAME; `host` is the name that tells), `vendor_range` (disjoint dedicated ranges and gateway addresses) and
`vendor_block` (their /24 blocks, the equality key of the range join). An approved gateway is the vendor `gateway`, its
name the service.
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
_NAME_TABLE = f"create or replace temp table vendor_name (\n{_FACTS}      qname varchar,\n      host varchar\n)"
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
# One row a name in use, and each name it was led on to by CNAME, in the order of the chain.
_LED = """
    create or replace temp table led_name as
    with chain as (
      select distinct qname, string_split(cname_chain, ' > ') as targets
      from dns_query
      where cname_chain <> ''
    ),
    step as (
      select qname, unnest(targets) as name, unnest(range(1, len(targets) + 1)) as place
      from chain
    )
    select qname, name, min(place) as place
    from step
    where name <> qname
    group by qname, name
    union all
    select qname, qname, 0
    from dns_answer
    group by qname
    union
    select qname, qname, 0
    from dns_query
    group by qname
    union
    select host, host, 0
    from tls_connection
    group by host
"""
# The catalogue is asked only about names that end like one of its own; of millions of names few do.
_CANDIDATES = """
    select distinct name
    from led_name
    where regexp_extract(name, '[^.]+(\\.[^.]+)?$') in (select unnest(cast($tails as varchar[])))
       or regexp_extract(name, '[^.]+$') in (select unnest(cast($tails as varchar[])))
       or list_contains(cast($gateways as varchar[]), name)
       or contains(name, ':') or regexp_full_match(name, '[0-9.]+') or length(name) <> strlen(name)
"""
_REMOTE_SERVICES = "select distinct remote_service from flow where remote_service <> 'unknown' order by 1"
_MATCHES = f"create or replace temp table matched_name (\n{_FACTS}      name varchar\n)"
# The name asked for decides; where it names nobody, the first target of its chain that does. A target of the same
# vendor may name the region that the name asked for does not.
_NAMES = """
    insert into vendor_name by name
    with ranked as (
      select
        l.qname, l.name as host, l.place, m.* exclude (name),
        row_number() over (partition by l.qname order by l.place, l.name) as rank
      from led_name as l
      join matched_name as m on m.name = l.name
    ),
    placed as (
      select qname, vendor_id, min_by(struct_pack(region, region_group, region_evidence), (place, host)) as region_facts
      from ranked
      where region <> 'unknown'
      group by qname, vendor_id
    )
    select
      r.qname, r.host, r.vendor_id, r.vendor_name, r.service, r.surface,
      coalesce(p.region_facts.region, r.region) as region,
      coalesce(p.region_facts.region_group, r.region_group) as region_group,
      coalesce(p.region_facts.region_evidence, r.region_evidence) as region_evidence,
      r.jurisdiction, r.confidence, r.gateway
    from ranked as r
    left join placed as p on p.qname = r.qname and p.vendor_id = r.vendor_id and r.region = 'unknown'
    where r.rank = 1
"""


def build(context: EnrichContext) -> None:
    """Make `vendor_name`, `vendor_range` and `vendor_block` from the catalogue and the policy's gateways."""
    query = context.store.query
    for statement in (_NAME_TABLE, _MATCHES, _LED):
        query(statement)
    _insert(context, "matched_name", [(*facts, name) for name, facts in _named(context)])
    query(_NAMES)
    query(_RANGE_TABLE)
    _insert(context, "vendor_range", [*_dedicated(context), *_gateway_ranges(context), *_services(context)])
    query(_BLOCK_TABLE)


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
    asked = {"tails": sorted(catalogue_tails(context)), "gateways": sorted(gateways)}
    cursor = context.store.engine.connection.execute(_CANDIDATES, asked)
    while rows := cursor.fetchmany(CHUNK):
        for (name,) in rows:
            if name in gateways:
                yield name, gateway_facts(gateways[name])
                continue
            found = context.catalog.match(name)
            if found.vendor_id is not None:
                yield name, match_facts(context, found)


def catalogue_tails(context: EnrichContext) -> set[str]:
    """The last two labels of every host of the catalogue; the last alone where the one before it is a placeholder."""
    patterns = {entry.pattern for vendor in context.catalog.vendors.values() for entry in vendor.hosts}
    return {_tail(pattern.split(".")) for pattern in patterns}


def _tail(labels: Sequence[str]) -> str:
    return ".".join(label for label in labels[-2:] if "{" not in label)


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
    for (word,) in context.store.query(_REMOTE_SERVICES).rows:
        found = context.catalog.match(word)
        vendor = context.catalog.vendors.get(LOGGED_SERVICES.get(word, ""))
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
        elif found.vendor_id is not None:
            yield (*match_facts(context, found), word, "unknown", 0, 0, 0, 0, 0)


def _insert(context: EnrichContext, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Column by column: one statement however many rows."""
    if rows:
        columns: list[object] = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join("unnest(?)" for _ in columns)
        context.store.query(f"insert into {table} select {unnested}", columns)
