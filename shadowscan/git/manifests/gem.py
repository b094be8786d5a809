"""Ruby gems: Gemfile, gemspecs and Gemfile.lock."""

from shadowscan.git.manifests.interface import Ecosystem, by_line

ECOSYSTEM = Ecosystem(
    id="gem",
    files=(
        ("gemfile", by_line(r"""^\s*gem\s*\(?\s*["']([\w-]+)["']""")),
        ("*.gemspec", by_line(r"""^\s*\w+\.add_(?:runtime_|development_)?dependency\s*\(?\s*["']([\w-]+)["']""")),
        ("gemfile.lock", by_line(r"^\s{4}([\w-]+) \(", is_locked=True)),
    ),
)
