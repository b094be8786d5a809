"""Errors that reach a person: what failed, on what, what to do, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file that a person can open. `line` is 1-based, 0 where there is none."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class ShadowscanError(Exception):
    """Base of every error with a message meant for the user. `exit_code` is the contract's."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.message}" + (f"\n  hint: {self.hint}" if self.hint else "")


class UsageError(ShadowscanError):
    """The command line does not make sense."""


class ConfigError(ShadowscanError):
    """A policy, owners, config, rule or catalogue file is refused; names file and line."""


class TargetError(ShadowscanError):
    """A TARGET that does not exist, or nothing recognised at all."""


class StoreError(ShadowscanError):
    """The store cannot be used: another writer holds it, or it is not ours."""


class NotYetError(ShadowscanError):
    """A reserved name that this version does not build yet; nothing pretends."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not built yet", hint="the name is reserved by the public contract")


class BadInputError(ShadowscanError):
    """One object of a source cannot be read. Fails that object alone, never the run."""


class TruncatedError(BadInputError):
    """The object ends early. Rows before the break were kept: the object is `partial`."""
