"""Release, collect, feedback, solved notebooks, export: thin wrappers over nbgrader's API, its errors in a line."""

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
from autograder.nbgrader import gradebook, inbound, shared
from autograder.nbgrader.config import nbgrader_config
from autograder.nbgrader.export import SafeCsvExport
from autograder.nbgrader.failures import reason, require_gradebook, succeed
from autograder.nbgrader.preprocessors import SOLVED
from autograder.nbgrader.strays import refuse_strays
from autograder.notebooks.read import load_notebook, source_of
from autograder.notebooks.submitted import SECRET, alike, listed
from autograder.report.counts import counted
from autograder.sanitize import clean

COLLECTED = "collected {name}: {fetched}; {there} in submitted/ now"
LATE = "{name}: late, though one in time is there too: {names}. --before-duedate takes the one in time"
NOTHING_BY = "there is nothing of {name} by {student}"

Told = Callable[[str], None]


def connect(course: Course) -> NbGraderAPI:
    """nbgrader's API on this course. Raises Problem where the folder has no configuration."""
    if not (course.root / "nbgrader_config.py").is_file():
        raise Problem(course.root, "has no nbgrader_config.py", "Copy the one of the course kit into it.")
    api = NbGraderAPI(config=nbgrader_config(course.root))
    api.log_level = "WARN"
    return api


def generate(api: NbGraderAPI, course: Course, assignments: Sequence[str], told: Told) -> None:
    """Make the stub notebooks in assignments/ from the master notebooks.

    Raises Problem where a file that nobody named would go with them, before any stub is made.
    """
    for name in assignments:
        refuse_strays(course, name, api.coursedir.ignore)
    for name in assignments:
        with _old_one_kept(course.stub(name).parent):
            succeed(course, api.generate_assignment(name, force=True), course.master(name), "no stub could be made")
        told(f"generated {course.stub(name).relative_to(course.root)}")


@contextmanager
def _old_one_kept(folder: Path) -> Iterator[None]:
    """Put a folder back as it was where anything goes wrong: nbgrader removes it first of all."""
    with TemporaryDirectory(prefix="autograder-") as apart:
        old = Path(apart) / folder.name
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


def release(api: NbGraderAPI, course: Course, assignments: Sequence[str], told: Told) -> None:
    """Put the stubs into the exchange, for learners to fetch; what was released before is replaced."""
    _require_exchange(api, "The stubs in assignments/ are ready and can be handed out in any other way, too.")
    for name in assignments:
        released = Path(api.exchange_root) / course.course / "outbound" / name
        if released.is_dir():
            succeed(course, api.unrelease(name), released, "the old release could not be removed")
        succeed(course, api.release_assignment(name), released, "it could not be released")
        told(f"released {name} to {released}")


def solve(api: NbGraderAPI, course: Course, assignments: Sequence[str], told: Told) -> None:
    """Make solved notebooks, executed, pictures and all, in solved/: to hand out once an assignment is over.

    Raises Problem where a cell of a master notebook raises, or a file that nobody named would be handed out with it.
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
        raised = _raised(load_notebook(solved))
        if raised:
            shutil.rmtree(solved.parent)
            raise Problem(course.master(name), raised, "Mend that cell and run the command again.")
        told(f"solved {solved.relative_to(course.root)}")
        due = course.due_utc(course.assignment(name))
        if due is not None and due > datetime.now(UTC):
            told(f"  {name} is due on {due:%Y-%m-%d at %H:%M} UTC: keep this from learners until then")


def _raised(notebook: dict[str, Any]) -> str:
    """What an executed notebook's first cell that raised said; nothing where none did."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                return (
                    f"the cell “{source_of(cell).partition(chr(10))[0]}” raises {output['ename']}: {output['evalue']}"
                )
    return ""


