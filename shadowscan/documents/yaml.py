"""YAML as people write it: one mapping, no odd tags, no duplicate keys, bounded whatever its aliases do."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from shadowscan.documents.check import Problem, refuse
from shadowscan.documents.entry import Block, Text
from shadowscan.documents.text import Find, as_it_stands, read_text
from shadowscan.errors import ConfigError, Location

MAXIMUM_DEPTH = 20
MAXIMUM_NODES = 200_000  # aliases may repeat a node: counted as often as it is used
_CORE_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(_CORE_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp"))


def read_yaml(path: Path, find: Find = as_it_stands) -> Block:
    """The one mapping of a YAML file. Raises `ConfigError` naming every duplicate key, odd tag or syntax error."""
    text = read_text(path, find)
    try:
        node = YAML(typ="safe", pure=True).compose(text)  # the round-trip loader marks folds with a bell
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigError(f"not valid YAML: {error.problem}", location=Location(str(path), line)) from error
    except (YAMLError, ValueError) as error:
        raise ConfigError(f"not valid YAML: {error}", location=Location(str(path))) from error
    except RecursionError as error:
        raise ConfigError("nested too deep", location=Location(str(path))) from error
    walk = _Walk(str(path))
    data = walk.value(node, 0) if node is not None else Block({}, Location(str(path), 1))
    if not isinstance(data, Block):
        walk.problems.append(Problem(Location(str(path), 1), "the file must be a mapping of keys to values"))
    refuse(walk.problems)
    return data if isinstance(data, Block) else Block({}, Location(str(path), 1))


class _Walk:
    """From YAML nodes to places and text; collects what is wrong instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._count = 0

    def value(self, node: Node, depth: int) -> Any:
        self._count += 1
        place = Location(self.file, node.start_mark.line + 1)
        if depth > MAXIMUM_DEPTH or self._count > MAXIMUM_NODES:
            raise ConfigError("nested too deep or too large", hint="write aliases out", location=place)
        if isinstance(node, MappingNode):
            return self._mapping(node, place, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Location, depth: int) -> Block:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key_place = Location(self.file, key_node.start_mark.line + 1)
            if not isinstance(key_node, ScalarNode) or key_node.tag == _CORE_TAG + "merge":
                self.problems.append(Problem(key_place, "keys must be plain words; merge keys are not supported"))
                continue
            key = Text(key_node.value, key_place)
            if key in values:
                self.problems.append(Problem(key_place, f"duplicate key {str(key)!r}"))
            values[key] = self.value(value_node, depth + 1)
        return Block(values, place)

    def _scalar(self, node: Node, place: Location) -> Text | None:
        if node.tag not in _KNOWN_TAGS:
            self.problems.append(Problem(place, f"tag {node.tag!r} is not allowed"))
        return None if node.tag == _CORE_TAG + "null" else Text(str(node.value), place)
