"""What a format says when a report has no shape in it."""

from shadowscan.errors import UsageError


def no_report(format: str) -> UsageError:
    """The error to raise from `render_report` of a format for findings only."""
    return UsageError(f"reports cannot be written as {format}", hint="use terminal, json, csv, markdown, html or xlsx")
