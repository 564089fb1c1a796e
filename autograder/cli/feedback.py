"""Give back: `feedback`, and `solutions` after the deadline."""

from autograder.cli.loading import load, selected
from autograder.terminal.options import Assignments, CourseFolder, Groups, Sections, Students, Wait


def feedback(
    names: Assignments = None,
    student: Students = None,
    section: Sections = None,
    group: Groups = None,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Make the feedback pages and release them. They go to nbgrader's exchange, for learners to fetch."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.campus.selection import chosen
    from autograder.grading import lock
    from autograder.nbgrader import commands

    students = chosen(the_course, assignments, student, section, group)
    with lock.held(the_course, "feedback", wait=wait):
        commands.feedback(commands.connect(the_course), the_course, assignments, print, students=students)


def solutions(names: Assignments = None, folder: CourseFolder = None) -> None:
    """Make executed solution notebooks. They go to solved/, to hand out after the deadline."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.nbgrader import commands

    commands.solve(commands.connect(the_course), the_course, assignments, print)
