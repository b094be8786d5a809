"""Styles of the terminal, and text that no evidence can restyle."""

from typing import TYPE_CHECKING

from shadowscan.model.severity import Severity
from shadowscan.reporters._text import printable

if TYPE_CHECKING:
    from rich.text import Text

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}


def plain(text: str, style: str = "") -> "Text":
    """One line of text as it is: no markup is read, no control character passes."""
    from rich.text import Text

    return Text(printable(text), style=style)
