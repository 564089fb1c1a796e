"""Choose learners by section and group, beside the names that were given."""

from collections.abc import Sequence

from autograder.campus import roster
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.submitted import submission_folders


def chosen(
    course: Course,
    assignments: Sequence[str],
    students: Sequence[str] | None,
    sections: Sequence[str] | None,
    groups: Sequence[str] | None,
) -> list[str] | None:
    """Return the learners whom the options mean: of a section or a group, those who have handed in; None for all.

    Raises Problem for a section or a group that nobody has, for a name outside of it, and if nobody is left.
    """
    members = roster.load(course).select(sections, groups) if sections or groups else None
    if members is None:
        return list(students) if students else None
    where = " and ".join(
        [*(f"section '{name}'" for name in sections or ()), *(f"group '{name}'" for name in groups or ())]
    )
    if outside := sorted(set(students or ()) - members):
        raise Problem(
            where, f"{', '.join(outside)}: not in it", "Check the spelling, or leave out --section and --group."
        )
    there = {folder.student for folder in submission_folders(course, assignments)}
    left = sorted(members & (set(students) if students else there))
    if not left:
        raise Problem(where, "nobody in it has handed in", "Run `autograder collect` or `autograder import` first.")
    return left


def members(
    course: Course, students: Sequence[str] | None, sections: Sequence[str] | None, groups: Sequence[str] | None
) -> frozenset[str] | None:
    """Return the learners whom the options mean, whether or not they have handed in; None for all. Raises Problem."""
    selected = roster.load(course).select(sections, groups)
    if not students:
        return selected
    return frozenset(students) if selected is None else selected & frozenset(students)
