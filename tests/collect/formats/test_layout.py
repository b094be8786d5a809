"""Format strings as expressions over lines."""

import re

import pytest

from shadowscan.collect.formats._layout import Layout, Syntax, choose_layout, compile_layout
from shadowscan.collect.formats.interface import Head
from shadowscan.store.connection import Store

SYNTAX = Syntax(re.compile(r"\$(\w+)"), lambda code: code[1] if code[1] in "abc" else "", {"c": r"\d+"})


@pytest.mark.parametrize(
    ("layout", "line", "expected"),
    [
        ("$a $b", "x y", ("x", "y", None)),
        ("$a $b", "x y and more", ("x", "y", None)),
        ("$a $b", "  x    y", ("x", "y", None)),
        ("$a/$b", "x/y/z", ("x", "y/z", None)),
        ('"$a" [$b]', r'"x \" y" [p q]', (r"x \" y", "p q", None)),
        ("$z-$c", "what-12", (None, None, "12")),
        ("$a.$a $b+", "1.2 3+", ("1", "3", None)),
        ("$a $b", "- y", (None, "y", None)),
        ("$a $c", "x y", None),
        ("$a|$b", "a b|c", None),
    ],
)
def test_read_when_layout_varies_then_its_fields(
    store: Store, layout: str, line: str, expected: tuple[str | None, ...] | None
) -> None:
    store.query("create temp table log_line as select 0 as file, 1 as line, $text as text", {"text": line})
    found = Layout((compile_layout(layout, SYNTAX),))

    [(_, _, is_matched, *values)] = store.query(found.read(("a", "b", "c")), found.parameters).rows

    assert is_matched is (expected is not None)
    assert tuple(values) == (expected or (None, None, None))


def test_choose_layout_when_lines_differ_then_every_pattern_that_is_needed() -> None:
    patterns = [compile_layout(layout, SYNTAX) for layout in ("$c $a $b", "$c $a", "$a=$b", "$a;$b")]

    layout, share = choose_layout(Head("x", b"1 x\n2 x y\np=q\n???\n"), patterns)

    assert (layout.patterns, share) == (tuple(patterns[:3]), 0.75)


def test_compile_layout_when_pattern_meets_a_hostile_line_then_it_ends() -> None:
    pattern = compile_layout('$a "$b" $z "$z" [$z] $z/$z $c', SYNTAX)

    assert re.match(pattern.expression, 'x "' + '\\"' * 2000 + " " * 2000) is None
