"""SDK use by import, the names of variables that keys come from, and clients of platforms that do more than models."""

import re
from collections.abc import Iterator

from shadowscan.git.code import Call, Code, Named, string_of
from shadowscan.git.languages.interface import Language
from shadowscan.git.lexicon import BASE_URL_WORDS, NO_VENDOR, Lexicon
from shadowscan.git.models import BEDROCK, MODEL_NAME, maker_of, profile_of
from shadowscan.git.signal import Signal

NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_IN_STRING = re.compile(r"^(?:\$\{?)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:[:}][^\s]*)?$")
_BEDROCK_SERVICES = frozenset({"bedrock-runtime", "bedrock-agent-runtime", "bedrock"})
_REGION_NAME = re.compile(r"(?:^|[_a-z])(?:region(?:_?name)?|location|aws_?region)$", re.IGNORECASE)
_REGION_ENUM = re.compile(r"^(?:Region|Regions|RegionEndpoint)[.:]+([A-Za-z0-9_]+)$")
# Platforms whose region is a setting of the client; of the others the host says what there is to say.
_REGIONAL = ("aws-bedrock", "aws-sagemaker", "google-vertex", "oci-genai", "ibm-watsonx")


def find_imports(language: Language, code: Code, lexicon: Lexicon) -> Iterator[Signal]:
    """SDK imports of known vendors, and clients of shared packages (boto3) that are opened for models."""
    for name, line in code.imports:
        vendor = lexicon.module(language.ecosystem, name.split("::{")[0], language.separator)
        if vendor:
            yield _imported(vendor, line, name)
    for call in code.calls:
        if call.method in ("client", "create_client", "resource"):
            yield from _bedrock_client(call)


def find_names(code: Code, lexicon: Lexicon) -> Iterator[Signal]:
    """Environment names that vendors' SDKs read, in code or as a string of their own."""
    for number, line in enumerate(code.text.splitlines(), 1):
        for found in NAME.finditer(line) if "_" in line else ():
            yield from name_signals(found[0], number, lexicon)
    for value, at in code.strings:
        named = _IN_STRING.match(value) if len(value) < 80 else None
        if named:
            yield from name_signals(named[1], at, lexicon)


def name_signals(name: str, line: int, lexicon: Lexicon) -> Iterator[Signal]:
    """The signal of one environment name; none for a base URL's, which says where and not who."""
    vendor = lexicon.environment.get(name)
    if vendor and not name.endswith(BASE_URL_WORDS):
        yield Signal("environment", vendor, "api", line, f"reads {name}", 5)


def find_models(code: Code) -> Iterator[Signal]:
    """Models named in code, under who makes them; who serves them is another question."""
    for one in (*code.named, *_given_to_calls(code)):
        if one.literal and MODEL_NAME.search(one.name):
            yield from model_signals(one.literal, one.line)
    for value, line in code.strings:
        if profile_of(value):
            yield from model_signals(value, line)


def model_signals(name: str, line: int) -> Iterator[Signal]:
    """The signal of one model's name; a Bedrock profile is a statement about the region too."""
    maker, profile = maker_of(name), profile_of(name)
    if maker:
        where = f" region={profile} profile" if profile else ""
        yield Signal("model", maker, "api", line, f"model={name[:80]}{where}")


def find_regions(code: Code, vendors: frozenset[str], lexicon: Lexicon) -> Iterator[Signal]:
    """Regions set in a file that uses a platform whose region is a setting of its client."""
    platforms = [vendor for vendor in _REGIONAL if vendor in vendors]
    if not platforms:
        return
    for one in (*code.named, *_given_to_calls(code)):
        region = _region_of(one, lexicon) if _REGION_NAME.search(one.name) else ""
        for vendor in platforms if region else ():
            yield Signal("endpoint", vendor, "api", one.line, f"region={region} set in code")


def _region_of(one: Named, lexicon: Lexicon) -> str:
    found = _REGION_ENUM.match(one.value)
    value = found[1].lower().replace("_", "-") if found else (one.literal or "").lower()
    return value if value and lexicon.catalog.group_of(value) != "unknown" else ""


def _given_to_calls(code: Code) -> Iterator[Named]:
    """`.model("…")`, `.region(Region.EU_WEST_1)`, `WithRegion("…")`: setters by what they set."""
    for call in code.calls:
        if len(call.arguments) == 1 and (MODEL_NAME.search(call.method) or _REGION_NAME.search(call.method)):
            yield Named(call.method, call.arguments[0], string_of(call.arguments[0]), call.line)


def _bedrock_client(call: Call) -> Iterator[Signal]:
    """`client("bedrock-runtime", region_name=…)` of boto3 or aioboto3."""
    given = dict(_keyword(argument) for argument in call.arguments)
    words = {string_of(argument) for argument in call.arguments} | {given.get("service_name")}
    if words & _BEDROCK_SERVICES:
        region = given.get("region_name")
        where = f" region={region}" if region else ""
        yield Signal("sdk", BEDROCK, "api", call.line, f"client of bedrock{where}", 20)


def _keyword(argument: str) -> tuple[str, str | None]:
    name, _, value = argument.partition("=")
    return name.strip(), string_of(value.strip())


def _imported(vendor: str, line: int, name: str) -> Signal:
    kind = "a framework of many vendors: " if vendor == NO_VENDOR else ""
    return Signal("sdk", vendor, "api", line, f"{kind}import {name[:80]}", 20)
