"""SDK use by manifest: what a unit declares that it needs, and the images and configs it deploys."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from shadowscan.git.lexicon import GATEWAY_CONFIG_FILES, Lexicon
from shadowscan.git.signal import Signal

# File name -> (ecosystem, pattern whose first group is a package's name).
_MANIFESTS = {
    "package.json": ("npm", re.compile(r'^\s*"(@?[\w./-]+)"\s*:\s*"')),
    "go.mod": ("go", re.compile(r"^\s*(?:require\s+)?([\w.-]+\.\w+/[\w./-]+)\s+v")),
    "pom.xml": ("maven", re.compile(r"<artifactId>\s*([\w.-]+)\s*<")),
    "build.gradle": ("maven", re.compile(r"""["']([\w.-]+:[\w.-]+):""")),
    "build.gradle.kts": ("maven", re.compile(r"""["']([\w.-]+:[\w.-]+):""")),
    "cargo.toml": ("cargo", re.compile(r"^\s*([\w-]+)\s*=")),
    "gemfile": ("gem", re.compile(r"""^\s*gem\s+["']([\w-]+)["']""")),
    "pyproject.toml": (
        "pypi",
        re.compile(r"""^\s*["']?([A-Za-z][\w.-]*)(?:\[[\w,-]+\])?\s*(?:[=<>~!]=|["']|\s=\s*["'{^~])"""),
    ),
    "pipfile": ("pypi", re.compile(r"^\s*([A-Za-z][\w.-]*)\s*=")),
    "composer.json": ("composer", re.compile(r'^\s*"([\w-]+/[\w-]+)"\s*:')),
}
_REQUIREMENTS = ("pypi", re.compile(r"^\s*([A-Za-z][\w.-]*)"))
_CSPROJ = ("nuget", re.compile(r'PackageReference\s+Include="([\w.]+)"', re.IGNORECASE))
_IMAGE = re.compile(r"""^\s*(?:-\s*)?(?:FROM|image\s*[:=]|repository\s*:)\s*["']?([\w./:-]+)""", re.IGNORECASE)
_DEPLOY_NAMES = ("dockerfile", "containerfile", "docker-compose", "compose")


def find_manifest(path: str, text: str, lexicon: Lexicon) -> Iterator[Signal]:
    """Declared packages of known vendors, and named gateways by image or configuration."""
    declared = _manifest_of(PurePosixPath(path.lower()))
    if declared:
        ecosystem, pattern = declared
        names = (
            _artifacts(lexicon, ecosystem)
            if pattern is _MANIFESTS["pom.xml"][1]
            else lexicon.packages.get(ecosystem, {})
        )
        for number, line in enumerate(text.splitlines(), 1):
            found = pattern.search(line) if len(line) < 2_000 else None
            vendor = names.get(_canonical(found[1], ecosystem)) if found else None
            if found and vendor:
                yield Signal("sdk", vendor, "api", number, f"declares {found[1][:80]}", 20)
    yield from _find_gateway(PurePosixPath(path.lower()), text, lexicon)


def _manifest_of(path: PurePosixPath) -> tuple[str, re.Pattern[str]] | None:
    if path.name.startswith("requirements") and path.suffix in (".txt", ".in"):
        return _REQUIREMENTS
    return _CSPROJ if path.suffix == ".csproj" else _MANIFESTS.get(path.name)


def _canonical(name: str, ecosystem: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "pypi" else name.lower()


def _artifacts(lexicon: Lexicon, ecosystem: str) -> dict[str, str]:
    return {name.split(":")[-1]: vendor for name, vendor in lexicon.packages.get(ecosystem, {}).items()}


def _find_gateway(path: PurePosixPath, text: str, lexicon: Lexicon) -> Iterator[Signal]:
    product = GATEWAY_CONFIG_FILES.get(path.name)
    if product or ("model_list:" in text and "litellm_params:" in text):
        yield Signal(
            "gateway_config", product or "litellm", "gateway", 1, f"configuration of {product or 'litellm'}", 60
        )
    if not (path.name.startswith(_DEPLOY_NAMES) or path.suffix in (".yaml", ".yml", ".tf", ".nomad")):
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = _IMAGE.match(line) if len(line) < 2_000 else None
        name = re.split(r"[:@]", found[1].lower())[0] if found else ""
        for image, vendor in lexicon.images if name else ():
            if name == image or name.endswith("/" + image):
                yield Signal("gateway_config", vendor, "gateway", number, f"runs {image}", 60)
                break
