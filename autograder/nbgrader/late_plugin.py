"""The late penalty of course.yml as a plugin of nbgrader's, which `configure` puts in the place of nbgrader's own."""

from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin

from autograder import course
from autograder.course import Course
from autograder.late_policy import HandIn, shares


class CourseLatePenalty(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Takes off what course.yml says. nbgrader's preprocessor, the plugin's parent, knows assignment and gradebook."""

    @cached_property
    def _course(self) -> Course:
        return course.load(Path(self.config.CourseDirectory.root))

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points that a late notebook loses, or None if it loses none."""
        name, the_course = self.parent.assignment_id, self._course
        policy = the_course.late_policy(name)
        share = policy.share(policy.days(total_seconds_late))
        if share and the_course.late and the_course.late.free_days:
            hand_ins = late_hand_ins(the_course, self.parent.gradebook, student_id)
            share = shares(the_course.late.free_days, hand_ins)[name]
        return score * share if share else None


def late_hand_ins(the_course: Course, gradebook: Gradebook, student: str) -> list[HandIn]:
    """Return a learner's late hand-ins, as the gradebook has them, in the order of course.yml."""
    entries: Any = (
        gradebook.db.query(Assignment.name, Assignment.duedate, SubmittedAssignment)
        .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(SubmittedAssignment.student_id == student, Assignment.duedate.is_not(None))
    )
    found = {name: (due, entry.total_seconds_late) for name, due, entry in entries}
    return [
        HandIn(each.id, *found[each.id], the_course.late_policy(each.id))
        for each in the_course.assignments
        if each.id in found and found[each.id][1] > 0
    ]
