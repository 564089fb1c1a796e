"""What people are told of the course's key: that it was made, or that somebody may know the hidden checks."""

import sys

from autograder import key
from autograder.course import Course


def ensure(course: Course) -> Course:
    """Make a key, unless there is one or submissions were graded without: a class keeps the checks that it had."""
    public = course.key.origin == key.SEED
    return make(course) if public and not key.was_used(course.root) else course


def make(course: Course) -> Course:
    """The course with a new key. Where there is one, say so and change nothing."""
    if course.key.origin != key.SEED:
        print(key.THERE.format(key=course.key))
        return course
    # nbgrader takes a while to import, and most runs make no key.
    from autograder.nbgrader import shared

    made = key.make(course.root)
    if shared.is_shared(course):
        shared.hand_over(course)
    print(key.MADE.format(path=key.FILE, shown=made.shown))
    if key.was_used(course.root):
        print(key.GRADED)
    return course.under(made)


def warn(course: Course) -> None:
    """Say in one line, to people and not to programs, that somebody may know the hidden checks."""
    weak = key.weakness(course.key, course.root)
    if weak:
        print("Warning: {}. {}".format(*weak), file=sys.stderr)
