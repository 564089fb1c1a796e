"""What decides a report is in the digest by which it is known again."""

import json

from autograder.grading import cache
from autograder.notebooks.budget import MOST_FILES
from autograder.notebooks.submitted import submission_folders
from tests import courses


def test_the_notebook_decides_the_key_whatever_lies_beside_it(a_course):
    path = courses.hand_in(a_course, "ada", courses.answered(a_course))
    for number in range(MOST_FILES + 2):
        (path.parent / f"a{number:02}.ipynb").write_text("{}", encoding="ascii")
    (folder,) = submission_folders(a_course, ["conv2d"])
    before = cache.key(a_course, folder)
    path.write_text(json.dumps(courses.stub(a_course)), encoding="utf-8")
    assert cache.key(a_course, folder) != before
