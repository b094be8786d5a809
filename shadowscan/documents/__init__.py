"""Reading the files people write: YAML or TOML in, checked models out, every problem at once with its file and line.

Scalars stay text as written, so that an account id keeps its leading zeros; the models give them their types.
"""

from shadowscan.documents.check import Problem, check, nearest, problems_in, refuse
from shadowscan.documents.entry import Block, Entry, Text, bare
from shadowscan.documents.text import Find, as_it_stands, read_text
from shadowscan.documents.toml import read_toml
from shadowscan.documents.yaml import read_yaml

__all__ = [
    "Block",
    "Entry",
    "Find",
    "Problem",
    "Text",
    "as_it_stands",
    "bare",
    "check",
    "nearest",
    "problems_in",
    "read_text",
    "read_toml",
    "read_yaml",
    "refuse",
]
