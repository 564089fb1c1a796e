"""The students of the made-up class: they fetch stubs, write answers into them, hand them in, and fetch feedback.

Each student is a folder of `students/`. `<assignment>.py` in it is an answer: its functions go into the solution cells
of the fetched notebook. An empty answer leaves the stub unchanged. `<assignment>.ipynb` is handed in as it is.
"""

import ast
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from traitlets.config import Config

from autograder.course import Course
from autograder.notebooks.read import names_defined, nbgrader_metadata

STUDENTS = Path(__file__).parent / "students"


@dataclass(frozen=True)
class Answer:
    """One file that a student hands in."""

    student: str
    assignment: str
    path: Path


def answers(course: Course) -> list[Answer]:
    """Return what the class hands in, by student and in the course's order."""
    class_answers = []
    for folder in sorted(path for path in STUDENTS.iterdir() if path.is_dir() and path.name != "__pycache__"):
        for assignment in course.assignments:
            paths = [folder / f"{assignment.id}{suffix}" for suffix in (".py", ".ipynb")]
            class_answers += [Answer(folder.name, assignment.id, path) for path in paths if path.is_file()]
    return class_answers


class Student:
    """A student with a folder of their own, who uses nbgrader's exchange."""

    def __init__(self, name: str, folder: Path, config: Config) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._config = deepcopy(config)
        self._config.CourseDirectory.root = str(folder)
        self._config.CourseDirectory.student_id = name
        self._config.Exchange.assignment_dir = str(folder)
        self._config.Exchange.cache = str(folder / ".nbgrader_cache")

    def hand_in(self, answer: Answer) -> None:
        """Fetch the assignment, write the answer into it, and submit it."""
        self._run(answer.assignment, lambda exchange: exchange.FetchAssignment)
        fetched = self.folder / answer.assignment / f"{answer.assignment}.ipynb"
        if answer.path.suffix == ".py":
            write_answer(fetched, answer.path.read_text(encoding="utf-8"))
        else:
            shutil.copyfile(answer.path, fetched)
        self._run(answer.assignment, lambda exchange: exchange.Submit)

    def fetch_feedback(self, assignment: str) -> list[Path]:
        """Fetch the feedback pages and return their paths."""
        self._run(assignment, lambda exchange: exchange.FetchFeedback)
        return sorted((self.folder / assignment / "feedback").rglob("*.html"))

    def _run(self, assignment: str, action: Callable[[ExchangeFactory], type]) -> None:
        config = deepcopy(self._config)
        config.CourseDirectory.assignment_id = assignment
        parts = {"coursedir": CourseDirectory(config=config), "authenticator": Authenticator(config=config)}
        action(ExchangeFactory(config=config))(**parts, config=config).start()


def write_answer(path: Path, answer: str) -> None:
    """Put an answer's functions into the solution cells of a fetched notebook, and all other code before the first."""
    notebook = nbformat.read(path, as_version=4)
    tree = ast.parse(answer)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    cells = [cell for cell in notebook.cells if nbgrader_metadata(cell).get("solution")]
    wanted = {name: cell for cell in cells for name in names_defined(cell.source) if name in functions}
    if wanted:
        others = [
            node for node in tree.body if node not in [functions[name] for name in wanted] and not _is_title(node)
        ]
        for name, cell in wanted.items():
            cell.source = _source(answer, functions[name])
        before = "\n\n".join(_source(answer, node) for node in others)
        first = next(cell for cell in cells if cell in wanted.values())
        first.source = f"{before}\n\n\n{first.source}".lstrip("\n")
    nbformat.write(notebook, path)


def _source(answer: str, node: ast.stmt) -> str:
    return ast.get_source_segment(answer, node) or ""


def _is_title(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
