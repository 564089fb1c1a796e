"""Read the functions that learners wrote, as text, from what they handed in. Nothing is run."""

from collections.abc import Collection, Mapping

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks import intake
from autograder.notebooks.budget import READ_SECONDS
from autograder.notebooks.clock import at_most
from autograder.notebooks.master import functions_to_write
from autograder.notebooks.normal_form import Function, as_text, functions
from autograder.notebooks.read import Submission, from_notebook, parse
from autograder.notebooks.submitted import SubmissionFolder
from autograder.overview.class_data import ClassData
from autograder.overview.usual import Usual
from autograder.report.report import Outcome

# The functions of one learner that the course did not give, by name. Of two with one name, the last one counts.
OwnCode = Mapping[str, Function]


def own_code(data: ClassData, assignment: str, usual: Usual) -> dict[str, OwnCode]:
    """Return the functions of each learner whose answer was judged, by the learner's id.

    A judge has read each of these files before, under its limits. What it could not read, or what ended it, is not read
    here either.
    """
    wanted, given = functions_to_write(data.course, assignment), usual.sources(assignment)
    found = {}
    for entry in data.of(assignment):
        if not entry.has_answer or all(check.outcome is Outcome.ERROR for check in entry.checks):
            continue
        try:
            with at_most(READ_SECONDS, entry.student, "read"):
                found[entry.student] = _read(data.course, entry.student, assignment, wanted, given)
        except (Problem, OSError):
            continue
    return found


def _read(course: Course, student: str, assignment: str, wanted: Collection[str], given: Collection[str]) -> OwnCode:
    folder = SubmissionFolder(student, assignment, course.root / "submitted" / student / assignment)
    raw = intake.settle(intake.pack(course, assignment, folder.notebook))
    # What cannot be read any more has no data, which `parse` refuses.
    return of_submission(from_notebook(parse(raw.data, raw.name), assignment, raw.name), wanted, given)


def of_submission(submission: Submission, wanted: Collection[str], given: Collection[str]) -> OwnCode:
    """Return the functions in a learner's own cells. `given` are the sources of the course's cells."""
    found: dict[str, Function] = {}
    for cell in submission.cells:
        if cell.source.strip() in given:
            continue
        own = functions(cell.source)
        if own is None:
            lines = {line.strip() for source in given for line in source.splitlines()}
            own = [as_text(name, cell.source, lines) for name in wanted if f"def {name}(" in cell.source][:1]
        found |= {each.name: each for each in own}
    return found
