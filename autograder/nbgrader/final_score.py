"""Compute a final score as nbgrader's export does: the one rule, for every place that shows one."""

from collections.abc import Iterable, Mapping
from typing import Any


def score_of(grade: Mapping[str, Any]) -> float:
    """Return one cell's score as nbgrader counts it: the manual score, or else the automatic one, plus extra credit.

    It is 0 where there is neither, even with extra credit.
    """
    manual, auto = grade.get("manual_score"), grade["auto_score"]
    if manual is None and auto is None:
        return 0.0
    return float(auto if manual is None else manual) + float(grade.get("extra_credit") or 0.0)


def total_penalty(penalties: Iterable[float | None]) -> float:
    """Return what a hand-in loses for lateness. Each of its notebooks has one penalty; None if it is in time."""
    return float(sum(penalty or 0.0 for penalty in penalties))


def final_score(scores: Iterable[float], penalties: Iterable[float | None]) -> float:
    """Return the final score of a hand-in: all scores minus all late penalties, and never less than 0."""
    return max(0.0, sum(scores) - total_penalty(penalties))
