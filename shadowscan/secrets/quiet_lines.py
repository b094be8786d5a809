"""The gate without hyperscan: a history repeats its lines some twenty times, so each line is looked at once."""

import re
from collections.abc import Callable, Iterable

KEPT_BYTES = 64 * 1024 * 1024  # of lines known to be quiet; then it begins anew


def line_gate(expression: re.Pattern[bytes]) -> Callable[[bytes], bool]:
    """Whether the expression, which goes across no line's end, is found in a text; quiet lines are remembered."""
    quiet: set[bytes] = set()
    room = KEPT_BYTES

    def remember(lines: Iterable[bytes]) -> None:
        nonlocal room
        for line in lines:
            quiet.add(line)
            room -= len(line)
        if room < 0:
            quiet.clear()
            room = KEPT_BYTES

    def is_told(text: bytes) -> bool:
        fresh = set(text.split(b"\n")) - quiet
        if not fresh or not expression.search(b"\n".join(fresh)):
            remember(fresh)
            return False
        remember(line for line in fresh if not expression.search(line))
        return True

    return is_told
