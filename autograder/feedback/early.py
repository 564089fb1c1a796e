"""Make pages of a class that is still being graded, while the judges are busy.

Nothing is released yet: the run that makes the others does that, and finds these unchanged.
"""

from collections import defaultdict, deque

from autograder.course import Course
from autograder.feedback import render
from autograder.feedback.give import write_page
from autograder.feedback.wanted import WantedPage, wanted_pages
from autograder.nbgrader import shared
from autograder.nbgrader.update_penalties import has_free_days


def early_pages(course: Course) -> "EarlyPages | None":
    """Return what makes pages early; None where a later hand-in may still change the penalty of an earlier one."""
    return None if has_free_days(course) else EarlyPages(course)


class EarlyPages:
    """The pages of what has been graded so far. A page that cannot be made is left to the run that makes the others."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._is_shared = shared.is_shared(course)
        self._graded: dict[str, set[str]] = defaultdict(set)
        self._pages: deque[WantedPage] = deque()

    def add(self, student: str, assignment: str) -> None:
        """Note that a submission is graded, and in the gradebook."""
        self._graded[assignment].add(student)

    def make_one(self) -> bool:
        """Make one page. Return whether there was one to make."""
        if not self._pages and self._graded:
            name, students = self._graded.popitem()
            self._pages += (page for page in wanted_pages(self._course, name, students) if not page.is_current)
        if not self._pages:
            return False
        page = self._pages.popleft()
        html = render.html_of(self._course.root, page)
        if isinstance(html, str):
            write_page(page, html, is_shared=self._is_shared)
        return True
