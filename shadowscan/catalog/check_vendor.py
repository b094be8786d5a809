"""What one vendor file may not have, and what somebody should look at one day, beside the rest of the catalogue."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shadowscan.catalog.catalog import Catalog
from shadowscan.catalog.entry import VendorEntry
from shadowscan.catalog.overlap import Claims, claims_of, overlap_problems
from shadowscan.catalog.public_suffix import PublicSuffixes, public_suffixes
from shadowscan.catalog.refuse import place_of, problems_of, suffix_problems
from shadowscan.documents import Problem
from shadowscan.errors import Location
from shadowscan.model.vendor import STRONG_SOURCES

STALE = timedelta(days=180)
MECHANICAL = re.compile(r"\.evil\.|^x[a-z0-9-]+\.example$|^not[a-z0-9]+\.[a-z]+$")
# Names that many tools and vendors use: they name no vendor by themselves.
GENERIC_ENVIRONMENT = frozenset(
    {"API_KEY", "API_BASE", "AWS_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    | {"AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "GITHUB_TOKEN", "GH_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"}
    | {"GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "HTTP_PROXY"}
    | {"DATABASE_URL", "BASE_URL", "OCI_CONFIG_FILE", "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"}
    | {"SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PASSWORD", "SLACK_BOT_TOKEN", "MODEL", "MODEL_NAME"}
)
GENERIC_PACKAGES = frozenset(
    {"boto3", "botocore", "aioboto3", "aws-sdk", "cloudflare", "wandb", "huggingface-hub", "huggingface_hub", "oci"}
    | {"tiktoken", "mlflow", "requests", "httpx", "axios", "tokenizers", "torch", "numpy", "pandas", "wrangler"}
    | {"azure-identity", "google-auth", "google-cloud-core", "litellm-proxy"}
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one file is read beside: the catalogue, whose hosts stand where, and who lists which word."""

    catalog: Catalog
    claims: Claims
    listed: Mapping[str, frozenset[str]]
    suffixes: PublicSuffixes

    @classmethod
    def of(cls, entries: Collection[VendorEntry], catalog: Catalog) -> "Surroundings":
        """The surroundings that all these entries make."""
        listed: dict[str, set[str]] = {}
        for entry in entries:
            for word in _words(entry):
                listed.setdefault(word, set()).add(entry.id)
        claims = claims_of((entry.id, host.pattern, host.match) for entry in entries for host in entry.hosts)
        return cls(catalog, claims, {word: frozenset(ids) for word, ids in listed.items()}, public_suffixes())


def vendor_errors(file: Path, entry: VendorEntry, around: Surroundings) -> Iterator[Problem]:
    """What makes the check fail."""
    top = Location(str(file), 1)
    if file.name != f"{entry.id}.yaml":
        yield Problem(top, f"the file of {entry.id} is called {entry.id}.yaml")
    if entry.verified_on is None:
        yield Problem(top, "verified_on is missing")
    yield from problems_of(entry)
    yield from suffix_problems(entry, around.suffixes)
    yield from overlap_problems(entry, around.claims)
    yield from _unsupported(entry)
    yield from _unsourced_keys(entry)
    yield from _unused_sources(entry, top)
    yield from _generic(entry, top)
    yield from _lost_regions(entry, around.catalog)
    yield from _examples(entry, around.catalog)


def vendor_notices(entry: VendorEntry, around: Surroundings, today: date) -> Iterator[Problem]:
    """What somebody should look at one day."""
    top = place_of(entry, entry)
    if entry.verified_on and today - entry.verified_on > STALE:
        yield Problem(top, f"checked against its sources {(today - entry.verified_on).days} days ago")
    if entry.hosts and not entry.examples.match:
        yield Problem(top, "no example that must match")
    if entry.hosts and not entry.examples.no_match:
        yield Problem(top, "no example of a look-alike")
    for word in _words(entry):
        if others := around.listed[word] - {entry.id}:
            yield Problem(top, f"{word} is listed by {', '.join(sorted(others))} too, and names nobody by itself")
    for host in entry.hosts:
        if (
            host.match == "suffix"
            and host.surface == "api"
            and around.suffixes.registrable(host.pattern) == host.pattern
        ):
            yield Problem(place_of(host, entry), f"{host.pattern}: every name below a whole domain counts as API")


