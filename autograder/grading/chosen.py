"""Choose the submissions that a run grades, and name the folders that it skips."""

from collections.abc import Collection, Sequence

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.submitted import SubmissionFolder, misnamed, submission_folders

MOST_LISTED = 20


def choose(course: Course, assignments: Sequence[str], students: Collection[str] | None) -> list[SubmissionFolder]:
    """Return the submissions of these students, or of all. Raises Problem if any of them, or all, handed in nothing."""
    all_folders = submission_folders(course, assignments)
    chosen = [folder for folder in all_folders if not students or folder.student in students]
    unknown = set(students or ()) - {folder.student for folder in all_folders}
    where = course.root / "submitted"
    if unknown:
        what = f"there is nothing by {', '.join(sorted(unknown))}"
        raise Problem(where, what, "Check the spelling, or run `autograder collect` first.")
    if not chosen:
        raise Problem(where, "nothing was handed in", "Run `autograder collect` first, or put submissions there.")
    return chosen


def skipped_folders(course: Course) -> list[str]:
    """Return a line for each folder in submitted/ that cannot be graded, up to MOST_LISTED."""
    return [str(problem) for problem in misnamed(course)[:MOST_LISTED]]
