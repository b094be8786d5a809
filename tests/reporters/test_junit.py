"""JUnit as the common readers take it: elements, attributes and counts of the surefire dialect."""

from xml.etree import ElementTree

from tests.reporters.render import render

ALLOWED = {
    "testsuites": {"name"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
ROOT = ElementTree.fromstring(render("junit").encode())  # noqa: S314 - our own output


def test_elements_have_the_attributes_of_the_dialect_and_no_other() -> None:
    for element in ROOT.iter():
        assert set(element.attrib) == ALLOWED[element.tag], element.tag


def test_case_holds_one_outcome_at_most() -> None:
    assert {len(case) for case in ROOT.iter("testcase")} == {0, 1}


def test_suite_counts_its_cases() -> None:
    rules, sources = ROOT
    counts = {name: rules.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "2", "errors": "1", "skipped": "1"}
    assert sources.get("errors") == "2"


def test_failure_says_where_whose_and_what_to_do() -> None:
    texts = [[line.split(":")[0] for line in (each.text or "").splitlines()] for each in ROOT.iter("failure")]
    assert ["where"] * 4 + ["owner", "evidence", "evidence", "do"] in texts
    assert ["owner", "evidence", "evidence", "fix 1", "do"] in texts
