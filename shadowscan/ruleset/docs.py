"""One Markdown page a rule, its tests as examples, and an index of them all."""

from collections.abc import Iterable, Mapping

from shadowscan.model.rule import Rule, RuleTest, Value
from shadowscan.ruleset.load import RulePack

_KIND_WORDS = {
    "tp": "Finds",
    "tn": "Stays quiet",
    "near_miss": "Close, and quiet",
    "known_gap": "Known gap",
}


def page_name(rule_id: str) -> str:
    """File name of a rule's page."""
    return f"{rule_id}.md"


def rule_page(rule: Rule) -> str:
    """The rule's page: what, why, what to do, what it misses, its SQL and its examples."""
    parts = [
        f"# {rule.title}",
        f"`{rule.id}` · {rule.type} · severity {rule.severity} · confidence {rule.confidence} · "
        f"version {rule.version} · {rule.status}",
        rule.description.strip(),
        _section("What to do", [rule.remediation.strip(), *_steps(rule)]),
        _section("False positives", _list(rule.false_positives)),
        _section("Blind spots", _list(rule.blind_spots)),
        _section("Needs", _list(f"`{name}`" for name in (*rule.requires, *rule.any_of))),
        _section(
            "Identity", ["A finding stays the same while these do: " + ", ".join(map(_code, rule.identity)) + "."]
        ),
        _section("SQL", [f"```sql\n{rule.sql.strip()}\n```"]),
        _section("Examples", [_example(test) for test in rule.tests]),
        _section("References", _list(f"<{reference}>" for reference in rule.references)),
        "Tags: " + ", ".join(map(_code, rule.tags)) if rule.tags else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def index_page(pack: RulePack) -> str:
    """All rules in one table, by id."""
    rows = [
        f"| [`{rule.id}`]({page_name(rule.id)}) | {rule.title} | {rule.severity} | {rule.type} | "
        + ", ".join(map(_code, (*rule.requires, *rule.any_of)))
        + " |"
        for rule in pack.rules.values()
    ]
    head = ["| rule | finds | severity | type | needs |", "|---|---|---|---|---|"]
    return "# Rules\n\nMade from the files in `rules/`; do not edit by hand.\n\n" + "\n".join([*head, *rows]) + "\n"


def all_pages(pack: RulePack) -> Mapping[str, str]:
    """Every page by file name, the index as `index.md`."""
    return {"index.md": index_page(pack), **{page_name(rule.id): rule_page(rule) for rule in pack.rules.values()}}


def _section(title: str, paragraphs: Iterable[str]) -> str:
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return f"## {title}\n\n{text}" if text else ""


def _list(items: Iterable[str]) -> list[str]:
    return ["\n".join(f"- {item}" for item in items)]


def _steps(rule: Rule) -> list[str]:
    if rule.fix is None:
        return []
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(rule.fix.steps, start=1))
    return [steps, f"Effort: {rule.fix.effort}."]


def _example(test: RuleTest) -> str:
    blocks = [f"### {_KIND_WORDS[test.kind]}: {test.name}"]
    blocks.extend(f"`{view}`\n\n{_table(rows)}" for view, rows in test.given.items() if rows)
    blocks.append(f"gives\n\n{_table(test.expect)}" if test.expect else "gives nothing.")
    return "\n\n".join(blocks)


def _table(rows: list[dict[str, Value]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines.extend("| " + " | ".join(_cell(row.get(column, "")) for column in columns) + " |" for row in rows)
    return "\n".join(lines)


def _cell(value: Value) -> str:
    return "null" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    return f"`{text}`"
