"""Which rules a run evaluates: `--select` and `--ignore`."""

from collections.abc import Iterable, Sequence

from shadowscan.documents import nearest
from shadowscan.errors import UsageError
from shadowscan.ruleset.load import RulePack


def select_rules(pack: RulePack, select: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """Rule ids to run, sorted. Selectors are ids or families (`keys.*`), also comma-separated; unknown raises
    `UsageError`. Nothing selected means all.
    """
    wanted = _expand(pack, select) if _split(select) else set(pack.rules)
    return tuple(sorted(wanted - _expand(pack, ignore)))


def _expand(pack: RulePack, selectors: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for selector in _split(selectors):
        matched = {rule for rule in pack.rules if _matches(selector, rule)}
        if not matched:
            raise UsageError(f"no rule is named {selector!r}{nearest(selector, pack.rules)}", hint="see `rules list`")
        found |= matched
    return found


def _split(selectors: Iterable[str]) -> list[str]:
    return [part.strip() for text in selectors for part in text.split(",") if part.strip()]


def _matches(selector: str, rule_id: str) -> bool:
    return rule_id == selector or (selector.endswith(".*") and rule_id.startswith(selector[:-1]))
