"""Hand out: `release`, and `key` for the hidden checks."""

from typing import Annotated

import typer

from autograder.cli.loading import load, selected
from autograder.terminal.options import Assignments, CourseFolder, Wait


def release(
    names: Assignments = None,
    only_stubs: Annotated[bool, typer.Option("--only-stubs", help="Make the stubs, but do not release them")] = False,
    wait: Wait = False,
    folder: CourseFolder = None,
) -> None:
    """Make the stub notebooks and release them. They go to nbgrader's exchange, for learners to fetch."""
    the_course = load(folder)
    assignments = selected(the_course, names)
    from autograder.grading import lock
    from autograder.nbgrader import commands
    from autograder.terminal import keys

    api = commands.connect(the_course)
    with lock.held(the_course, "release", wait=wait):
        commands.generate(api, the_course, assignments, print)
        keys.warn(the_course if only_stubs else keys.ensure(the_course))
        if not only_stubs:
            commands.release(api, the_course, assignments, print)


def key(folder: CourseFolder = None) -> None:
    """Make course.key, the secret that decides the hidden checks. An existing key is never replaced."""
    from autograder import course
    from autograder.terminal import keys

    keys.warn(keys.make(course.load(folder)))
