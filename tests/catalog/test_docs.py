"""The catalogue's pages count what is there."""

from shadowscan.catalog import load_catalog
from shadowscan.catalog.docs import all_pages

CATALOG = load_catalog()
PAGES = all_pages(CATALOG)


def test_pages_when_made_then_one_a_category_and_every_vendor_once() -> None:
    categories = {vendor.category for vendor in CATALOG.vendors.values()}
    headings = sum(page.count("\n## ") for name, page in PAGES.items() if name != "index.md")

    assert PAGES.keys() == {"index.md", *(f"{category}.md" for category in categories)}
    assert headings == len(CATALOG.vendors)


def test_index_when_read_then_its_total_is_the_catalogues() -> None:
    (line,) = [line for line in PAGES["index.md"].splitlines() if line.startswith("| **all** |")]
    vendors, hosts, verified, experimental, *_ = map(int, line.replace("**all**", "").strip("| ").split(" | "))

    assert vendors == len(CATALOG.vendors)
    assert hosts == verified + experimental == sum(len(vendor.hosts) for vendor in CATALOG.vendors.values())


def test_page_when_a_host_is_experimental_then_marked() -> None:
    vendor = next(v for v in CATALOG.vendors.values() if any(h.experimental and h.match == "exact" for h in v.hosts))
    host = next(host for host in vendor.hosts if host.experimental and host.match == "exact")

    assert f"`{host.pattern}`†" in PAGES[f"{vendor.category}.md"]
