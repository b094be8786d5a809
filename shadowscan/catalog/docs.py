"""One Markdown page a category of vendors, and an index that counts what the catalogue holds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shadowscan.catalog.catalog import Catalog
from shadowscan.model.vendor import HostEntry, RegionRule, Source, Vendor

SURFACES = ("api", "web", "auth", "upload", "telemetry", "cdn", "docs", "status", "shared")
_CATEGORIES = {
    "model_api": "Model APIs",
    "cloud_platform": "Cloud model platforms",
    "aggregator": "Aggregators and routers",
    "gateway_saas": "Gateways as a service",
    "observability": "Observability and evaluation",
    "coding": "Coding assistants",
    "agent": "Agents and automation",
    "chat": "Chat applications",
    "search": "Search",
    "media": "Image, audio and video",
    "voice": "Voice",
    "writing": "Writing",
    "translation": "Translation",
    "meeting": "Meeting note-takers",
    "vector": "Embeddings and vector stores",
    "model_hub": "Model hubs",
    "inference_host": "GPU and inference hosts",
    "self_hosted": "Self-hosted servers and gateways",
    "productivity": "Productivity suites",
}


def all_pages(catalog: Catalog) -> Mapping[str, str]:
    """Every page by file name, the index as `index.md`."""
    pages = {f"{category}.md": _category_page(category, found) for category, found in _by_category(catalog).items()}
    return {"index.md": _index_page(catalog), **pages}


def _by_category(catalog: Catalog) -> dict[str, list[Vendor]]:
    grouped: dict[str, list[Vendor]] = {category: [] for category in _CATEGORIES}
    for vendor in sorted(catalog.vendors.values(), key=lambda vendor: (vendor.name.lower(), vendor.id)):
        grouped[vendor.category].append(vendor)
    return {category: found for category, found in grouped.items() if found}


def _index_page(catalog: Catalog) -> str:
    grouped = _by_category(catalog)
    everyone = list(catalog.vendors.values())
    rows = [
        *(_counts(f"[{_CATEGORIES[category]}]({category}.md)", found) for category, found in grouped.items()),
        _counts("**all**", everyone),
    ]
    hosts = [host for vendor in everyone for host in vendor.hosts]
    kinds = Counter(source.kind for vendor in everyone for source in vendor.sources)
    groups = [
        [f"`{name}`", ", ".join(sorted(catalog.regions.countries[name])), str(len(regions))]
        for name, regions in catalog.regions.groups.items()
    ]
    parts = [
        "# The catalogue",
        "Who a host or address is: facts only, each with its source and the day it was seen. A host is *experimental* "
        "where it rests on less than one strong source (the vendor's documentation, repository or package, or a "
        "provider's data) or two independent weaker ones.",
        _table(["category", "vendors", "hosts", "verified", "experimental", *_OTHER_COUNTS], rows),
        "## Hosts by surface",
        _table(["surface", "hosts", "verified", "experimental"], [_surface_row(name, hosts) for name in SURFACES]),
        "## Sources",
        _table(["kind", "sources"], [[f"`{kind}`", str(count)] for kind, count in sorted(kinds.items())]),
        "## Region groups",
        _table(["group", "countries", "region ids and words"], groups),
        "## Tiers of the EU's law",
        _table(["tier", "country", "decision", "since", "until", "scope"], list(_decisions(catalog))),
    ]
    return "\n\n".join(parts) + "\n"


_OTHER_COUNTS = ("region rules", "key formats", "SDK packages", "bill matchers")


def _counts(title: str, vendors: Sequence[Vendor]) -> list[str]:
    hosts = [host for vendor in vendors for host in vendor.hosts]
    experimental = sum(host.experimental for host in hosts)
    others = [
        sum(len(part) for part in parts)
        for parts in zip(*((v.region_rules, v.key_formats, v.packages, v.billing) for v in vendors), strict=True)
    ]
    return [title, *map(str, (len(vendors), len(hosts), len(hosts) - experimental, experimental, *others))]


def _surface_row(name: str, hosts: Iterable[HostEntry]) -> list[str]:
    marks = [host.experimental for host in hosts if host.surface == name]
    return [f"`{name}`", str(len(marks)), str(len(marks) - sum(marks)), str(sum(marks))]


def _decisions(catalog: Catalog) -> Iterator[list[str]]:
    for tier in catalog.regions.tiers.values():
        yield [f"[`{tier.id}`]({tier.source})", "", tier.basis, "", "", tier.name]
        for one in tier.decisions:
            yield ["", one.country, one.decision, one.decided_on, one.until, one.scope]


def _category_page(category: str, vendors: Sequence[Vendor]) -> str:
    head = f"# {_CATEGORIES[category]}\n\n`{category}` · {len(vendors)} vendors · † marks what is experimental"
    return "\n\n".join([head, *(_vendor_part(vendor) for vendor in vendors)]) + "\n"


def _vendor_part(vendor: Vendor) -> str:
    facts = [f"`{vendor.id}`", vendor.jurisdiction, vendor.legal_entity if vendor.legal_entity != "unknown" else ""]
    facts += [", ".join(vendor.aliases), vendor.role, vendor.status if vendor.status != "active" else ""]
    lines = [f"## {_text(vendor.name)}\n", " · ".join(_text(fact) for fact in facts if fact) + "\n"]
    lines += [f"- {surface}: {', '.join(found)}" for surface in SURFACES if (found := _hosts_of(vendor, surface))]
    lines += [f"- range: `{one.cidr}` ({one.use}, {one.published_on})" for one in vendor.ranges]
    lines += [f"- region: {_rule(rule)}" for rule in vendor.region_rules]
    lines += [f"- keys: {', '.join(f'`{one.id}`' for one in vendor.key_formats)}"] if vendor.key_formats else []
    lines += [f"- sources: {', '.join(map(_cited, vendor.sources))}"] if vendor.sources else []
    return "\n".join(lines) + f"\n- checked on {vendor.verified_on}"


def _hosts_of(vendor: Vendor, surface: str) -> list[str]:
    marks = {"suffix": "*.", "exact": "", "template": ""}
    return [
        f"`{marks[host.match]}{host.pattern}`{'†' if host.experimental else ''}"
        for host in vendor.hosts
        if host.surface == surface
    ]


def _rule(rule: RegionRule) -> str:
    given = " and ".join(f"{key} = {values}" for key, values in rule.conditions)
    where = f"`{rule.pattern}`" if rule.pattern else f"where {_text(given)}"
    return f"{where} gives {rule.gives.replace('_', ' ')} (strength {rule.strength})" + (
        f": {_text(rule.note)}" if rule.note else ""
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _text(value: str) -> str:
    """Text of a vendor file inside Markdown."""
    return value.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") if "`" not in value else value


def _cited(source: Source) -> str:
    """A page is linked; a Package URL is read as it stands."""
    return f"[{source.id}]({source.url})" if source.url.startswith("http") else f"{source.id} (`{source.url}`)"
