"""The demo: release, fetch and submit, collect, grade, feedback, export, the class page, and the results."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder import course
from autograder.course import Course
from autograder.demo.scratch import Scratch, at_home, prepare
from autograder.demo.student import Student, answers
from autograder.feedback.give import give
from autograder.grading import engine
from autograder.nbgrader import commands, gradebook
from autograder.overview import page
from autograder.overview.summary import summarize
from autograder.terminal import tables
from autograder.terminal.console import console

SHOWN = ("dina", "conv2d")


def run(original: Course, into: Path | None) -> None:
    """Run the demo in a scratch folder (`into`, or a temporary one), and print the results and where to look."""
    out = console()
    started = time.monotonic()
    scratch = prepare(original, into)
    seconds: dict[str, float] = {}
    with at_home(scratch):
        the_course = course.load(scratch.course)
        learners_page, class_page, graded = _run_stages(out, the_course, scratch, seconds)
        rows = gradebook.table(the_course)
    out.print()
    tables.show_scores(
        out, "Gradebook", ((row.student, row.assignment, row.score, row.status != "graded") for row in rows)
    )
    out.print()
    student, assignment = SHOWN
    out.print(Text(f"What {student} reads about {assignment}", "bold underline"))
    for submission in graded:
        if (submission.student, submission.assignment) == SHOWN:
            tables.show_report(out, submission.report)
    out.print()
    seconds["in all"] = time.monotonic() - started
    lines = [(stage, f"{taken:.1f} s") for stage, taken in seconds.items()]
    out.print(tables.table("Time", ["stage", "time"], lines, numbers=["time"]))
    _where_to_look(out, scratch, learners_page, class_page)


def _run_stages(
    out: Console, the_course: Course, scratch: Scratch, seconds: dict[str, float]
) -> tuple[Path | None, Path, list[engine.Graded]]:
    names = [assignment.id for assignment in the_course.assignments]
    with _stage(out, seconds, "release", f"{len(names)} assignments"):
        api = commands.connect(the_course)
        commands.generate(api, the_course, names, _quiet)
        commands.release(api, the_course, names, _quiet)
    class_answers = answers(the_course)
    students = {
        name: Student(name, scratch.learners / name, api.config)
        for name in dict.fromkeys(answer.student for answer in class_answers)
    }
    size = f"{len(students)} made-up learners, {len(class_answers)} notebooks"
    with (
        _stage(out, seconds, "fetch and submit", size),
        tables.progress("submitting", len(class_answers)) as advance,
    ):
        for answer in class_answers:
            students[answer.student].hand_in(answer)
            advance()
    with _stage(out, seconds, "collect", "from the exchange"):
        commands.collect(api, the_course, names, _quiet)
    jobs = os.cpu_count() or 1
    how = f"with the hidden checks, in {jobs} processes"
    with _stage(out, seconds, "grade", how), tables.progress("grading", len(class_answers)) as advance:
        graded = engine.grade_class(the_course, names, jobs=jobs, on_graded=lambda submission: advance())
    with _stage(out, seconds, "feedback", "a page for each notebook"):
        give(api, the_course, names, _quiet)
        pages = students[SHOWN[0]].fetch_feedback(SHOWN[1])
    with _stage(out, seconds, "export", "nbgrader's CSV"):
        commands.export(the_course, the_course.root / "grades.csv")
    with _stage(out, seconds, "class", "a page about the class"):
        class_page = page.write_page(summarize(the_course, names))
    return pages[-1] if pages else None, class_page, graded


@contextmanager
def _stage(out: Console, seconds: dict[str, float], name: str, description: str) -> Iterator[None]:
    started = time.monotonic()
    out.print(Text(f"{name:<18}", "bold") + Text(description))
    yield
    seconds[name] = time.monotonic() - started


def _quiet(text: str) -> None:
    """Print nothing: the demo prints a line of its own for each stage."""


def _where_to_look(out: Console, scratch: Scratch, learners_page: Path | None, class_page: Path) -> None:
    places = [
        ("everything", scratch.root),
        ("gradebook", scratch.course / "gradebook.db"),
        ("grades", scratch.course / "grades.csv"),
        ("feedback pages", scratch.course / "feedback"),
        (f"{SHOWN[0]}'s own page", learners_page),
        ("class page", class_page),
    ]
    out.print(Text("Where to look", "bold"))
    for what, path in places:
        out.print(Text(f"  {what:<18}") + Text(str(path)), soft_wrap=True)
    root = " --allow-root" if os.geteuid() == 0 else ""
    jupyter = Path(sys.executable).parent / "jupyter"
    out.print(Text("  formgrader        ") + Text(f"cd {scratch.course} && {jupyter} lab{root}"), soft_wrap=True)
