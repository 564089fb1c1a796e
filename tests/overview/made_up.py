"""Make up a class and its results without running a judge: reports, final scores and times as grading leaves them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from unittest import mock

from nbgrader.api import Gradebook

from autograder import course
from autograder.course import Course
from autograder.grading import cache as results
from autograder.grading.resubmission import Former
from autograder.nbgrader import class_book, late
from autograder.nbgrader.rows import Sheet
from autograder.notebooks.read import grade_id
from autograder.notebooks.submitted import SubmissionFolder
from autograder.report.explanation_messages import LIKELY
from autograder.report.report import CheckResult, Counterexample, Look, Outcome, Picture, Report
from autograder.suite.load import load_suite

DUE = datetime(2027, 1, 8, 23, 59)
SETTINGS = "course: made-up\ntitle: Made up\nseed: 7\nfeedback: {feedback}\nassignments:\n"
OUTCOMES = {"p": Outcome.PASSED, "f": Outcome.FAILED, "s": Outcome.SKIPPED, "e": Outcome.ERROR}
PNG = base64.b64encode(b"\x89PNG").decode()


def make_course(
    folder: Path, steps: Sequence[str] = ("conv2d",), *, feedback: str = "full", due: bool = True
) -> Course:
    """Return a course that can be loaded, with empty lessons and no gradebook. A step is due a week after the last."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [SETTINGS.format(feedback=feedback)]
    for number, step in enumerate(steps):
        lines.append(f"  - id: {step}\n    points: {points_of(step)}\n")
        lines.append(f"    due: {DUE + timedelta(weeks=number):%Y-%m-%d %H:%M}\n" if due else "")
        (folder / "solutions" / step).mkdir(parents=True)
        (folder / "solutions" / step / f"{step}.ipynb").touch()
    (folder / "course.yml").write_text("".join(lines), encoding="utf-8")
    return course.load(folder)


def points_of(step: str) -> float:
    """Return points for a step that share out evenly over its checks."""
    return sum(check.points for check in load_suite(step).checks)


def picture(alt: str) -> Picture:
    return Picture(alt=alt, png=PNG, width=10)


@dataclass(frozen=True)
class Named:
    """A known mistake as a report shows it."""

    id: str
    hint: str
    example: Counterexample | None = None
    picture: Picture | None = None


STRIDE = Named("stride-ignored", LIKELY.format(description="the stride was ignored.", hint="Try a stride of 2."))
FLIPPED = Named("kernel-flipped", LIKELY.format(description="the kernel was turned.", hint="Look at the drawing."))


def report(
    of: Course,
    outcomes: str,
    mistakes: Mapping[int, Named] | None = None,
    *,
    step: str = "conv2d",
    looks: Sequence[Look] = (),
    message: str = "Wrong.",
) -> Report:
    """Return a report with these outcomes, a letter for each check, and known mistakes by the check's number."""
    suite = load_suite(step)
    points = suite.points(of.assignment(step))
    checks = []
    for number, (check, letter) in enumerate(zip(suite.checks, outcomes, strict=True)):
        named = (mistakes or {}).get(number)
        checks.append(
            CheckResult(
                id=check.id,
                title=check.title,
                outcome=OUTCOMES[letter],
                score=points[check.id] if letter == "p" else 0,
                max_score=points[check.id],
                message=message if letter == "f" else "",
                misconception=named and named.id,
                hint=named and named.hint,
                counterexample=named and named.example,
                picture=named and named.picture,
            )
        )
    return Report(
        assignment=step,
        submission=f"{step}.ipynb",
        score=sum(check.score for check in checks),
        max_score=sum(points.values()),
        checks=tuple(checks),
        looks=tuple(looks),
        seed=7,
        versions={},
        sandbox="A",
    )


def hand_in(of: Course, student: str, when: datetime | None = None, step: str = "conv2d", text: str = "{}") -> Path:
    """Put something into submitted/, and return its folder."""
    folder = of.root / "submitted" / student / step
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{step}.ipynb").write_text(text, encoding="utf-8")
    if when:
        (folder / "timestamp.txt").write_text(f"{when:%Y-%m-%d %H:%M:%S} UTC", encoding="ascii")
    return folder


def grade(
    of: Course,
    student: str,
    result: Report,
    when: datetime | None = DUE - timedelta(hours=30),
    former: Former | None = None,
) -> None:
    """Hand in, and save the report as `grade` does; the gradebook comes with `enter`."""
    hand_in(of, student, when, result.assignment)
    folder = SubmissionFolder(student, result.assignment, of.root / "submitted" / student / result.assignment)
    results.remember(of, folder, result, keys(of).of(folder), former)


@cache
def keys(of: Course) -> results.Keys:
    """Return what makes the keys of a course's results. What its submissions share is read once."""
    return results.Keys(of)


def enter(of: Course, **names: str) -> None:
    """Make the gradebook, with these learners' names and all reports that were saved, and with due dates."""
    with (
        mock.patch("nbgrader.api.get_alembic_version", lambda: "none"),  # it starts a process
        Gradebook(f"sqlite:///{of.root / 'gradebook.db'}", of.course) as book,
    ):
        for student, name in names.items():
            book.update_or_create_student(student, first_name=name)
        for assignment in of.assignments:
            if not book.db.query(class_book.ASSIGNMENT).filter_by(name=assignment.id).count():
                _add_assignment(book, of, assignment.id)
            sheet = Sheet(book, assignment.id)
            for path in sorted((of.root / "results" / assignment.id).glob("*.json")):
                saved = results.Saved.model_validate_json(path.read_bytes())
                folder = of.root / "submitted" / path.stem / assignment.id
                when = handed_in_at(folder)
                sheet.write(path.stem, saved.report, when, NO_PENALTY)
        book.db.commit()


def extend(of: Course, student: str, step: str, extension: timedelta) -> None:
    """Give a learner an extension, as formgrader does."""
    with Gradebook(f"sqlite:///{of.root / 'gradebook.db'}", of.course) as book:
        with book.db.no_autoflush:
            book.update_or_create_submission(step, student)
        book.grant_extension(step, student, minutes=extension.total_seconds() / 60)


def handed_in_at(folder: Path) -> datetime | None:
    """Return the time of a hand-in in naive UTC."""
    stamp = folder / "timestamp.txt"
    return datetime.strptime(stamp.read_text(), "%Y-%m-%d %H:%M:%S UTC") if stamp.exists() else None


class NoPenalty(late.LatePenalty):
    """No penalty for anybody."""

    def __init__(self) -> None:
        super().__init__(Path(), None)

    def of(self, *_: object) -> None:
        """Return None: no penalty."""


NO_PENALTY = NoPenalty()


def _add_assignment(book: Gradebook, of: Course, step: str) -> None:
    due = of.due_utc(of.assignment(step))
    book.update_or_create_assignment(step, duedate=due and due.replace(tzinfo=None))
    book.update_or_create_notebook(step, step)
    for check, points in load_suite(step).points(of.assignment(step)).items():
        book.add_grade_cell(grade_id(check), step, step, max_score=points, cell_type="code")
