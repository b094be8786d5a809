"""Backstage software catalogue: `catalog-info.yaml`.

Real shape: one or more YAML documents with `apiVersion: backstage.io/…`, `kind`, `metadata`, `spec`.

| entity | gives |
|---|---|
| any with `spec.owner`, or that of its `spec.system` in this file | `owner_claim`: repository path, Lambda function |
| User | `person`, team from `spec.memberOf` |

The path: annotation `github.com/project-slug` (whole repository), `backstage.io/source-location` (its folder), else
the folder of the file in the repository it was found in. The owner is written `kind:namespace/name`, lower case.
`aws.com/lambda-function-name` gives `arn:aws:lambda:*:*:function:NAME`.
Doubts: entities that reach the catalogue by other ways (processors, templates) are not in the file.
Sources: https://backstage.io/docs/features/software-catalog/descriptor-format and
https://backstage.io/docs/features/software-catalog/references
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from shadowscan.collect.formats._small import read_object
from shadowscan.collect.formats.interface import Head, LocalObject, Normalised
from shadowscan.engines.duckdb import DuckDBEngine
from shadowscan.errors import BadInputError, Location
from shadowscan.store.rows import insert_rows

CONFIDENCE = 0.85
_API = re.compile(r"^apiVersion:\s*[\"']?backstage\.io/v", re.MULTILINE)
_KIND = re.compile(r"^kind:\s*[\"']?[A-Za-z]+", re.MULTILINE)
_SLUG = re.compile(r"^[\w.-]+(?:/[\w.-]+)+$")
_LOCATION = re.compile(
    r"^url:https?://[^/]+/(?P<repo>[\w.-]+/[\w.-]+?)(?:\.git)?(?:/(?:-/)?(?:tree|blob)/[^/]+(?P<path>/.*)?)?/?$"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One document: the line it begins at, and its parts as mappings."""

    line: int
    kind: str
    metadata: dict[str, Any]
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        return _word(self.metadata.get("name")).casefold()


class Backstage:
    """Owners of components, and people with their teams."""

    id = "backstage"
    title = "Backstage catalog-info.yaml"
    tables = ("owner_claim", "person")

    def sniff(self, head: Head) -> float:
        text = head.data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        return 0.95 if _API.search(text) and _KIND.search(text) else 0.0

    def group_key(self, item: LocalObject) -> str:
        return item.name

    def normalise(self, engine: DuckDBEngine, items: Sequence[LocalObject]) -> dict[int, Normalised]:
        return {item.source_id: _normalise(engine, item) for item in items}


FORMAT = Backstage()


class _Loader(yaml.SafeLoader):
    """Plain data without merge keys, which a small file can make expand without end."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, "merge keys are not supported", key.start_mark)


def reference(value: str, kind: str = "group") -> str:
    """An entity reference in full, `kind:namespace/name`, lower case: `team-a` is `group:default/team-a`."""
    text = value.strip().casefold()
    head, _, rest = text.rpartition(":")
    name = rest if "/" in rest else f"default/{rest}"
    return f"{head or kind}:{name}"


def _normalise(engine: DuckDBEngine, item: LocalObject) -> Normalised:
    entities = list(_entities(item))
    claims = [row for entity in entities for row in _claims(entity, entities, item)]
    people = [row for entity in entities if entity.kind == "user" for row in _people(entity, item)]
    tables = {
        "owner_claim": insert_rows(engine, "owner_claim", claims),
        "person": insert_rows(engine, "person", people),
    }
    return Normalised(tables, first_at=item.observed_at, last_at=item.observed_at)


def _entities(item: LocalObject) -> Iterator[Entity]:
    loader = _Loader(read_object(item))
    try:
        while loader.check_node():
            node = loader.get_node()
            value = loader.construct_document(node) if node is not None else None
            if isinstance(value, dict) and _word(value.get("apiVersion")).startswith("backstage.io/"):
                line = node.start_mark.line + 1 if node is not None else 0
                yield Entity(line, _word(value.get("kind")).casefold(), _part(value, "metadata"), _part(value, "spec"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadInputError(f"not valid YAML: {error.problem}", location=Location(item.name, line)) from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise BadInputError(f"not valid YAML: {error}", location=Location(item.name)) from error
    except RecursionError as error:
        raise BadInputError("YAML nested too deep", location=Location(item.name)) from error
    finally:
        loader.dispose()


def _word(value: Any) -> str:
    """A scalar as text; nested values are not text, whatever they would print as."""
    return str(value) if isinstance(value, str | int) else ""


def _part(value: dict[str, Any], key: str) -> dict[str, Any]:
    part = value.get(key)
    return part if isinstance(part, dict) else {}


def _claims(entity: Entity, entities: Sequence[Entity], item: LocalObject) -> Iterator[dict[str, object]]:
    owner = _owner(entity, entities)
    if not owner:
        return
    for key_kind, scope, key in _keys(entity, item):
        yield {
            "source_id": item.source_id,
            "line": entity.line,
            "evidence": "backstage",
            "key_kind": key_kind,
            "key": key,
            "scope": scope,
            "ordinal": entity.line,
            "value": reference(owner),
            "is_person": reference(owner).startswith("user:"),
            "confidence": CONFIDENCE,
            "observed_at": item.observed_at,
            "detail": f"{entity.kind} {entity.name}: spec.owner {owner}"[:500],
        }


def _owner(entity: Entity, entities: Sequence[Entity]) -> str:
    owner = entity.spec.get("owner")
    if isinstance(owner, str) and owner.strip():
        return owner
    system = entity.spec.get("system")
    wanted = reference(system, "system") if isinstance(system, str) else ""
    parents = (other for other in entities if other.kind == "system" and reference(other.name, "system") == wanted)
    found = next((other.spec.get("owner") for other in parents), "")
    return found if isinstance(found, str) else ""


def _keys(entity: Entity, item: LocalObject) -> Iterator[tuple[str, str, str]]:
    """(key_kind, scope, key) of everything the entity stands for."""
    notes = {key: _word(value) for key, value in _part(entity.metadata, "annotations").items()}
    slug = notes.get("github.com/project-slug") or notes.get("gitlab.com/project-slug") or ""
    located = _LOCATION.match(notes.get("backstage.io/source-location", ""))
    if located:
        path = (located["path"] or "").strip("/")
        yield "repo_path", located["repo"].casefold(), f"{path}/**" if path else "**"
    elif _SLUG.match(slug):
        yield "repo_path", slug.casefold(), "**"
    elif item.scope and entity.kind in ("component", "api", "resource"):
        folder = PurePosixPath(item.name).parent
        yield "repo_path", item.scope, "**" if str(folder) in (".", "/") or folder.is_absolute() else f"{folder}/**"
    if function := notes.get("aws.com/lambda-function-name"):
        yield "resource", "", f"arn:aws:lambda:*:*:function:{function}"


def _people(entity: Entity, item: LocalObject) -> Iterator[dict[str, object]]:
    profile = _part(entity.spec, "profile")
    email = _word(profile.get("email")).casefold()
    groups = entity.spec.get("memberOf")
    team = (_word(groups[0]) if isinstance(groups, list) and groups else "") or "unknown"
    if "@" in email:
        yield {
            "source_id": item.source_id,
            "line": entity.line,
            "email": email,
            "name": _word(profile.get("displayName")) or entity.name,
            "team": reference(team).rpartition("/")[2] if team != "unknown" else team,
            "department": "unknown",
            "cost_center": "unknown",
            "manager": "unknown",
            "is_active": True,
        }