def _words(entry: VendorEntry) -> Iterator[str]:
    """Environment names and packages, as code signals look them up."""
    yield from entry.environment
    yield from (f"{ecosystem} {name.lower()}" for ecosystem, names in entry.packages for name in names)


def _unsupported(entry: VendorEntry) -> Iterator[Problem]:
    """Verified means one strong source, or two independent weaker ones; the rest says `experimental`."""
    for host in entry.hosts:
        kinds = [entry.sources[word].kind for word in set(host.sources) if word in entry.sources]
        weaker = sum(kind in ("independent_code", "public_list") for kind in kinds)
        is_verified = bool(STRONG_SOURCES & set(kinds)) or weaker >= 2
        if not kinds:
            yield Problem(place_of(host, entry), f"{host.pattern} has no source")
        elif is_verified == host.experimental:
            word = "verified: drop `experimental`" if is_verified else "one weak source: say `experimental: true`"
            yield Problem(place_of(host, entry), f"{host.pattern} is {word}")


def _unsourced_keys(entry: VendorEntry) -> Iterator[Problem]:
    for format in entry.key_formats:
        if not format.sources:
            yield Problem(place_of(format, entry), f"key format {format.id} has no source")


def _unused_sources(entry: VendorEntry, top: Location) -> Iterator[Problem]:
    cited = {word for part in entry.citing for word in part.sources}
    for word, source in entry.sources.items():
        if word not in cited and source.kind in ("independent_code", "public_list", "general"):
            yield Problem(Location(top.file, source.line or top.line), f"source {str(word)!r} is cited by nothing")


def _generic(entry: VendorEntry, top: Location) -> Iterator[Problem]:
    for name in entry.environment:
        if name in GENERIC_ENVIRONMENT:
            yield Problem(top, f"environment name {name} names no vendor by itself")
    for names in entry.packages.model_dump().values():
        for name in names:
            if name.lower() in GENERIC_PACKAGES:
                yield Problem(top, f"package {name} names no vendor by itself")


def _lost_regions(entry: VendorEntry, catalog: Catalog) -> Iterator[Problem]:
    for rule in entry.region_rules:
        named = re.findall(r"\(\?P<(?:region|geo)>([a-z0-9|-]+)\)", rule.pattern or "")
        words = [word for group in named for word in group.split("|")] + ([rule.region] if rule.region else [])
        for word in words:
            if catalog.group_of(word) == "unknown":
                yield Problem(place_of(rule, entry), f"region {word!r} is in no group of regions.yaml")


def _examples(entry: VendorEntry, catalog: Catalog) -> Iterator[Problem]:
    for example in entry.examples.match:
        found = catalog.match(example.value)
        got = (found.vendor_id, found.surface, found.service, found.region, found.region_evidence, found.confidence)
        want = (entry.id, example.surface, example.service, example.region, example.evidence, example.confidence)
        if any(wanted is not None and wanted != has for wanted, has in zip(want, got, strict=True)):
            yield Problem(place_of(example, entry), f"example {example.value} gives {', '.join(map(str, got))}")
    for asked in entry.examples.rules:
        rule = catalog.region_rule(entry.id, asked.given)
        if rule is None or rule.id != asked.rule:
            yield Problem(place_of(asked, entry), f"example {asked.given} is answered by {rule.id if rule else 'none'}")
    for value in entry.examples.no_match:
        if catalog.match(value).vendor_id == entry.id:
            yield Problem(place_of(entry.examples, entry), f"example {value} matches {entry.id} and must not")
        if MECHANICAL.search(value):
            yield Problem(place_of(entry.examples, entry), f"example {value} is mechanical: name a real look-alike")
