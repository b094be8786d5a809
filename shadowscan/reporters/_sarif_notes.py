"""Notifications of a SARIF log: what was not read, not evaluated, or not looked at."""

from typing import assert_never

from shadowscan.model.audit import Audit
from shadowscan.model.outcome import Collected, Failed, NotEvaluable, Partial, RuleFailed, Skipped, SourceReport
from shadowscan.reporters._document import Json

NOTIFICATIONS: list[Json] = [
    {"id": "blind-spot", "shortDescription": {"text": "Something that was not looked at"}},
    {"id": "rule-failed", "shortDescription": {"text": "A rule that broke; the others ran"}},
    {"id": "rule-not-evaluable", "shortDescription": {"text": "A rule whose inputs were not there"}},
    {"id": "source-failed", "shortDescription": {"text": "A source that could not be read"}},
    {"id": "source-partial", "shortDescription": {"text": "A source that was read up to a point"}},
    {"id": "source-skipped", "shortDescription": {"text": "A source that was not recognised"}},
]


def execution_notes(audit: Audit, indices: dict[str, int]) -> list[Json]:
    """`toolExecutionNotifications`: sources, then rules that broke, then blind spots."""
    sources = sorted(audit.sources, key=lambda source: (source.target, source.format))
    rules = sorted(audit.rules, key=lambda rule: rule.id)
    spots = sorted(audit.coverage, key=lambda spot: (spot.blind_spot, spot.why))
    return [
        *(note for source in sources for note in _source_notes(source)),
        *(
            _note("rule-failed", "error", f"{rule.id} failed: {outcome.reason}", _rule(rule.id, indices))
            for rule in rules
            if isinstance(outcome := rule.outcome, RuleFailed)
        ),
        *(_note("blind-spot", "note", f"Not looked at: {spot.blind_spot}. {spot.why}") for spot in spots),
    ]


def configuration_notes(audit: Audit, indices: dict[str, int]) -> list[Json]:
    """`toolConfigurationNotifications`: rules that could not be evaluated, which is not the same as no findings."""
    return [
        _note("rule-not-evaluable", "note", f"{rule.id}: {rule.outcome.reason}", _rule(rule.id, indices))
        for rule in sorted(audit.rules, key=lambda rule: rule.id)
        if isinstance(rule.outcome, NotEvaluable)
    ]


def _source_notes(source: SourceReport) -> list[Json]:
    match source.outcome:
        case Collected():
            return []
        case Partial(reason=reason):
            return [_note("source-partial", "error", f"{source.target} was read in part: {reason}")]
        case Failed(reason):
            return [_note("source-failed", "error", f"{source.target} could not be read: {reason}")]
        case Skipped(reason):
            return [_note("source-skipped", "note", f"{source.target} was skipped: {reason}")]
        case _:
            assert_never(source.outcome)


def _rule(id: str, indices: dict[str, int]) -> Json:
    return {"associatedRule": {"id": id, "index": indices[id]}}


def _note(id: str, level: str, text: str, extra: Json | None = None) -> Json:
    return {"descriptor": {"id": id}, "level": level, "message": {"text": text}, **(extra or {})}
