"""Backstage software catalogue: `catalog-info.yaml`.

Real shape: one or more YAML documents with `apiVersion: backstage.io/…`, `kind`, `metadata`, `spec`.

| entity | gives |
|---|---|
| any with `spec.owner`, else that of its `spec.system`, else of its `spec.domain` | `owner_claim`: what it stands for |
| System, Domain | `owner_claim` of the entity itself, for components of other files |
| Group | `owner_claim` of the entity: the group it lies in (`spec.parent`, or another's `spec.children`) |
| User | `owner_claim` of the entity: its e-mail address; `person`, team from `spec.memberOf` |

A component stands for a repository path: annotation `github.com/project-slug` or `gitlab.com/project-slug` (whole
repository), `backstage.io/source-location` (its folder), else the folder of the file in the repository it was found in;
for the Lambda function of `aws.com/lambda-function-name` (`arn:aws:lambda:*:*:function:NAME`), for any annotation that
is an ARN, and for the Kubernetes objects labelled with its `backstage.io/kubernetes-id`. Owners are written
`kind:namespace/name`, lower case; a system of another file stays `system:namespace/name` and is found when asked.
Groups that lie in one another have no parent: the circle is refused and counted.
Doubts: entities that reach the catalogue by other ways (processors, templates, Location targets) are not in the file.
Sources: https://backstage.io/docs/features/software-catalog/descriptor-format,
https://backstage.io/docs/features/software-catalog/well-known-annotations and
https://backstage.io/docs/features/software-catalog/references
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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

    @property
    def reference(self) -> str:
        """`kind:namespace/name`, lower case."""
        return f"{self.kind}:{(_word(self.metadata.get('namespace')) or 'default').casefold()}/{self.name}"


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
    parents, circles = find_parents(entities)
    claims = [row for entity in entities for row in _claims(entity, entities, item)]
    claims += [row for entity in entities for row in _entity_claims(entity, parents, item)]
    people = [row for entity in entities if entity.kind == "user" for row in _people(entity, item)]
    tables = {
        "owner_claim": insert_rows(engine, "owner_claim", claims),
        "person": insert_rows(engine, "person", people),
    }
    sample = f"groups lie in one another: {circles[0]}"[:200] if circles else ""
    return Normalised(tables, len(circles), sample, item.observed_at, item.observed_at)


def find_parents(entities: Sequence[Entity]) -> tuple[dict[str, str], list[str]]:
    """Group → the group it lies in, and the circles among them in words; a group of a circle has no parent."""
    groups = [entity for entity in entities if entity.kind == "group"]
    parents: dict[str, str] = {}
    for group in groups:
        children = group.spec.get("children")
        for child in children if isinstance(children, list) else ():
            parents.setdefault(reference(_word(child)), group.reference)
    for group in groups:
        if parent := _word(group.spec.get("parent")):
            parents[group.reference] = reference(parent)
    circles: dict[frozenset[str], list[str]] = {}
    for start in sorted(parents):
        if circle := _circle(start, parents):
            circles.setdefault(frozenset(circle), circle)
    for circle in circles.values():
        for group_name in circle:
            parents.pop(group_name, None)
    return parents, [" → ".join([*circle, circle[0]]) for circle in circles.values()]


def _circle(start: str, parents: Mapping[str, str]) -> list[str]:
    """The groups from `start` back to itself, empty where the way up ends or leads elsewhere."""
    seen, group = [start], parents[start]
    while group in parents and group not in seen:
        seen.append(group)
        group = parents[group]
    return seen if group == start else []


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
    """What the owner of this entity owns."""
    owner = _owner(entity, entities)
    if not owner or entity.kind in ("user", "group"):
        return
    said = entity.spec.get("owner") or entity.spec.get("system") or entity.spec.get("domain")
    for key_kind, scope, key in _keys(entity, item):
        yield _claim(entity, item, (key_kind, scope, key), owner, f"{entity.kind} {entity.name}: {said}")


def _entity_claims(entity: Entity, parents: Mapping[str, str], item: LocalObject) -> Iterator[dict[str, object]]:
    """What this entity leads on to, for entities of any file that name it."""
    if entity.kind in ("system", "domain"):
        value = _own_owner(entity)
    elif entity.kind == "group":
        value = parents.get(entity.reference, "")
    elif entity.kind == "user":
        value = _word(_part(entity.spec, "profile").get("email")).casefold()
    else:
        return
    if value:
        yield _claim(entity, item, ("entity", "", entity.reference), value, f"{entity.reference} leads to {value}")


def _claim(
    entity: Entity, item: LocalObject, place: tuple[str, str, str], value: str, detail: str
) -> dict[str, object]:
    key_kind, scope, key = place
    return {
        "source_id": item.source_id,
        "line": entity.line,
        "evidence": "backstage",
        "key_kind": key_kind,
        "key": key,
        "scope": scope,
        "ordinal": entity.line,
        "value": value,
        "is_person": value.startswith("user:") or "@" in value,
        "confidence": CONFIDENCE,
        "observed_at": item.observed_at,
        "detail": detail[:500],
    }


def _owner(entity: Entity, entities: Sequence[Entity]) -> str:
    """Its owner, else that of what it is part of in this file, else what it is part of, to be found elsewhere."""
    by_reference = {other.reference: other for other in entities}
    seen: set[str] = set()
    current: Entity | None = entity
    while current is not None and current.reference not in seen:
        seen.add(current.reference)
        above = _own_owner(current)
        if not above.startswith(("system:", "domain:")):
            return above
        current = by_reference.get(above)
        if current is None:
            return above
    return ""


def _own_owner(entity: Entity) -> str:
    """`spec.owner` in full, else the system or domain that it is part of, else empty."""
    if owner := _word(entity.spec.get("owner")).strip():
        return reference(owner)
    for kind in ("system", "domain"):
        if part := _word(entity.spec.get(kind)).strip():
            return reference(part, kind)
    return ""


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
    yield from (("resource", "", note) for key, note in sorted(notes.items()) if note.startswith("arn:"))
    if label := notes.get("backstage.io/kubernetes-id"):
        yield "kubernetes_id", "", label


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
