"""Logs that come with a time before each line: some need it, having none of their own, others are broken by it."""

from collections.abc import Sequence

from shadowscan.collect.formats.interface import Head
from shadowscan.collect.recognise import is_known


def needs_time(timed: Sequence[str], bare: Sequence[str]) -> bool:
    """Whether a format reads these lines with the time before them. A JSON record never has one."""
    if not bare or bare[0].lstrip().startswith(("{", "[{")):
        return False
    return is_known(head_of("", timed))


def head_of(name: str, lines: Sequence[str]) -> Head:
    """The head of a log with these lines."""
    return Head(name, "".join(f"{line}\n" for line in lines).encode())
