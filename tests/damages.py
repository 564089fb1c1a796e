"""Damaged notebooks: each kind of damage once, the points that it must get, and what the report must say."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.courses import RIGHT, cell

Notebook = dict[str, Any]
NOTHING = b""


@dataclass(frozen=True)
class Damage:
    """One kind of damage.

    `do` changes a right notebook in place, or returns the bytes to hand in instead. `names` are the files that hold it,
    `extra` are the files beside it (contents by name).
    """

    name: str
    do: Callable[[Notebook], bytes | None]
    points: float
    says: tuple[str, ...]
    names: tuple[str, ...] = ("conv2d.ipynb",)
    extra: tuple[tuple[str, str], ...] = ()


DAMAGES: list[Damage] = []
FOREIGN = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "def get_kernel_matrix(): ..."}]})
FULL = 10.0


def damage(points: float, *says: str, **more: Any) -> Callable[[Callable], Callable]:
    """Add a function to the table."""

    def put(do: Callable[[Notebook], bytes | None]) -> Callable:
        DAMAGES.append(Damage(do.__name__, do, points, says, **more))
        return do

    return put


@damage(FULL)
def nothing(notebook):
    pass


@damage(FULL, "The cell “solution” occurred 2 times; all were run, and the last one counts as yours.")
def solution_doubled(notebook):
    at = notebook["cells"].index(cell(notebook, "solution"))
    first = copy.deepcopy(notebook["cells"][at])
    first["source"] = "def matrix_multiplication_for_conv2d(*anything): return None"
    notebook["cells"].insert(at, first)


@damage(FULL, "The locked cell “check-stride” occurred 3 times")
def check_doubled(notebook):
    at = notebook["cells"].index(cell(notebook, "check-stride"))
    notebook["cells"][at:at] = [copy.deepcopy(notebook["cells"][at]) for _ in range(2)]


@damage(FULL, "The cell “check-bias” was missing; the course's own was put back.", "The cell “imports” was missing")
def cells_deleted(notebook):
    for name in ("check-bias", "imports", "visible-checks"):
        notebook["cells"].remove(cell(notebook, name))


@damage(0, "The cell “solution” was missing; the course's own was put back.")
def solution_deleted(notebook):
    notebook["cells"].remove(cell(notebook, "solution"))


@damage(0, "The cell “solution” was missing")
def all_deleted(notebook):
    notebook["cells"].clear()


@damage(FULL, "The course's cells were out of order")
def reordered(notebook):
    notebook["cells"].reverse()


@damage(FULL, "The cell “solution” was no longer a code cell; it was read as code.")
def solution_retyped(notebook):
    own = cell(notebook, "solution")
    own["cell_type"] = "markdown"
    own.pop("outputs", None)


@damage(FULL, "The locked cell “check-slides” had been changed")
def check_retyped(notebook):
    own = cell(notebook, "check-slides")
    own["cell_type"] = "raw"
    own.pop("outputs", None)


@damage(FULL, "The cell “solution” had lost its metadata", "The locked cell “check-slides” had lost its metadata")
def stripped(notebook):
    for one in notebook["cells"]:
        one["metadata"] = {}


@damage(FULL, "The cell “solution” had lost its metadata", "The cell “check-slides” was missing")
def stripped_of_ids_too(notebook):
    for one in notebook["cells"]:
        one["metadata"] = {}
        one.pop("id", None)


@damage(FULL, "The nbgrader metadata of the cell “check-slides” had been changed; the course's own was put back.")
def points_raised(notebook):
    cell(notebook, "check-slides")["metadata"]["nbgrader"]["points"] = 1000


@damage(FULL, "The nbgrader metadata of the cell “solution” had been changed", "“check-stride” had been changed")
def flags_edited(notebook):
    cell(notebook, "solution")["metadata"]["nbgrader"] |= {"locked": True, "grade": True, "points": 50}
    cell(notebook, "check-stride")["metadata"]["nbgrader"] |= {"locked": False, "solution": True}


@damage(FULL, "The cell “solution” had lost its metadata")
def names_swapped(notebook):
    cell(notebook, "solution")["metadata"] = copy.deepcopy(cell(notebook, "check-slides")["metadata"])
    cell(notebook, "check-slides")["metadata"]["nbgrader"]["grade_id"] = "check-stride"


@damage(FULL, "The cell “bonus” is marked as the course's, but this assignment has no such cell")
def check_invented(notebook):
    forged = copy.deepcopy(cell(notebook, "check-slides"))
    forged["metadata"]["nbgrader"] |= {"grade_id": "bonus", "points": 100}
    notebook["cells"].append(forged)


@damage(FULL, "The cell “?” is marked as the course's")
def names_of_other_kinds(notebook):
    for name in ([1, 2], 1e99):
        forged = copy.deepcopy(cell(notebook, "check-slides"))
        forged["metadata"]["nbgrader"]["grade_id"] = name
        notebook["cells"].append(forged)


@damage(FULL, "The locked cell “check-slides” had been changed; the course's own was put back.")
def locked_cells_changed(notebook):
    cell(notebook, "check-slides")["source"] = "get_ipython().displayhook(1000.0)"
    cell(notebook, "imports")["source"] += "\nraise SystemExit"


@damage(0, "The locked cell “imports” had been changed")
def answer_in_a_locked_cell(notebook):
    cell(notebook, "imports")["source"] += RIGHT
    cell(notebook, "solution")["source"] = "pass"


@damage(FULL)
def scores_in_outputs(notebook):
    output = {"output_type": "execute_result", "data": {"text/plain": "1000.0"}, "metadata": {}, "execution_count": 1}
    cell(notebook, "check-slides")["outputs"] = [output]
    notebook["metadata"] = {"autograder": {"notes": ["all is well"], "unreadable": ""}, "kernelspec": {"name": "bash"}}


@damage(FULL, "The notebook was named Homework 1.ipynb; it was graded as conv2d.ipynb.", names=("Homework 1.ipynb",))
def renamed(notebook):
    pass


@damage(
    FULL,
    "The notebook was named conv2d (1).ipynb; it was graded as conv2d.ipynb.",
    "Besides conv2d (1).ipynb, the folder held notes.ipynb",
    names=("conv2d (1).ipynb",),
    extra=(("notes.ipynb", FOREIGN),),
)
def renamed_beside_another(notebook):
    pass


@damage(
    FULL,
    "Besides conv2d.ipynb, the folder held conv2d-Copy1.ipynb, scratch.ipynb; only conv2d.ipynb was graded.",
    extra=(("conv2d-Copy1.ipynb", "{}"), ("scratch.ipynb", FOREIGN)),
)
def extra_notebooks(notebook):
    pass


@damage(0, "which notebook stands for it is not clear: a.ipynb, b.ipynb", names=("a.ipynb", "b.ipynb"))
def two_of_other_names(notebook):
    pass


@damage(FULL, "The notebook was named transposed.ipynb", names=("transposed.ipynb",))
def another_assignments_name(notebook):
    pass


@damage(0, "which notebook stands for it is not clear: transposed.ipynb", names=("transposed.ipynb",))
def another_assignments_notebook(notebook):
    return FOREIGN.encode()


@damage(0, "is not a notebook: broken JSON", "The notebook was named homework.IPYNB", names=("homework.IPYNB",))
def renamed_and_broken(notebook):
    return b"{"


@damage(0, "conv2d.ipynb was not handed in", names=("answer.txt",))
def no_notebook(notebook):
    pass


@damage(0, "is empty")
def empty(notebook):
    return NOTHING


@damage(0, "is not a notebook: broken JSON")
def cut_off(notebook):
    return json.dumps(notebook).encode()[:-500]


@damage(0, "is not UTF-8 text")
def in_utf_16(notebook):
    return json.dumps(notebook).encode("utf-16")


@damage(FULL)
def in_utf_8_with_a_mark(notebook):
    return json.dumps(notebook).encode("utf-8-sig")


@damage(0, "is not a notebook: broken JSON")
def nested_without_end(notebook):
    return b'{"cells": ' + b"[" * 100_000


@damage(0, "is not a notebook: it has no cells")
def of_format_3(notebook):
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": notebook["cells"]}]}).encode()


@damage(FULL)
def of_no_format(notebook):
    for key in ("nbformat", "nbformat_minor", "metadata"):
        del notebook[key]
    for one in notebook["cells"]:
        for key in ("outputs", "execution_count"):
            one.pop(key, None)
