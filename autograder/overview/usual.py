"""Collect what a course itself writes: functions, words, and skeletons in hints. Many learners share these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.normal_form import functions, skeleton
from autograder.notebooks.read import load_notebook, source_of

WORD = re.compile(r"[^\W\d]\w*")
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
BANKS = "*/*_answers.py"


@dataclass(frozen=True)
class Usual:
    """What a course's lessons and the known answers to all steps hold, read as text."""

    course: Course

    @cached_property
    def forms(self) -> frozenset[str]:
        """Return the normal forms of the course's functions and of the known answers, right and wrong."""
        return frozenset(form for source in self._code for form in _forms(source)) | _forms_of_banks()

    @cached_property
    def words(self) -> frozenset[str]:
        """Return every word of the lessons, prose included, and of the known answers."""
        return frozenset(word for _, _, source in self._cells for word in WORD.findall(source)) | _words_of_banks()

    def sources(self, assignment: str) -> frozenset[str]:
        """Return the code cells of a lesson and its stub, without white space around them."""
        return frozenset(source.strip() for name, kind, source in self._cells if (name, kind) == (assignment, "code"))

    def skeletons(self, assignment: str) -> list[tuple[str, ...]]:
        """Return the skeletons in a lesson's hints: code with blanks that learners are asked to fill."""
        prose = (source for name, kind, source in self._cells if name == assignment and kind != "code")
        blocks = dict.fromkeys(block for source in prose for block in BLOCK.findall(source))
        return [tokens for block in blocks if (tokens := skeleton(block))]

    @cached_property
    def _cells(self) -> list[tuple[str, str, str]]:
        """Return the cells of all lessons and stubs: (assignment, type, source)."""
        return [
            (assignment.id, str(cell.get("cell_type")), source_of(cell))
            for assignment in self.course.assignments
            for path in (self.course.stub(assignment.id), self.course.master(assignment.id))
            for cell in _cells_in(path)
        ]

    @cached_property
    def _code(self) -> frozenset[str]:
        return frozenset(source for _, kind, source in self._cells if kind == "code")


def _cells_in(path: Path) -> Iterator[dict[str, object]]:
    """Yield the cells of a notebook of the course; none where there is no notebook."""
    try:
        yield from (cell for cell in load_notebook(path)["cells"] if isinstance(cell, dict))
    except Problem:
        return


def _forms(source: str) -> frozenset[str]:
    return frozenset(own.form for own in functions(source, decorators=False) or ())


# The banks are part of the kit, and the same for every course.
@cache
def _banks() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(step_files.FOLDER.glob(BANKS)))


@cache
def _forms_of_banks() -> frozenset[str]:
    return frozenset(form for source in _banks() for form in _forms(source))


@cache
def _words_of_banks() -> frozenset[str]:
    return frozenset(word for source in _banks() for word in WORD.findall(source))
