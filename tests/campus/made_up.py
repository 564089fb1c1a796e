"""A class of 30 and its final scores, without a gradebook: hostile names, absent learners, a bonus, a late one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.campus.check_scores import CheckScore
from autograder.campus.final_scores import FinalScore, FinalScores, Learner
from autograder.course import Assignment, Course
from autograder.report.report import Outcome

DUE = datetime(2027, 1, 15, 23, 59, tzinfo=UTC)
COURSE = Course(
    root=Path("/nowhere"),
    course="tiny",
    seed=1,
    assignments=(Assignment(id="conv2d"), Assignment(id="flatten"), Assignment(id="gradient", bonus=True)),
)


def with_title(step: str, title: str) -> Course:
    """Return the course in which a step has this title."""
    steps = (each.model_copy(update={"title": title}) if each.id == step else each for each in COURSE.assignments)
    return COURSE.model_copy(update={"assignments": tuple(steps)})


NAMES = (
    'O"Brien, Ann',
    "Müller, Jörg",
    "García Ñíguez, Íñigo",
    '=HYPERLINK("http://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "Line\nBreak, Eve",
    "Semi; Colon",
    "Under_Score_12_34",
    "李, 小龙",
    "../../etc/passwd",
    "Points Possible, Pat",
    "Same, Name",
    "Same, Name",
)
NAMES += tuple(f"Family{number}, Given{number}" for number in range(len(NAMES), 30))
IDS = tuple(f"id{number:02}" for number in range(30))
ABSENT, UNGRADED, UNDECIDED, LATE = "id14", "id15", "id16", "id17"


def check(
    points: float | None, most: float = 4, name: str = "slides", title: str = "slides over an image"
) -> CheckScore:
    """Return a check with its outcome."""
    outcome = Outcome.ERROR if points is None else Outcome.PASSED if points >= most else Outcome.FAILED
    message = "" if outcome is Outcome.PASSED else "Expected 14 at [0, 1], got <16> & more."
    return CheckScore(name, title, points, most, outcome, message, False)


def score(student: str, assignment: str, points: float, *, penalty: float = 0.0, undecided: bool = False) -> FinalScore:
    """Return a final score whose two checks make up the points."""
    bonus = assignment == "gradient"
    checks = (
        check(min(4.0, points)),
        check(None if undecided else max(0.0, points - 4), 6, "stride", "moves by the stride"),
    )
    when = DUE + (timedelta(hours=26, seconds=5) if penalty else -timedelta(days=1))
    most = 0.0 if bonus else 10.0
    return FinalScore(student, assignment, points - penalty, most, penalty, bonus, undecided, when, DUE, checks)


def class_of_30(
    course: Course = COURSE, assignments: tuple[str, ...] = ("conv2d", "flatten", "gradient")
) -> FinalScores:
    """Return the final scores of the class."""
    learners = tuple(
        Learner(student, name.partition(", ")[2], name.partition(", ")[0], f"{student}@example.org")
        for student, name in zip(IDS, NAMES, strict=True)
    )
    scores = {}
    for number, student in enumerate(IDS):
        for assignment in assignments:
            if student == ABSENT or (student, assignment) == (UNGRADED, "conv2d"):
                continue
            points = 10.0 if number % 3 == 0 else number % 3 + 4.25
            late, undecided = student == LATE, student == UNDECIDED
            scores[student, assignment] = score(student, assignment, points, penalty=1.5 * late, undecided=undecided)
    everyone = {learner.id: learner for learner in learners}
    maxima = {name: 0.0 if name == "gradient" else 10.0 for name in assignments}
    return FinalScores(course, assignments, learners, everyone, maxima, scores, frozenset({(UNGRADED, "conv2d")}))
