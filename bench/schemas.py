"""Holds what the reporters write against the schemas that their readers publish.

The schemas are not kept here. Get them, then run
`python -m bench.schemas [--gitlab FILE] [--junit XSD] [--ocsf CHECKOUT]`:

- gitlab: `dist/secret-detection-report-format.json` of gitlab-org/security-products/security-report-schemas, 15.2.1
- junit: `junit-10.xsd` of the Jenkins xunit plugin
- ocsf: a clone of ocsf/ocsf-schema with its tag 1.3.0
"""

import argparse
import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from shadowscan.reporters import find_reporter
from shadowscan.reporters.interface import RenderOptions
from tests.reporters.audit_fixture import make_audit

Json = dict[str, Any]
TAG = "1.3.0"
OPTIONAL = {"cloud", "osint", "security_control", "host", "datetime"}  # profiles that our events do not claim
MADE = {"class_uid", "category_uid", "type_uid"}  # enumerations that the schema's own build fills in


def main() -> None:
    """Print each error with its place; nothing but counts where there is none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gitlab", "junit", "ocsf"):
        parser.add_argument(f"--{name}")
    for name, place in vars(parser.parse_args()).items():
        if place:
            errors = list(CHECKS[name](place))
            print(f"{name}: {len(errors)} errors", *errors, sep="\n  ")


def check_gitlab(place: str) -> Iterator[str]:
    """Errors of the GitLab report against the published JSON Schema."""
    from jsonschema import Draft7Validator

    for error in Draft7Validator(json.loads(Path(place).read_text("utf-8"))).iter_errors(
        json.loads(_written("gitlab"))
    ):
        yield f"{error.json_path}: {error.message}"


def check_junit(place: str) -> Iterator[str]:
    """Errors of the JUnit file against an XSD."""
    import xmlschema

    for error in xmlschema.XMLSchema(place).iter_errors(_written("junit")):
        yield f"{error.path}: {error.reason}"


def check_ocsf(place: str) -> Iterator[str]:
    """Errors of every event against class `detection_finding` of the schema's sources at the tag."""
    schema = Ocsf(place)
    for line in _written("ocsf").splitlines():
        yield from schema.errors("events", "detection_finding", json.loads(line), "")


class Ocsf:
    """The schema's sources: classes and objects with what they extend, and the dictionary of attributes."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.dictionary = self.read("dictionary.json")
        names = self._git("ls-tree", "-r", "--name-only", TAG, "events", "objects").split()
        self.defined = {
            (name.split("/")[0], found["name"]): found for name in names if "name" in (found := self.read(name))
        }

    def read(self, path: str) -> Json:
        found: Json = json.loads(self._git("show", f"{TAG}:{path}"))
        return found

    def errors(self, kind: str, name: str, value: Json, path: str) -> Iterator[str]:
        """Unknown and missing attributes, wrong types and values, here and below."""
        known = self.attributes(kind, name)
        yield from (f"{path}.{key}: not in {name}" for key in value if key not in known)
        for key, about in known.items():
            if key in value:
                yield from self._value_errors(key, about, value[key], f"{path}.{key}")
            elif about.get("requirement") == "required" and about.get("profile") not in OPTIONAL:
                yield f"{path}.{key}: required in {name}"

    @cache  # noqa: B019 - one instance a process
    def attributes(self, kind: str, name: str) -> Json:
        """Attributes of a class or object, inherited ones too; those of a profile carry its name."""
        found = self.defined[(kind, name)]
        own = dict(self.attributes(kind, found["extends"])) if "extends" in found else {}
        for key, about in found.get("attributes", {}).items():
            if key == "$include":
                own |= {k: v for part in about for k, v in self._included(part).items() if k not in own}
            else:
                own[key] = {**own.get(key, {}), **about}
        return own

    def _included(self, path: str) -> Json:
        part = self.read(path)
        profile = {"profile": part["name"]} if path.startswith("profiles/") else {}
        return {
            key: {**about, **profile} for key, about in part.get("attributes", {}).items() if isinstance(about, dict)
        }

    def _value_errors(self, key: str, about: Json, value: object, path: str) -> Iterator[str]:
        entry = self.dictionary["attributes"].get(key, {})
        if entry.get("is_array") and not isinstance(value, list):
            yield f"{path}: not a list"
            return
        values = value if isinstance(value, list) else [value]
        allowed = {**entry.get("enum", {}), **about.get("enum", {})}
        kind = about.get("type") or entry.get("type")
        for each in values:
            if ("objects", kind) in self.defined and kind != "object":
                yield from (
                    self.errors("objects", kind, each, path) if isinstance(each, dict) else [f"{path}: no {kind}"]
                )
            elif kind in ("integer_t", "long_t", "timestamp_t") and not isinstance(each, int):
                yield f"{path}: {each!r} is no {kind}"
            elif kind == "integer_t" and allowed and str(each) not in allowed and key not in MADE:
                yield f"{path}: {each} is none of {sorted(allowed)}"
            elif kind == "string_t" and not isinstance(each, str):
                yield f"{path}: {each!r} is no text"

    def _git(self, *arguments: str) -> str:
        call = ["git", "-C", self.place, *arguments]
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout


def _written(format: str) -> str:
    return find_reporter(format).render(make_audit(), RenderOptions()).decode()


CHECKS = {"gitlab": check_gitlab, "junit": check_junit, "ocsf": check_ocsf}

if __name__ == "__main__":
    main()
