"""NuGet packages: project files, central package files, and their lockfiles."""

from shadowscan.git.manifests.interface import Ecosystem, by_line

_REFERENCE = by_line(r'<Package(?:Reference|Version)\s+(?:Include|Update)="([\w.-]+)"')

ECOSYSTEM = Ecosystem(
    id="nuget",
    files=(
        ("*.csproj", _REFERENCE),
        ("*.fsproj", _REFERENCE),
        ("*.vbproj", _REFERENCE),
        ("directory.packages.props", _REFERENCE),
        ("packages.config", by_line(r'<package\s+id="([\w.-]+)"')),
        ("packages.lock.json", by_line(r'^\s{6}"([\w.-]+)": \{', is_locked=True)),
    ),
)
