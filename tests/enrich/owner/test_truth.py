"""A generated company whose owners are known: seldom wrong, and less evidence never makes more owned."""

from collections import Counter
from dataclasses import replace

import pytest

from bench.owners_truth import SAYS, Company, score


@pytest.fixture(scope="module", params=[1, 2])
def company(request: pytest.FixtureRequest) -> Company:
    return Company(workloads=400, seed=request.param)


@pytest.fixture(scope="module")
def whole(company: Company) -> Counter[str]:
    return score(company)


def test_owner_when_all_evidence_is_there_then_wrong_is_rare_and_conflicts_show_the_better_one(
    whole: Counter[str],
) -> None:
    assert whole["wrong"] <= 20
    assert whole["right"] + whole["conflict right"] >= 350
    assert whole["conflict right"] > 3 * whole["conflict wrong"]


@pytest.mark.parametrize("source", ["tag", "account", "address range"])
def test_owner_when_a_source_is_left_out_then_never_fewer_unowned(
    company: Company, whole: Counter[str], source: str
) -> None:
    left = score(company, source)

    assert left["unowned"] > whole["unowned"]
    assert left.total() == whole.total() == 400


def test_owner_when_nothing_is_said_then_nobody_is_made_up(company: Company) -> None:
    silent = Company(workloads=50, seed=company.seed)
    silent.made = [replace(workload, says={}) for workload in silent.made]

    assert score(silent) == {"unowned": 50}


def test_sources_when_left_out_then_each_says_something(company: Company) -> None:
    assert {source for workload in company.made for source in workload.says} == set(SAYS)
