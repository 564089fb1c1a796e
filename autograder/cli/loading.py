"""What every command does first: load the course, and choose assignments."""

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.terminal.say import say

if TYPE_CHECKING:
    from autograder.course import Course

OTHER_COPY = (
    "This is the autograder of {running}, not the one in {own}: it uses the hidden checks of {running}. "
    "For the course's own: cd {own} && make setup && . .venv/bin/activate"
)


def load(folder: Path | None) -> "Course":
    """Load the course, and warn if it contains a copy of the kit other than the one that runs."""
    # A command that grades starts the fork server before this import.
    from autograder import course

    the_course = course.load(folder)
    own = the_course.other_kit()
    if own is not None:
        say(OTHER_COPY.format(running=course.KIT.parent, own=own))
    return the_course


def selected(the_course: "Course", names: list[str] | None) -> list[str]:
    """Return the assignments with these names, or all, in the course's order. Raises Problem for an unknown name."""
    for name in names or ():
        the_course.assignment(name)
    return [assignment.id for assignment in the_course.assignments if not names or assignment.id in names]
