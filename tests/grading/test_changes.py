"""Whose grade a run changes, from what to what and why; a dry run says so and writes nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import course, step_files
from autograder.course import Course
from autograder.grading import cache, engine
from autograder.grading.changes import Changes
from autograder.grading.plan import Plan
from autograder.nbgrader import commands, gradebook
from autograder.versions import VERSIONS
from tests import courses
from tests.grading import at_a_glance

WRITTEN = ("gradebook.db", "autograded", "results", "backups", "feedback")
HOSTILE = "<script>eve"


@pytest.fixture(autouse=True)
def judged_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace judges, so that none is started."""
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)


@pytest.fixture
def graded(a_course: Course) -> Course:
    """A graded class of three: two with all points, and one without those for the stride."""
    for student, answer in (("ada", courses.RIGHT), ("ben", courses.NO_STRIDE), (HOSTILE, courses.RIGHT)):
        courses.hand_in(a_course, student, courses.answered(a_course, answer))
    engine.grade_class(a_course, ["conv2d"])
    return a_course


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mend the hidden checks: a stride that is ignored no longer costs anything."""
    digest, passed = step_files.digest, at_a_glance.dispatch

    def dispatch(the_course, todo, plan):
        for folder, parts, notebook in passed(the_course, todo, plan):
            checks = tuple(each.model_copy(update={"score": each.max_score}) for each in notebook.report.checks)
            report = notebook.report.model_copy(update={"checks": checks, "score": 10})
            yield folder, parts, replace(notebook, report=report)

    monkeypatch.setattr(engine, "dispatch", dispatch)
    monkeypatch.setattr(step_files, "digest", lambda name: digest(name)[::-1])


def files(of: Course) -> dict[str, tuple[bytes, int]]:
    """Return content and time of everything that a run writes."""

    def paths() -> Iterator[Path]:
        for name in WRITTEN:
            path = of.root / name
            yield from (each for each in (path, *path.rglob("*")) if each.is_file())

    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths()}


def changes(of: Course, *, force: bool = False, dry_run: bool = True) -> dict[str, tuple]:
    """Grade, and return before, after and why by learner."""
    found = Changes()
    list(engine.grade_each(course.load(of.root), ["conv2d"], plan=Plan(force=force, dry_run=dry_run, changes=found)))
    return {each.student: (each.before, each.after, *each.why) for each in found.found}


def test_a_dry_run_says_what_the_run_then_does(graded: Course, mended: None, run_cli: Callable) -> None:
    before = files(graded)
    done = run_cli("grade", "--dry-run", "--course", graded.root)
    assert done.exit_code == 0
    row = next(line for line in done.stdout.splitlines() if "ben" in line)
    assert [word.strip() for word in row.strip("│").split("│")] == [
        "ben",
        "conv2d",
        "8",
        "10",
        "the hidden checks changed",
    ]
    assert "1 grade would change. Nothing was written." in done.stdout
    assert files(graded) == before
    said = changes(graded)
    assert said == {"ben": (8, 10, "the hidden checks changed")}
    assert changes(graded, dry_run=False) == said
    assert courses.scores(graded) == {"ada": 10, "ben": 10, HOSTILE: 10}
    assert changes(graded) == {}


def test_the_page_of_a_regraded_class(graded: Course, mended: None, run_cli: Callable, tmp_path: Path) -> None:
    page = tmp_path / "changes.html"
    with gradebook.opened(graded) as book:
        book.find_grade("check-bias", "conv2d", "conv2d", HOSTILE).auto_score = 0
        book.db.commit()
    done = run_cli("grade", "--changes", page, "--course", graded.root)
    assert done.exit_code == 0
    assert "2 grades changed." in done.stdout
    text = page.read_text(encoding="utf-8")
    assert "<title>tiny: 2 grades changed</title>" in text
    assert "A run over 3 submissions, " in text
    assert "<td>&lt;script&gt;eve</td>" in text
    assert "<script" not in text and "http" not in text
    assert "moves by the stride: 0 → 2" in text
    assert "the hidden checks changed" in text


def test_changes_in_json(graded: Course, mended: None, run_cli: Callable) -> None:
    done = run_cli("grade", "--dry-run", "--json", "--course", graded.root)
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["dry_run"]) == ("end", True)
    assert last["changes"] == [
        {
            "student": "ben",
            "assignment": "conv2d",
            "before": 8,
            "after": 10,
            "why": ["the hidden checks changed"],
            "checks": [{"title": "moves by the stride", "before": 0, "after": 2}],
            "to_review": [],
        }
    ]
    without = run_cli("grade", "--json", "--course", graded.root)
    assert "changes" not in json.loads(without.stdout.splitlines()[-1])


def test_a_page_that_could_not_be_written_stops_the_run_before_it_begins(graded: Course, run_cli: Callable) -> None:
    before = files(graded)
    done = run_cli("grade", "--force", "--changes", graded.root / "nowhere" / "page.html", "--course", graded.root)
    assert (done.exit_code, files(graded)) == (2, before)
    assert "page.html: cannot be written" in done.stderr


def hand_in_again(of: Course) -> None:
    courses.hand_in(of, "ben", courses.answered(of), time="2027-01-11 10:00:00.000000 UTC")


def edit(of: Course) -> None:
    courses.hand_in(of, "ben", courses.answered(of))


def change_gradebook(of: Course) -> None:
    with gradebook.opened(of) as book:
        book.find_grade("check-stride", "conv2d", "conv2d", "ben").auto_score = 1
        book.db.commit()


def lose_report(of: Course) -> None:
    (of.root / "results" / "conv2d" / "ben.json").unlink()
    edit(of)


def graded_by_an_earlier_version(of: Course) -> None:
    path = of.root / "results" / "conv2d" / "ben.json"
    saved = json.loads(path.read_bytes())
    path.write_text(json.dumps({"key": "an old one", "report": saved["report"]}), encoding="utf-8")
    edit(of)


def settings(of: Course, old: str, new: str) -> None:
    path = of.root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def change_points(of: Course) -> None:
    settings(of, "points: 10", "points: 20")
    made = course.load(of.root)
    commands.generate(commands.connect(made), made, ["conv2d"], lambda line: None)


def change_limits(of: Course) -> None:
    settings(of, "limits: {}", "limits: {restarts: 1}")
    edit(of)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (hand_in_again, (8, 10, "handed in again")),
        (edit, (8, 10, "the file in submitted/ changed")),
        (lose_report, (8, 10, "its report in results/ is missing")),
        (change_gradebook, (9, 8, "the gradebook or autograded/ had changed")),
        (graded_by_an_earlier_version, (8, 10, "unknown: graded by an earlier version")),
        (change_points, (8, 16, "the release changed", "points 10 → 20")),
        (change_limits, (8, 10, "the file in submitted/ changed", "the limits changed")),
    ],
)
def test_why(graded: Course, change: Callable, expected: tuple) -> None:
    change(graded)
    assert changes(graded)["ben"] == expected


def test_a_first_hand_in(graded: Course) -> None:
    courses.hand_in(graded, "cy", courses.answered(graded))
    assert changes(graded) == {"cy": (None, 10, "not graded before")}


def test_another_version_and_another_key(graded: Course, mended: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "VERSIONS", VERSIONS | {"torch": "3.0"})
    monkeypatch.setenv("AUTOGRADER_SEED", "another")
    _, _, *why = changes(graded, force=True)["ben"]
    assert why == ["the hidden checks changed", "another key", f"torch {VERSIONS['torch']} → 3.0"]


def test_force_alone_changes_nothing_and_leaves_no_mark(graded: Course) -> None:
    before = files(graded)
    assert changes(graded, force=True) == {}
    assert files(graded) == before


def test_another_late_policy_is_a_change_of_grades(graded: Course) -> None:
    settings(graded, "due: 2027-01-15", "due: 2027-01-09")
    settings(graded, "limits:", "late: {policy: percent, percent_a_day: 50}\nlimits:")
    before = files(graded)
    assert changes(graded)["ben"] == (8, 4, "late penalty 0 → 4")
    assert files(graded) == before


def test_a_manual_score_is_opened_again_only_where_its_automatic_one_changed(graded: Course, mended: None) -> None:
    with gradebook.opened(graded) as book:
        for check in ("stride", "bias"):
            grade = book.find_grade(f"check-{check}", "conv2d", "conv2d", "ben")
            grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    found = Changes()
    list(engine.grade_each(graded, ["conv2d"], plan=Plan(dry_run=True, changes=found)))
    (change,) = found.found
    assert (change.before, change.after, change.to_review) == (8, 8, ("moves by the stride",))
    engine.grade_class(graded, ["conv2d"])
    with gradebook.opened(graded) as book:
        marks = {
            check: book.find_grade(f"check-{check}", "conv2d", "conv2d", "ben").needs_manual_grade
            for check in ("stride", "bias")
        }
    assert marks == {"stride": True, "bias": False}
