"""Make the course's key, and warn if somebody may know the hidden checks."""

import sys

from autograder import key
from autograder.course import Course


def ensure(course: Course) -> Course:
    """Return the course with a key: its own, or a new one unless submissions were graded without.

    A class that was graded with the public seed keeps the checks that it had.
    """
    public = course.key.origin == key.SEED
    return make(course) if public and not key.was_used(course.root) else course


def make(course: Course) -> Course:
    """Return the course with a new key. If it has one already, say so and change nothing."""
    if course.key.origin != key.SEED:
        print(key.THERE.format(key=course.key))
        return course
    # Importing nbgrader is slow, and most runs make no key.
    from autograder.nbgrader import shared

    made = key.make(course.root)
    if shared.is_shared(course):
        shared.share_own_files(course)
    print(key.MADE.format(path=key.FILE, shown=made.shown))
    if key.was_used(course.root):
        print(key.GRADED)
    return course.under(made)


def warn(course: Course) -> None:
    """Print a line on stderr if somebody may know the hidden checks."""
    weakness = key.weakness(course.key, course.root)
    if weakness:
        print("Warning: {}. {}".format(*weakness), file=sys.stderr)
