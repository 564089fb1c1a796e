"""Which of the hand-ins a run is to grade, and what is said of those that it leaves alone."""

from collections.abc import Collection, Sequence

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.submitted import SubmissionFolder, misnamed, submission_folders

MOST_TOLD = 20


def chosen(course: Course, assignments: Sequence[str], students: Collection[str] | None) -> list[SubmissionFolder]:
    """Return what these students handed in, or all did. Raises Problem where one did not, or nobody did."""
    there = submission_folders(course, assignments)
    found = [folder for folder in there if not students or folder.student in students]
    unknown = set(students or ()) - {folder.student for folder in there}
    where = course.root / "submitted"
    if unknown:
        what = f"there is nothing by {', '.join(sorted(unknown))}"
        raise Problem(where, what, "Check the spelling, or run `autograder collect` first.")
    if not found:
        raise Problem(where, "nothing was handed in", "Run `autograder collect` first, or put submissions there.")
    return found


def left_alone(course: Course) -> list[str]:
    """Return a line for each folder in submitted/ that nobody grades; of many, the first."""
    return [str(problem) for problem in misnamed(course)[:MOST_TOLD]]
