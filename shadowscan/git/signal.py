"""What a line of code or configuration says about LLM use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal at one line (from 1). `kind` is one of `repo_hit.kind`; `weight` counts for the gateway class.

    `vendor_id` is a catalogue id, `gateway` for an approved gateway's host, or `unknown`. `detail` never holds a value
    that could be a secret: `host=`, `region=` and `concern=` words are for the enrichment.
    """

    kind: str
    vendor_id: str
    service: str
    line: int
    detail: str
    weight: int = 0
