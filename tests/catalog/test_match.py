"""Who is this host or address: the answers people script against."""

import ipaddress
from dataclasses import asdict

import pytest

from shadowscan.catalog import load_catalog
from shadowscan.catalog.match import NOBODY, REMEMBERED, Matcher
from shadowscan.model.vendor import AddressRange, HostEntry, Vendor

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("value", "vendor", "surface", "region", "evidence"),
    [
        ("api.openai.com", "openai", "api", "unknown", "R0"),
        ("API.OPENAI.COM.", "openai", "api", "unknown", "R0"),
        (" api.openai.com\t", "openai", "api", "unknown", "R0"),
        ("ＡＰＩ．ＯＰＥＮＡＩ．ＣＯＭ", "openai", "api", "unknown", "R0"),
        ("api。openai。com", "openai", "api", "unknown", "R0"),
        ("eu.api.openai.com", "openai", "api", "eu", "R4"),
        ("fr.api.openai.com", "openai", "api", "fr", "R2"),
        ("status.openai.com", "openai", "status", "unknown", None),
        ("_dmarc.openai.com", "openai", "docs", "unknown", None),
        ("status.anthropic.com", "anthropic", "status", "unknown", None),
        ("eu.anthropic.com", "anthropic", "web", "unknown", None),
        ("api.eu.mistral.ai", "mistral", "api", "eu", "R4"),
        ("models.inference.ai.azure.com", "github-models", "api", "unknown", None),
        ("bedrock-runtime.eu-west-1.amazonaws.com", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("bedrock-runtime.eu-west-1.api.aws", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("bedrock-mantle.us-east-1.api.aws", "aws-bedrock", "api", "us-east-1", "R2"),
        ("vpce-0a1-b2.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "aws-bedrock", "api", "eu-west-1", "R2"),
        ("us-central1-aiplatform.googleapis.com", "google-vertex", "api", "us-central1", "R2"),
        ("acme.openai.azure.com", "azure-openai", "api", "unknown", None),
        ("160.79.104.10", "anthropic", "api", "unknown", "R1"),
        ("2607:6bc0::1", "anthropic", "api", "unknown", "R1"),
        ("[2607:6BC0::1]", "anthropic", "api", "unknown", "R1"),
        ("2607:6bc0::1%eth0", "anthropic", "api", "unknown", "R1"),
        ("::ffff:160.79.104.10", "anthropic", "api", "unknown", "R1"),
        ("64:ff9b::a04f:680a", "anthropic", "api", "unknown", "R1"),
    ],
)
def test_match_when_vendor_is_known_then_named(
    value: str, vendor: str, surface: str, region: str, evidence: str | None
) -> None:
    found = CATALOG.match(value)

    assert (found.value, found.vendor_id, found.surface, found.region) == (value, vendor, surface, region)
    assert (evidence is None or found.region_evidence == evidence) and found.error is None


@pytest.mark.parametrize(
    "value",
    [
        "com",
        "localhost",
        "www.anthropologie.com",
        "api.openai.com.evil.example",
        "notopenai.com",
        "openai.com-login.example",
        "оpenai.com",  # a Cyrillic letter
        "xn--penai-ole.com",
        "münchen.example",
        "_ldap._tcp.example.net",
        "s3.eu-west-1.amazonaws.com",
        "8.8.8.8",
        "::1",
    ],
)
def test_match_when_only_alike_then_no_vendor_and_no_error(value: str) -> None:
    found = CATALOG.match(value)

    assert (found.vendor_id, found.service, found.surface, found.error) == (None, None, None, None)
    assert (found.region, found.region_evidence, found.jurisdiction) == ("unknown", "R0", "unknown")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "empty"),
        ("https://api.openai.com/v1", "a URL, not a host: give api.openai.com"),
        ("https://user:word@api.openai.com", "a URL, not a host: give api.openai.com"),
        ("api.openai.com/v1", "a URL, not a host: give api.openai.com"),
        ("api.openai.com:443", "a port stands behind it: give api.openai.com"),
        ("[2607:6bc0::1]:443", "a port stands behind it: give 2607:6bc0::1"),
        ("160.79.104.0/23", "a range, not an address"),
        ("*.openai.com", "a pattern, not a host"),
        ("someone@openai.com", "a mail address, not a host"),
        ("api.openai.com..", "an empty label"),
        (".api.openai.com", "an empty label"),
        ("1.2.3", "ends in a number"),
        ("192.168.1.256", "ends in a number"),
        ("160.79.104.10%eth0", "not a host name or address"),
        ("two words", "not a host name or address"),
        ("\x00", "not a host name or address"),
        ("🤖.openai.com", "not a valid international name"),
        ("x" * 64 + ".com", "longer than a host name can be"),
        (".".join(["x"] * 128), "longer than a host name can be"),
        ("ü" * 100_000, "longer than a host name can be"),
    ],
)
def test_match_when_neither_host_nor_address_then_the_error_says_why(value: str, words: str) -> None:
    found = CATALOG.match(value)

    assert found.vendor_id is None and found.confidence == "low"
    assert found.error is not None and words in found.error


