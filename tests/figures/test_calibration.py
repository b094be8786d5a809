from bench.calibration import SHOWN_SEEDS, make_case, said


def test_probabilities_when_companies_are_simulated_then_about_as_many_are_right_as_said() -> None:
    rows = [row for number in range(500) for row in said(make_case(SHOWN_SEEDS + number))]

    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        inside = [row for row in rows if low <= row[0] < high]
        assert len(inside) > 40
        assert abs(sum(row[0] for row in inside) - sum(row[2] for row in inside)) / len(inside) < 0.12


def test_strong_when_companies_are_simulated_then_nine_in_ten_right() -> None:
    rows = [row for number in range(500) for row in said(make_case(SHOWN_SEEDS + number)) if row[1] == "strong"]

    assert sum(row[2] for row in rows) / len(rows) > 0.88
