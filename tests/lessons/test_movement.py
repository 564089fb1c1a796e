"""Moving pictures show something before a button is pressed."""

import re
import struct
from base64 import b64decode

import matplotlib
import nbformat
import pytest

from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.read import read
from autograder.sandbox.host import Sandbox
from tests.courses import ROOT
from tests.few import few

MOVING = ("conv2d", "flatten", "transposed")


@pytest.mark.slow
@pytest.mark.parametrize("name", few(MOVING))
def test_the_first_frame_is_there_at_its_size(name: str) -> None:
    matplotlib.use("Agg")
    cells = {c.id: c.source for c in nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4).cells}
    namespace: dict = {}
    before, _, last = cells["movement"].rpartition("\n")
    ids = [*cells]
    above = [cells[id] for id in ids[: ids.index("movement")] if id in ("settings", "picture")]
    for source in (*above, before):
        exec(source.replace("plt.show()", "plt.close('all')"), namespace)
    page = eval(last, namespace).data
    assert len(page) < 100_000, "the frames have few colours, so that a page of the site stays light"
    (image,) = re.findall(r"<img [^>]*>", page)
    assert (width := re.search(r'width="(\d+)(?:\.0)?"', image)) and (
        height := re.search(r'height="(\d+)(?:\.0)?"', image)
    ), image
    assert re.search(r'alt="[^"]+"', image) and re.search(r'id="_anim_img\w+"', image)
    first = b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', image).group(1))
    assert struct.unpack(">II", first[16:24]) == (int(width.group(1)), int(height.group(1)))


@pytest.mark.parametrize("name", MOVING)
def test_graded_without_plots_the_cell_has_nothing_to_complain_of(name: str, the_course: Course, sandbox: Sandbox):
    (report,) = judge.grade(the_course, [read(the_course.master(name), name)], sandbox)
    assert (report.score, report.notes) == (report.max_score, ())
