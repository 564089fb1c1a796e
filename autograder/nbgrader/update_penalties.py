"""Bring late penalties up to date wherever one hand-in decides the penalty of another: free days are shared."""

from collections.abc import Callable, Collection
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course import Course
from autograder.nbgrader.config import current_course
from autograder.nbgrader.late import LatePenalty
from autograder.nbgrader.rows import Sheet


def update_all(
    gradebook: Gradebook, late: LatePenalty, students: Collection[str], before_write: Callable[[], None]
) -> None:
    """Recompute these learners' penalties for every assignment of the course. Each assignment is one transaction."""
    released = {assignment.name for assignment in gradebook.assignments}
    for assignment in late.course.assignments:
        if assignment.id in released:
            sheet = Sheet(gradebook, assignment.id)
            if changes := sheet.changed_penalties(late, students):
                before_write()
                sheet.write_penalties(changes)
                gradebook.db.commit()


def has_free_days(course: Course) -> bool:
    """Return whether learners have free days, so that one hand-in can change the penalty of another."""
    return course.late is not None and course.late.free_days > 0


class ShareFreeDays(AssignLatePenalties):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's late penalty; it also updates the learner's other hand-ins, because free days are shared."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write the penalties. The notebook stays unchanged."""
        nb, resources = super().preprocess(nb, resources)
        course = current_course()
        if has_free_days(course):
            with Gradebook(self.db_url, course.course) as gradebook:
                update_all(gradebook, LatePenalty(course, self), {self.student_id}, lambda: None)
        return nb, resources
