"""YAML and JSON as what is set: every value under the keys that lead to it, with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DEPTH_LIMIT = 40
ENTRY_LIMIT = 20_000
# Helm's and other templates' own lines and insertions: https://helm.sh/docs/chart_template_guide/control_structures/
_TEMPLATE_LINE = re.compile(r"^[ \t]*\{\{-?[^{}]*\}\}[ \t]*$", re.MULTILINE)
_TEMPLATE_PART = re.compile(r"\{\{[^{}]*\}\}")
_OPEN = "$X"  # what a template puts in is known when it is filled


@dataclass(frozen=True, slots=True)
class Entry:
    """One value. `path` are the keys from the top, list positions left out; line from 1."""

    path: tuple[str, ...]
    value: str
    line: int

    @property
    def key(self) -> str:
        """The last key, or an empty string for a bare value."""
        return self.path[-1] if self.path else ""


def read_entries(text: str) -> tuple[Entry, ...]:
    """Every value of a YAML or JSON text, `{name, value}` pairs also under their name. Broken text gives what came
    before the break; a text with more than 20,000 values gives the first ones.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    plain = _TEMPLATE_PART.sub(_OPEN, _TEMPLATE_LINE.sub("", text)) if "{{" in text else text
    found: list[Entry] = []
    try:
        for document in yaml.compose_all(plain.replace("\t", "  "), Loader=loader):
            for entry in _walk(document, (), 0):
                found.append(entry)
                if len(found) >= ENTRY_LIMIT:
                    return tuple(found)
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    return tuple(found)


def _walk(node: object, path: tuple[str, ...], depth: int) -> Iterator[Entry]:
    from yaml import MappingNode, ScalarNode, SequenceNode

    if isinstance(node, ScalarNode):
        yield Entry(path, str(node.value), node.start_mark.line + 1)
    elif depth < DEPTH_LIMIT and isinstance(node, SequenceNode):
        for item in node.value:
            yield from _walk(item, path, depth + 1)
    elif depth < DEPTH_LIMIT and isinstance(node, MappingNode):
        yield from _named_pair(node.value, path)
        for key, value in node.value:
            yield from _walk(value, (*path, str(getattr(key, "value", ""))[:200]), depth + 1)


def _named_pair(pairs: object, path: tuple[str, ...]) -> Iterator[Entry]:
    """`{name: OPENAI_BASE_URL, value: https://…}`, the way of Kubernetes, says the same as one key with a value."""
    from yaml import ScalarNode

    given = {
        str(key.value).lower(): value
        for key, value in (pairs if isinstance(pairs, list) else [])
        if isinstance(key, ScalarNode) and isinstance(value, ScalarNode)
    }
    name, value = given.get("name"), given.get("value")
    if name is not None and value is not None:
        yield Entry((*path, str(name.value)[:200]), str(value.value), value.start_mark.line + 1)
