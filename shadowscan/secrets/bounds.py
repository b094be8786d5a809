"""What may stand beside a key: said once for the exact expressions, which look around, and for the gate, which cannot.

An escape ends in a letter or digit (`%3D`, `\\n`, `\\u0022`), so it is a unit of its own before the plain test.
"""

LEFT = (
    rb"(?:(?<![A-Za-z0-9_-])|(?<=<!--)"
    rb"|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2}))"
)
RIGHT = rb"(?:(?![A-Za-z0-9_-])|(?=-->))"

# The same as bytes that are read: hyperscan has no look-around.
LEFT_READ = rb"(?:^|[^A-Za-z0-9_-]|<!--|%[0-9A-Fa-f]{2}|\\[nrtbf]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})"
RIGHT_READ = rb"(?:$|[^A-Za-z0-9_-]|-->)"
