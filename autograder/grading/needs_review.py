"""Find the submissions that a person should review: no verdict, a damaged file, a worse later hand-in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.grading.engine import Graded

NO_VERDICT = "no verdict"


def review_reasons(graded: "Graded") -> tuple[str, ...]:
    """Return why a person should review this submission; empty if nobody need."""
    reasons = [NO_VERDICT] if graded.report.has_error else []
    reasons += [look.value for look in graded.report.looks]
    if graded.resubmission and (loss := graded.resubmission.loss()):
        reasons.append(loss)
    return tuple(reasons)
