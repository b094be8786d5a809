"""Owners as text for a terminal: one subject with its chain, and what would mend most."""

from typing import Any

Row = dict[str, Any]
SHOWN = 3  # targets of a fix


def owner_text(row: Row) -> Row:
    """The document with its chain, links and evidence as lines."""
    return {
        **row,
        "chain": [_step(step) for step in row["chain"]],
        "links": [_link(link) for link in row["links"]],
        "evidence": [f"{e['confidence']:.2f} {e['source']}: {e['key']} → {e['value'] or '-'}" for e in row["evidence"]],
    }


def gap_text(fix: Row) -> Row:
    """One fix: its share of what is unowned, the sentence, and its targets."""
    named = fix["targets"][:SHOWN]
    more = f" and {fix['target_count'] - len(named)} more" if fix["target_count"] > len(named) else ""
    guess = f", perhaps {fix['guess']}" if fix["guess"] else ""
    return {
        "share": f"{fix['share']} % of unowned {' '.join(filter(None, (fix['measure'], fix['unit'])))}",
        "fix": f"{fix['fix']}{guess}",
        "targets": ", ".join(named) + more,
    }


def _step(step: Row) -> str:
    at = f", {step['at']:%Y-%m-%dT%H:%M:%SZ}" if step["at"] else ""
    return f"{step['step']:<17} {step['says']}  [{step['source']}{at}]"


def _link(link: Row) -> str:
    since = f" from {link['valid_from']:%Y-%m-%dT%H:%M:%SZ}" if link["valid_from"] else ""
    until = f" until {link['valid_until']:%Y-%m-%dT%H:%M:%SZ}" if link["valid_until"] else ""
    return f"{link['kind']:<12} {link['value']}{since}{until}  [{link['source']}]"
