"""Resources of a Terraform document, and where each of its modules is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

_INDEX = re.compile(r"\[[^\]]*\]")
_GIT = re.compile(
    r"^(?:git::)?(?:https?://|ssh://(?:[\w.-]+@)?|[\w.-]+@)?(?P<host>(?:[\w-]+\.)+[\w-]+)[:/](?P<repo>[\w.-]+(?:/[\w.-]+)+)"
    r"(?://(?P<path>[^?]*))?(?:\?.*)?$"
)
MAXIMUM_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Found:
    """One resource instance: its module's path (`search.api`), provider's name and attributes; never its secrets."""

    module: str
    type: str
    name: str
    provider: str
    values: Mapping[str, Any]
    sensitive: frozenset[str]


@dataclass(frozen=True, slots=True)
class Modules:
    """Where modules are written, and the tags that providers put on everything."""

    root: str
    written: Mapping[str, str]
    tags: Mapping[str, Mapping[str, str]]

    def repo(self, module: str) -> str:
        """`owner/name//folder` of a module, its nearest caller's where it is not told; empty where none is."""
        names = module.split(".") if module else []
        told = (self.written.get(".".join(names[:size])) for size in range(len(names), 0, -1))
        return next((repo for repo in told if repo), self.root)

    def default_tags(self, provider: str) -> Mapping[str, str]:
        """Tags of a provider's configuration."""
        return self.tags.get(provider, {})


def state_resources(state: Mapping[str, Any]) -> Iterator[Found]:
    """Managed resources of a state file."""
    for resource in state.get("resources") or ():
        if not isinstance(resource, dict) or resource.get("mode") != "managed":
            continue
        provider = str(resource.get("provider") or "").rpartition("/")[2].rstrip('"]')
        for instance in resource.get("instances") or ():
            if isinstance(instance.get("attributes"), dict) and not instance.get("deposed"):
                yield Found(
                    _module_path(resource.get("module")),
                    str(resource.get("type")),
                    str(resource.get("name")),
                    provider,
                    instance["attributes"],
                    _sensitive_paths(instance.get("sensitive_attributes")),
                )


def value_resources(document: Mapping[str, Any]) -> Iterator[Found]:
    """Managed resources of `show -json`: of a plan what it leaves behind, of a state what there is."""
    values = document.get("planned_values") or document.get("values") or {}
    waiting: list[tuple[str, Any]] = [("", values.get("root_module") or {})]
    while waiting:
        path, module = waiting.pop()
        for resource in module.get("resources") or ():
            if resource.get("mode") == "managed" and isinstance(resource.get("values"), dict):
                provider = str(resource.get("provider_name") or "").rpartition("/")[2]
                hidden = resource.get("sensitive_values")
                names = frozenset(hidden) if isinstance(hidden, dict) else frozenset[str]()
                hides = frozenset(name for name in names if isinstance(hidden, dict) and hidden[name])
                yield Found(
                    path, str(resource.get("type")), str(resource.get("name")), provider, resource["values"], hides
                )
        waiting += [(_module_path(child.get("address")), child) for child in module.get("child_modules") or ()]


def read_modules(document: Mapping[str, Any], repo: str) -> Modules:
    """The modules of a plan's configuration; of a state none but the root is known."""
    configuration = document.get("configuration") or {}
    written: dict[str, str] = {}
    waiting = [("", repo, configuration.get("root_module") or {})]
    while waiting and len(written) < 10_000:
        path, within, module = waiting.pop()
        calls = module.get("module_calls") or {}
        for name, call in calls.items():
            inner = f"{path}.{name}".lstrip(".")
            place = _written_at(within, str(call.get("source") or ""))
            written[inner] = place
            if inner.count(".") < MAXIMUM_DEPTH:
                waiting.append((inner, place or within, call.get("module") or {}))
    return Modules(repo, written, dict(_default_tags(configuration.get("provider_config") or {})))


def _written_at(within: str, source: str) -> str:
    """Where a call's module is: a folder beside its caller; a repository where the caller's own is not known."""
    if source.startswith(("./", "../")):
        if not within:
            return ""
        repo, _, folder = within.partition("//")
        path = _normal(PurePosixPath(folder) / source)
        return f"{repo}//{path}" if path else repo
    found = _GIT.match(source) if not within else None
    if found is None:
        return ""
    repo = found["repo"].casefold().removesuffix(".git")
    return f"{repo}//{found['path'].strip('/')}" if found["path"] else repo


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _default_tags(providers: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, provider in providers.items():
        listed = (provider.get("expressions") or {}).get("default_tags") or ()
        for block in listed if isinstance(listed, list) else ():
            constant = (block.get("tags") or {}).get("constant_value")
            if isinstance(constant, dict) and ":" not in key:
                yield str(provider.get("name") or key), constant


def _module_path(address: Any) -> str:
    """`module.search["a"].module.api` as `search.api`."""
    return ".".join(part for part in _INDEX.sub("", str(address or "")).split(".") if part != "module")


def _sensitive_paths(paths: Any) -> frozenset[str]:
    """The attributes that a state marks sensitive: the first step of each path."""
    steps = (path[0] for path in paths or () if isinstance(path, list) and path and isinstance(path[0], dict))
    return frozenset(str(step.get("value")) for step in steps)
