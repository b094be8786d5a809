"""`--format terminal`: one screen that says who, which vendor, what and the next action; `-v` adds all evidence."""

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from shadowscan.model.audit import Audit
from shadowscan.model.finding import Finding
from shadowscan.model.report import Report
from shadowscan.reporters import _overview
from shadowscan.reporters._terminal_details import print_details
from shadowscan.reporters._terminal_report import print_report
from shadowscan.reporters._terminal_style import SEVERITY_STYLES, plain
from shadowscan.reporters._text import plural, printable
from shadowscan.reporters.interface import RenderOptions

if TYPE_CHECKING:
    from rich.console import Console

UNLIMITED = 1_000_000
SCREEN_LINES = 26  # for groups, so that headline and coverage still fit a screen of 36
GROUP_LINES = FINDING_LINES = 2
SCREEN_GAPS = 3
MIN_WIDTH = 60


class TerminalReporter:
    """Text for a terminal of a given width; colour only where asked for."""

    id = "terminal"
    binary = False

    def render(self, audit: Audit, options: RenderOptions) -> bytes:
        """The overview; with `verbose`, every finding with its evidence below it."""
        console, out = _console(options)
        _print_headline(console, audit)
        _print_groups(console, audit, options)
        if options.verbose:
            print_details(console, audit)
        _print_coverage(console, audit, options)
        for note in audit.notes:
            console.print(plain(note, "dim"))
        return _bytes(out)

    def render_report(self, report: Report, options: RenderOptions) -> bytes:
        """Figures first, then every section as table or bars."""
        console, out = _console(options)
        print_report(console, report, options)
        return _bytes(out)


def _console(options: RenderOptions) -> tuple["Console", StringIO]:
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=max(options.width, MIN_WIDTH),
        force_terminal=options.colour,
        color_system="standard" if options.colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    return console, out


def _bytes(out: StringIO) -> bytes:
    lines = [line.rstrip() for line in out.getvalue().split("\n")]
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "replace")


def _print_headline(console: "Console", audit: Audit) -> None:
    from rich.text import Text

    found = _overview.counting(audit)
    line = Text(plural(len(found), "finding"), style="bold")
    for severity, count in _overview.severity_counts(found).items():
        if count:
            line.append("  ").append(f"{count} {severity}", style=SEVERITY_STYLES[severity])
    aside = {"lead" if len(_overview.leads(audit)) == 1 else "leads": len(_overview.leads(audit))}
    words = [f"{count} {why}" for why, count in {**aside, **_overview.set_aside(audit)}.items() if count]
    console.print(line.append(f"   ({', '.join(words)})" if words else "", style="dim"))


def _print_groups(console: "Console", audit: Audit, options: RenderOptions) -> None:
    groups = _overview.group_findings(audit, options.group_by)
    shown = _share_screen(groups, UNLIMITED if options.verbose else SCREEN_LINES)
    for group, count in zip(groups, shown, strict=True):
        if count:
            console.print()
            console.print(plain(group.name, "bold"))
        for line in group.lines[:count]:
            _print_line(console, line)
    hidden = sum(len(group.lines) for group in groups) - sum(shown)
    if hidden:
        console.print(plain(f"… and {hidden} more; -v shows all", "dim"))


def _share_screen(groups: Sequence[_overview.Group], room: int) -> list[int]:
    """How many lines of each group fit: everybody's worst first, then everybody's second, until the screen is full.

    The worst groups choose first wherever they stand, so that nothing critical is off the screen for having no team.
    """
    sizes, shown = [len(group.lines) for group in groups], [0] * len(groups)
    worst_first = sorted(range(len(groups)), key=lambda index: groups[index].lines[0].severity.rank)
    for place in range(max(sizes, default=0)):
        for index in worst_first:
            cost = FINDING_LINES + (0 if place else GROUP_LINES)
            if place < sizes[index] and shown[index] == place and cost <= room:
                shown[index] += 1
                room -= cost
    return shown


def _print_line(console: "Console", line: _overview.Line) -> None:
    from rich.padding import Padding
    from rich.text import Text

    text = Text.assemble(
        (f"{line.severity:<9}", SEVERITY_STYLES[line.severity]),
        (printable(line.vendor), "bold"),
        f"  {printable(line.title)}: {_subject_words(line)}",
        overflow="ellipsis",
        no_wrap=True,
    )
    console.print(Padding(text, (0, 0, 0, 2)))
    if line.action:
        action = Text(f"→ {printable(line.action)}", style="green", overflow="ellipsis", no_wrap=True)
        console.print(Padding(action, (0, 0, 0, 11)))


def _subject_words(line: _overview.Line) -> str:
    first, *others = line.subjects
    place = _place_words(line.findings[0])
    named = f"{place} ({printable(first)})" if place else printable(first)
    return named + (f" and {len(others)} more" if others else "")


def _place_words(finding: Finding) -> str:
    """Where a person goes to mend it: the first place that is still there, else the first that has a path."""
    places = sorted((place for place in finding.locations if place.path), key=lambda place: not place.in_head)
    if not places:
        return ""
    return printable(places[0].path) + (f":{places[0].line}" if places[0].line else "")


def _print_coverage(console: "Console", audit: Audit, options: RenderOptions) -> None:
    gaps = _overview.gaps(audit)
    console.print()
    if not audit.run.complete:
        console.print(plain("INCOMPLETE: what follows was not read or not evaluated", "bold red"))
    console.print(plain(f"Not looked at: {_gap_counts(gaps)}", "bold"))
    for gap in gaps if options.verbose else gaps[:SCREEN_GAPS]:
        text = plain(f"  {gap.kind}: {gap.what}: {gap.why}", "")
        console.print(text, no_wrap=not options.verbose, overflow="fold" if options.verbose else "ellipsis")
    if not options.verbose and len(gaps) > SCREEN_GAPS:
        console.print(plain(f"  … and {len(gaps) - SCREEN_GAPS} more; -v shows all", "dim"))


def _gap_counts(gaps: list[_overview.Gap]) -> str:
    counts: dict[str, int] = {}
    for gap in gaps:
        counts[gap.kind] = counts.get(gap.kind, 0) + 1
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing known to be missing"


REPORTER = TerminalReporter()