def collect(
    api: NbGraderAPI,
    course: Course,
    assignments: Sequence[str],
    told: Told,
    *,
    students: Sequence[str] | None = None,
    before_due: bool = False,
) -> bool:
    """Fetch from the exchange what these learners, or all, handed in. Return False where something was left out.

    `before_due` fetches the last one that was in time, where there is one; it replaces a later one in submitted/.
    """
    whole = True
    shared.begin(course)
    _require_exchange(api, "Or put the files into submitted/<student>/<assignment>/ yourself.")
    for name in assignments:
        before = _handed_in(course, name)
        due = course.due_utc(course.assignment(name))
        late: list[str] = []
        for student in students or ["*"]:
            with (
                inbound.guarded(api, due and due.replace(tzinfo=None), before_due=before_due) as said,
                temp_attrs(api.coursedir, student_id=escape(student) if students else student),
            ):
                result = api.collect(name, update=True)
            for line in said.left_out:
                told(line)
            whole = whole and not said.left_out
            late += said.late
            succeed(course, result, course.root / "submitted", f"{name} could not be collected")
            if result.get("log"):
                told(result["log"].strip())
        there = _handed_in(course, name)
        if late:
            told(clean(LATE.format(name=name, names=listed([Path(student) for student in sorted(late)]))))
        for student in sorted(set(students or ()) - there.keys()):
            told(NOTHING_BY.format(student=ascii(student), name=name))
        fetched = sum(before.get(student) != when for student, when in there.items())
        told(COLLECTED.format(name=name, fetched=counted(fetched, "submission"), there=len(there)))
    for line in alike(course):
        told(clean(line))
    return whole


def _handed_in(course: Course, assignment: str) -> dict[str, int]:
    """Return when each folder in submitted/ was made or changed: nbgrader makes one anew where it fetches it again."""
    folders = (course.root / "submitted").glob(f"*/{assignment}")
    return {folder.parent.name: folder.lstat().st_ctime_ns for folder in folders if os.path.isdir(folder)}


def feedback(api: NbGraderAPI, course: Course, assignments: Sequence[str], told: Told) -> None:
    """Make the feedback pages in feedback/, and put them into the exchange where there is one.

    Raises Problem at the end where one could not be made, or not be put there.
    """
    failed: list[tuple[str, str, dict[str, Any]]] = []
    unmade: list[str] = []
    for name in assignments:
        graded = list((course.root / "autograded").glob(f"*/{name}"))
        if not graded:
            told(f"nothing of {name} is graded yet")
            continue
        result = api.generate_feedback(name, force=True)
        require_gradebook(course, result)
        made = [folder for folder in feedback_folders(course, name) if any(folder.glob("*.html"))]
        if not made:
            succeed(course, result, course.root / "feedback", f"the pages for {name} could not be made")
        told(f"made {counted(len(made), 'feedback page')} for {name}")
        # One page that could not be made keeps nobody from theirs; some, nbgrader leaves out without a word.
        missing = sorted({folder.parent.name for folder in graded} - {folder.parent.name for folder in made})
        if missing or not result["success"]:
            whose = f"{', '.join(map(ascii, missing)) or 'somebody'} ({name})"
            unmade.append(whose if result["success"] else f"{whose}: {reason(result)}")
            told(f"  no page could be made for {whose}")
        if not api.exchange_is_functional:
            continue
        # A submission that did not come through the exchange has no secret to name its page by.
        named = [folder for folder in feedback_folders(course, name) if (folder / SECRET).is_file()]
        results = [(name, folder.parent.name, api.release_feedback(name, folder.parent.name)) for folder in named]
        unreleased = [one for one in results if not one[2]["success"]]
        failed += unreleased
        told(f"released {counted(len(named) - len(unreleased), 'feedback page')} for {name}")
    if failed:
        names = ", ".join(dict.fromkeys(name for name, _, _ in failed))
        whose = ", ".join(dict.fromkeys(ascii(student) for _, student, _ in failed))
        succeed(course, failed[0][2], Path(api.exchange_root), f"feedback on {names} could not be released for {whose}")
    if unmade:
        what = f"no page could be made for {'; '.join(unmade)}"
        raise Problem(course.root / "feedback", what, "Grade these submissions again, or give this feedback by hand.")


def feedback_folders(course: Course, assignment: str) -> list[Path]:
    """The folders that hold an assignment's feedback pages."""
    return sorted((course.root / "feedback").glob(f"*/{assignment}"))


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
        raise Problem(root, "nbgrader's exchange is not there, or cannot be written", f"{remedy} {otherwise}")