def test_console_of_a_whole_cloud_when_matched_then_shared_inventory() -> None:
    assert CATALOG.match("eu-west-1.console.aws.amazon.com").surface == "shared"


def test_ranges_when_listed_then_valid_networks() -> None:
    assert all(ipaddress.ip_network(cidr) and vendor in CATALOG.vendors for cidr, vendor, _ in CATALOG.ranges())


def test_ranges_when_nested_then_the_longest_prefix_and_only_dedicated_ones() -> None:
    wide = vendor("wide", ranges=(AddressRange("10.0.0.0/8", "dedicated", "2026-01-01"),))
    narrow = vendor("narrow", ranges=(AddressRange("10.1.0.0/16", "dedicated", "2026-01-01"),))
    cloud = vendor("cloud", ranges=(AddressRange("11.0.0.0/8", "shared", "2026-01-01"),))

    matcher = Matcher([wide, narrow, cloud])

    answers = ["10.0.0.0", "10.0.255.255", "10.1.0.0", "10.1.255.255", "10.2.0.0", "10.255.255.255"]
    assert [matcher.match(a).vendor_id for a in answers] == ["wide", "wide", "narrow", "narrow", "wide", "wide"]
    assert [matcher.match(a).vendor_id for a in ("9.255.255.255", "11.0.0.1", "255.255.255.255", "::a00:1")] == [
        None
    ] * 4


def test_hosts_when_two_match_then_exact_template_longest_suffix_and_own_entries_first() -> None:
    matcher = Matcher(
        [
            vendor("suffix", ("acme.example", "suffix", "web"), ("eu.acme.example", "suffix", "api")),
            vendor(
                "template", ("{region}.acme.example", "template", "api"), ("x-{id}.acme.example", "template", "api")
            ),
            vendor("exact", ("de.acme.example", "exact", "web")),
            vendor("own", ("de.acme.example", "exact", "shared"), is_own=True),
        ]
    )

    assert matcher.match("de.acme.example").vendor_id == "own"
    assert matcher.match("eu.acme.example").vendor_id == "template"
    assert matcher.match("acme.example").vendor_id == "suffix"
    assert matcher.match("acme.example.net").vendor_id is None


def test_resolve_when_the_same_is_known_of_two_values_then_one_object() -> None:
    matcher = Matcher(CATALOG.vendors.values())

    nobody, other, one, two = matcher.resolve_many(["a.example", "b.example", "one.openai.com", "two.openai.com"])

    assert nobody is other is NOBODY and one is two
    assert asdict(one.as_match("v"))["value"] == "v"


def test_resolve_when_ever_new_names_hit_then_memory_stays_bounded() -> None:
    matcher = Matcher([vendor("acme", ("acme.example", "suffix", "api"))])

    matcher.resolve_many([f"n{number}.acme.example" for number in range(REMEMBERED + 10)])

    assert len(matcher._remembered) <= REMEMBERED


def vendor(
    name: str, *hosts: tuple[str, str, str], ranges: tuple[AddressRange, ...] = (), is_own: bool = False
) -> Vendor:
    entries = tuple(HostEntry(pattern, match, surface, "api") for pattern, match, surface in hosts)  # type: ignore[arg-type]
    return Vendor(name, name, "model_api", "US", entries, ranges=ranges, is_own=is_own)
