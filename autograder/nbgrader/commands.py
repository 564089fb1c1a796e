"""Release, collect, make feedback, solve and export: thin wrappers over nbgrader's API that raise Problems."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.converters import GenerateSolution
from nbgrader.utils import capture_log, temp_attrs

from autograder.course import Course
from autograder.errors import Problem
from autograder.nbgrader import collecting, gradebook, shared
from autograder.nbgrader.config import SOLVED, nbgrader_config
from autograder.nbgrader.export import SafeCsvExport
from autograder.nbgrader.failures import succeed
from autograder.nbgrader.strays import refuse_strays
from autograder.notebooks.read import load_notebook, source_of
from autograder.notebooks.submitted import alike, listed
from autograder.report.counts import counted
from autograder.sanitize import clean

COLLECTED = "collected {name}: {fetched}; {there} in submitted/ now"
LATE = "{name}: late, though there is one in time too: {names}. --before-duedate takes the one in time"
NOTHING_BY = "there is nothing for {name} by {student}"

# Prints one line.
Print = Callable[[str], None]


def connect(course: Course) -> NbGraderAPI:
    """Return nbgrader's API for this course. Raises Problem if the folder has no configuration."""
    if not (course.root / "nbgrader_config.py").is_file():
        raise Problem(course.root, "has no nbgrader_config.py", "Copy the one of the course kit into it.")
    api = NbGraderAPI(config=nbgrader_config(course.root))
    api.log_level = "WARN"
    return api


def generate(api: NbGraderAPI, course: Course, assignments: Sequence[str], echo: Print) -> None:
    """Make the stub notebooks in assignments/ from the master notebooks.

    Raises Problem before any stub is made if a stray file would go with them.
    """
    for name in assignments:
        refuse_strays(course, name, api.coursedir.ignore)
    for name in assignments:
        with _restored_on_error(course.stub(name).parent):
            succeed(course, api.generate_assignment(name, force=True), course.master(name), "no stub could be made")
        echo(f"generated {course.stub(name).relative_to(course.root)}")


@contextmanager
def _restored_on_error(folder: Path) -> Iterator[None]:
    """Restore a folder if anything goes wrong: nbgrader removes it before anything else."""
    with TemporaryDirectory(prefix="autograder-") as backup:
        old = Path(backup) / folder.name
        if folder.is_dir():
            shutil.copytree(folder, old)
        try:
            yield
        except BaseException:
            if folder.is_dir():
                shutil.rmtree(folder)
            if old.is_dir():
                shutil.copytree(old, folder)
            raise


def release(api: NbGraderAPI, course: Course, assignments: Sequence[str], echo: Print) -> None:
    """Put the stubs into the exchange for learners to fetch. An earlier release is replaced."""
    _require_exchange(api, "The stubs in assignments/ are ready and can be handed out in any other way, too.")
    for name in assignments:
        released = Path(api.exchange_root) / course.course / "outbound" / name
        if released.is_dir():
            succeed(course, api.unrelease(name), released, "the old release could not be removed")
        succeed(course, api.release_assignment(name), released, "it could not be released")
        echo(f"released {name} to {released}")


def solve(api: NbGraderAPI, course: Course, assignments: Sequence[str], echo: Print) -> None:
    """Make executed solution notebooks in solved/, to hand out once an assignment is over.

    Raises Problem if a cell of a master notebook raises, or if a stray file would be handed out with it.
    """
    shared.begin(course)
    for name in assignments:
        refuse_strays(course, name, api.coursedir.ignore)
        with temp_attrs(api.coursedir, assignment_id=name):
            app = GenerateSolution(coursedir=api.coursedir, parent=api)
            app.force = True
            result = capture_log(app)
        succeed(course, result, course.master(name), "it could not be executed")
        solved = course.root / SOLVED / name / f"{name}.ipynb"
        if error := _first_error(load_notebook(solved)):
            shutil.rmtree(solved.parent)
            raise Problem(course.master(name), error, "Fix that cell and run the command again.")
        echo(f"solved {solved.relative_to(course.root)}")
        due = course.due_utc(course.assignment(name))
        if due is not None and due > datetime.now(UTC):
            echo(f"  {name} is due on {due:%Y-%m-%d at %H:%M} UTC: keep this from learners until then")


def _first_error(notebook: dict[str, Any]) -> str:
    """Return the first error in an executed notebook, with its cell; empty if there is none."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                first_line = source_of(cell).partition("\n")[0]
                return f"the cell “{first_line}” raises {output['ename']}: {output['evalue']}"
    return ""


def collect(
    api: NbGraderAPI,
    course: Course,
    assignments: Sequence[str],
    echo: Print,
    *,
    students: Sequence[str] | None = None,
    before_due: bool = False,
) -> bool:
    """Fetch the hand-ins of these learners, or of all, from the exchange. Return False if any were left out.

    `before_due` prefers the last hand-in that was in time; it replaces a later one in submitted/.
    """
    complete = True
    shared.begin(course)
    _require_exchange(api, "Or put the files into submitted/<student>/<assignment>/ yourself.")
    for name in assignments:
        before = _collected(course, name)
        due = course.due_utc(course.assignment(name))
        late: list[str] = []
        for student in students or ["*"]:
            with (
                collecting.guarded(api, due and due.replace(tzinfo=None), before_due=before_due) as notes,
                temp_attrs(api.coursedir, student_id=escape(student) if students else student),
            ):
                result = api.collect(name, update=True)
            for line in notes.left_out:
                echo(line)
            complete = complete and not notes.left_out
            late += notes.late
            succeed(course, result, course.root / "submitted", f"{name} could not be collected")
            if result.get("log"):
                echo(result["log"].strip())
        after = _collected(course, name)
        if late:
            echo(clean(LATE.format(name=name, names=listed([Path(student) for student in sorted(late)]))))
        for student in sorted(set(students or ()) - after.keys()):
            echo(NOTHING_BY.format(student=ascii(student), name=name))
        fetched = sum(before.get(student) != when for student, when in after.items())
        echo(COLLECTED.format(name=name, fetched=counted(fetched, "submission"), there=len(after)))
    for line in alike(course):
        echo(clean(line))
    return complete


def _collected(course: Course, assignment: str) -> dict[str, int]:
    """Return when each student's folder in submitted/ was made: nbgrader makes it anew whenever it fetches it."""
    folders = (course.root / "submitted").glob(f"*/{assignment}")
    return {folder.parent.name: folder.lstat().st_ctime_ns for folder in folders if os.path.isdir(folder)}


def export(course: Course, target: Path) -> None:
    """Write nbgrader's own CSV of all grades."""
    plugin = SafeCsvExport()
    plugin.to = str(target)
    with gradebook.opened(course) as book:
        plugin.export(book)


def _require_exchange(api: NbGraderAPI, otherwise: str) -> None:
    if not api.exchange_is_functional:
        root = api.exchange_root or "exchange"
        remedy = (
            f"Make it with `mkdir -p {root} && chmod ugo+rwx {root}`, or set c.Exchange.root in nbgrader_config.py."
        )
        raise Problem(root, "nbgrader's exchange does not exist, or cannot be written", f"{remedy} {otherwise}")
