"""Which submissions need a person, and why: no verdict, a file that was not as it should be, a later hand-in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.grading.engine import Graded

NO_VERDICT = "no verdict"


def why(one: "Graded") -> tuple[str, ...]:
    """Return why a person should look at this submission; nothing where nobody need."""
    found = [NO_VERDICT] if one.report.has_error else []
    found += [look.value for look in one.report.looks]
    told = one.resubmission.told() if one.resubmission else ""
    return (*found, told) if told else tuple(found)
