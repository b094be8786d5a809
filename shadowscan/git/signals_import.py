"""SDK use by import: Python through its syntax tree where it parses, the other languages line by line."""

import ast
import re
from collections.abc import Iterator, Mapping

from shadowscan.git.lexicon import Lexicon
from shadowscan.git.signal import Signal

# Language -> (ecosystem of its packages, pattern whose first group is what is imported).
_IMPORTS = {
    "js": ("npm", re.compile(r"""(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(?\s*)["']([@\w./-]+)["']""")),
    "go": ("go", re.compile(r"""^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w.-]+\.[\w]+/[\w./-]+)"\s*$""")),
    "java": ("maven", re.compile(r"^\s*import\s+(?:static\s+)?([\w.]+)")),
    "csharp": ("nuget", re.compile(r"^\s*(?:global\s+)?using\s+(?:static\s+)?([\w.]+)\s*;")),
    "ruby": ("gem", re.compile(r"""^\s*require\s*\(?\s*["']([\w./-]+)["']""")),
    "rust": ("cargo", re.compile(r"^\s*(?:pub\s+)?(?:use|extern\s+crate)\s+(\w+)")),
}
_PYTHON_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))")
_BEDROCK_SERVICES = frozenset({"bedrock-runtime", "bedrock-agent-runtime"})


def find_imports(language: str, text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """SDK imports of known vendors. Packages that several products share (boto3) need the client they open."""
    if language == "python":
        yield from _find_python(text, lexicon)
    elif language in _IMPORTS:
        ecosystem, pattern = _IMPORTS[language]
        names = lexicon.packages.get(ecosystem, {})
        for number, line in enumerate(text.splitlines(), 1):
            for found in pattern.finditer(line) if len(line) < 2_000 else ():
                vendor_id = _vendor_of(found[1].lower(), ecosystem, names)
                if vendor_id:
                    yield _imported(vendor_id, number, found[1])


def _find_python(text: str, lexicon: Lexicon) -> Iterator[Signal]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        yield from _find_python_lines(text, lexicon)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            modules = []
        vendor = next(filter(None, (_python_vendor(module, lexicon) for module in modules)), "")
        if vendor:
            yield _imported(vendor, getattr(node, "lineno", 0), modules[0])
        if isinstance(node, ast.Call):
            yield from _bedrock_client(node)


def _find_python_lines(text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """Python 2 or broken code: the lines that look like imports."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _PYTHON_IMPORT.match(line)
        vendor = _python_vendor(found[1] or found[2], lexicon) if found else ""
        if found and vendor:
            yield _imported(vendor, number, found[1] or found[2])


def _bedrock_client(node: ast.Call) -> Iterator[Signal]:
    """`client("bedrock-runtime", region_name=…)` of boto3 or aioboto3."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    words = {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    words |= {k.value.value for k in node.keywords if k.arg == "service_name" and isinstance(k.value, ast.Constant)}
    if name in ("client", "create_client") and words & _BEDROCK_SERVICES:
        given = [k.value for k in node.keywords if k.arg == "region_name"]
        named = given[0].value if given and isinstance(given[0], ast.Constant) else None
        region = f" region={named}" if isinstance(named, str) else ""
        yield Signal("sdk", "aws-bedrock", "api", node.lineno, f"boto3 client of bedrock-runtime{region}", 20)


def _python_vendor(module: str, lexicon: Lexicon) -> str:
    parts = module.lower().split(".")
    for length in range(len(parts), 0, -1):
        vendor = lexicon.modules.get(".".join(parts[:length]))
        if vendor:
            return vendor
    return ""


def _vendor_of(name: str, ecosystem: str, names: Mapping[str, str]) -> str:
    if ecosystem == "maven":
        groups = {package.split(":")[0]: vendor for package, vendor in names.items()}
        return next((vendor for group, vendor in groups.items() if name.startswith(group + ".")), "")
    if ecosystem == "cargo":
        return names.get(name.replace("_", "-"), "")
    separator = "." if ecosystem == "nuget" else "/"
    parts = name.split(separator)
    for length in range(len(parts), 0, -1):
        vendor = names.get(separator.join(parts[:length]))
        if vendor:
            return vendor
    return ""


def _imported(vendor_id: str, line: int, name: str) -> Signal:
    return Signal("sdk", vendor_id, "api", line, f"import {name[:80]}", 20)
