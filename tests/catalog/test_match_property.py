"""The matcher against a naive oracle, on names made from the catalogue's own patterns and bent a little."""

import re
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowscan.catalog import load_catalog
from shadowscan.catalog.match import LABEL_SURFACES, Matcher
from shadowscan.model.vendor import HostEntry, HostMatch, Vendor
from tests.catalog.oracle import by_ending, naive_match

CATALOG = load_catalog()
VENDORS = tuple(CATALOG.vendors.values())
ENTRIES = by_ending(VENDORS)
PATTERNS = sorted({host.pattern for vendor in VENDORS for host in vendor.hosts})
UNWATCHED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
REGIONS = [
    "eu",
    "us",
    "fr",
    "eu-west-1",
    "us-gov-west-1",
    "cn-beijing",
    "eusc-de-east-1",
    "swedencentral",
    "us-central1",
]
WORDS = ["api", "www", "vpce-0a1-b2", "_dmarc", "x_1", "openai", "com", "evil", "example", *sorted(LABEL_SURFACES)]

label = st.sampled_from([*REGIONS, *WORDS]) | st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
labels = st.lists(label, max_size=3).map(".".join)


@st.composite
def names(draw: st.DrawFn) -> str:
    """A pattern with its fields filled, something before it, sometimes one character or ending wrong."""
    pattern = draw(st.sampled_from(PATTERNS))
    name = re.sub(r"\{[a-z]+\}", lambda _: draw(labels.filter(bool)), pattern)
    before = draw(labels)
    name = draw(st.sampled_from([name, f"{before}.{name}" if before else name, before + name]))
    at = draw(st.integers(0, len(name)))
    bent = draw(st.sampled_from([name, name[:at] + "x" + name[at:], name[: at - 1] + name[at:], name[at:]]))
    ending = draw(st.sampled_from(["", "", "", ".evil.example", "-x", "x", ".com"]))
    return bent + ending


def is_well_formed(name: str) -> bool:
    parts = name.split(".")
    return len(name) <= 253 and all(0 < len(part) <= 63 for part in parts) and not parts[-1].isdigit()


@UNWATCHED
@given(names().filter(is_well_formed), st.sampled_from([str.lower, str.upper, str.title]), st.sampled_from(["", "."]))
def test_match_when_compared_with_the_oracle_then_equal_in_every_field(name: str, case: object, dot: str) -> None:
    value = case(name) + dot  # type: ignore[operator]

    found = CATALOG.match(value)

    assert found.error is None
    assert fields_of(found) == naive_match(value, ENTRIES)


@UNWATCHED
@given(st.lists(names() | st.text() | st.ip_addresses().map(str) | st.just("a.b."), max_size=40))
def test_resolve_many_when_asked_at_once_then_as_one_by_one(values: list[str]) -> None:
    together = [facts.as_match(value) for facts, value in zip(CATALOG.resolve_many(values), values, strict=True)]

    assert together == [CATALOG.match(value) for value in values]


@pytest.mark.parametrize("before", ["", "x.", "status.", "x-", "xn--80ak6aa92e."])
def test_match_when_every_pattern_is_tried_then_as_the_oracle(before: str) -> None:
    values = [before + re.sub(r"\{[a-z]+\}", "eu-west-1", pattern) for pattern in PATTERNS]

    wrong = [
        v for v, m in zip(values, map(CATALOG.match, values), strict=True) if fields_of(m) != naive_match(v, ENTRIES)
    ]

    assert wrong == []


def fields_of(found: HostMatch) -> tuple[str | None, ...]:
    return found.vendor_id, found.service, found.surface, found.region, found.region_evidence, found.confidence


SMALL = st.sampled_from(["a", "b", "api", "www"])


@st.composite
def small_catalogues(draw: st.DrawFn) -> list[Vendor]:
    """Vendors that claim each other's names in every way, which the shipped catalogue may not."""
    tails = ["a.b", "b.b", "api.b"]
    forms = {"exact": "{0}.{1}", "suffix": "{0}.{1}", "template": "{0}-{{region}}.{1}"}
    vendors = []
    for name in draw(st.lists(st.sampled_from("pqrs"), min_size=1, unique=True)):
        hosts = set()
        for _ in range(draw(st.integers(1, 4))):
            match = draw(st.sampled_from(sorted(forms)))
            pattern = forms[match].format(draw(SMALL), draw(st.sampled_from(tails)))
            pattern = draw(st.sampled_from([pattern, pattern.partition(".")[2] if match == "suffix" else pattern]))
            hosts.add((pattern, match, draw(st.sampled_from(["api", "web", "shared"])), draw(st.booleans())))
        unique = {
            (pattern, match): HostEntry(pattern, match, *rest[:1], "s", rest[1]) for pattern, match, *rest in hosts
        }
        vendors.append(Vendor(name, name, "chat", "US", tuple(unique.values()), is_own=draw(st.booleans())))
    return vendors


@UNWATCHED
@given(
    small_catalogues(), st.lists(st.lists(SMALL | st.just("a-eu"), min_size=1, max_size=5).map(".".join), max_size=30)
)
def test_match_when_vendors_contend_then_as_the_oracle(vendors: list[Vendor], asked: list[str]) -> None:
    matcher = Matcher(vendors)

    for name in asked:
        found = matcher.match(name)
        assert fields_of(found) == naive_match(name, by_ending(vendors))


@UNWATCHED
@given(st.text() | st.text(alphabet=".:/[]%*@aZ1-_\u3002\uff0e\u212a\u0130ß") | st.ip_addresses().map(str))
def test_match_when_given_any_text_then_answers_with_a_vendor_an_error_or_nothing(text: str) -> None:
    found = asdict(CATALOG.match(text))

    assert found["value"] == text
    assert found["vendor_id"] is None or found["error"] is None
    assert (found["vendor_id"] is None) == (found["surface"] is None)
