"""The port of a reporter: a finished document in, bytes out. Reporters never query.

A reporter is one module of this folder with a module-level `REPORTER` object that serves this protocol.
"""

from dataclasses import dataclass
from typing import Protocol

from shadowscan.model.audit import Audit
from shadowscan.model.report import Report


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to draw. `width` in terminal cells; `as_of` is set when an old snapshot is shown."""

    verbose: bool = False
    colour: bool = False
    width: int = 100
    group_by: str = "team"
    fail_on: str = "high"
    as_of: str = ""


class Reporter(Protocol):
    """One output format. `id` is the word after `--format`; `binary` ones need a FILE."""

    id: str
    binary: bool

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """The audit in this format. Same audit, same bytes, apart from the run's own block."""
        ...

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """A report in this format; raises `UsageError` where the format has no shape for reports."""
        ...
