"""Progress and notes on stderr, so that stdout stays the report's."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """Where work says what it is doing. `say` gets one plain line; the default is silence."""

    say: Callable[[str], None] = field(default=lambda line: None)

    def step(self, stage: str, detail: str = "") -> None:
        """Announce a stage, such as `collect` with the object being read."""
        self.say(f"{stage}: {detail}" if detail else stage)


SILENT = Progress()
