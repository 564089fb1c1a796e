"""The discrimination of a check, worked out by hand."""

import pytest

from autograder.overview.statistics import discrimination
from autograder.report.report import Outcome

P, F, S = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED


def outcomes(*rows: tuple[Outcome, ...]) -> list[dict[str, Outcome]]:
    return [dict(zip("abc", row, strict=False)) for row in rows]


def test_discrimination_is_a_correlation_with_the_other_checks():
    apart = outcomes(*[(P, P)] * 10, *[(F, F)] * 10)
    assert discrimination("a", apart) == pytest.approx(1)
    assert discrimination("a", outcomes(*[(P, F)] * 10, *[(F, P)] * 10)) == pytest.approx(-1)
    assert discrimination("a", outcomes(*[(P, P), (P, F), (F, P), (F, F)] * 5)) == pytest.approx(0)
    # Of 12 who pass it, 9 pass b; of 8 who fail it, 2 do: phi of the table [[9, 3], [2, 6]].
    mixed = outcomes(*[(P, P)] * 9, *[(P, F)] * 3, *[(F, P)] * 2, *[(F, F)] * 6)
    assert discrimination("a", mixed) == pytest.approx((9 * 6 - 3 * 2) / (12 * 8 * 11 * 9) ** 0.5)


def test_discrimination_is_not_given_where_numbers_are_too_few_or_say_nothing():
    assert discrimination("a", outcomes(*[(P, P)] * 10, *[(F, F)] * 9)) is None, "19 learners"
    assert discrimination("a", outcomes(*[(P, P)] * 20, *[(F, F)] * 4)) is None, "4 who failed"
    assert discrimination("a", outcomes(*[(P, P)] * 10, *[(F, P)] * 10)) is None, "all alike elsewhere"


def test_a_skipped_check_counts_neither_as_passed_nor_as_failed():
    """Whoever fails a has c skipped. With c as a failure, the correlation would be 0.71."""
    rows = [(P, P, P), (P, F, P), (F, P, S), (F, F, S)] * 5
    assert discrimination("a", outcomes(*rows)) == pytest.approx(1 / 11**0.5)
    assert discrimination("c", outcomes(*rows)) is None, "nobody failed it"
