"""The port of a kind of ownership evidence: one module of `evidence/` with a module-level `find`.

`find(facts, subject)` yields what this kind of evidence says of one subject; it decides nothing.
"""

from dataclasses import dataclass
from typing import Literal

Rank = Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One statement about one subject. `rank` is the order of evidence (1 settles every dispute), `source` its kind.

    `value` is a team or person as written; `is_shared` says that it is common on purpose. `is_derived` marks a team
    made out of a name, which only counts where the team is declared.
    """

    rank: int
    source: str
    key: str
    value: str
    confidence: float
    is_shared: bool = False
    is_derived: bool = False


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """The subject asked about, with the other names it goes by."""

    subject_id: str
    kind: str
    label: str
    account_id: str
    vpc_id: str
    addresses: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
