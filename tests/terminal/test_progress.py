"""What a run shows: events, lines, where the time went. And Ctrl-C, once and twice."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import pytest

from autograder.course import Course
from autograder.grading.engine import Graded
from autograder.grading.plan import Plan
from autograder.report.report import Look
from autograder.stages import Stages, stage
from autograder.terminal import grade_run, progress
from autograder.terminal.console import console
from tests import courses

# Large enough that some are left when the first ones are written.
CLASS = 40


def graded(
    student: str, score: float, *, error: bool = False, cached: bool = False, seconds: float = 0.1, looks: tuple = ()
) -> Graded:
    report = SimpleNamespace(score=score, max_score=10.0, has_error=error, seconds=seconds, looks=looks)
    return Graded(student, "conv2d", report, cached)


def test_a_tally_counts_by_what_it_came_to():
    tally = progress.Tally(6)
    for one in (
        graded("a", 10, cached=True),
        graded("b", 10),
        graded("c", 7, seconds=2.5),
        graded("d", 0),
        graded("e", 3, error=True),
    ):
        tally.add(one)
    assert (tally.done, tally.graded, tally.has_error) == (5, 4, True)
    line = tally.line()
    for part in ("2 full", "1 partly", "1 with 0 points", "1 no verdict", "1 unchanged", "slowest c/conv2d 2.5 s"):
        assert part in line


def test_lines_off_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LINE_SECONDS", 0)
    with progress.following(progress.Tally(2)) as on_graded:
        on_graded(graded("a\x1b[2J", 10))
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("1 of 2: 1 full, ")
    assert "\x1b" not in output.err


def test_what_is_left_is_told_by_the_pace_since_the_first(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock.now)
    tally = progress.Tally(21, started=clock.now)
    clock.now += 60  # the start
    tally.add(graded("a", 10))
    clock.now += 1
    tally.add(graded("b", 10))
    assert tally.time_left == "", "one second is too short to know the pace"
    clock.now += 9
    for student in "cdefghijk":
        tally.add(graded(student, 10))
    assert tally.time_left == ", about 10 s left"


def test_stages_leave_out_what_is_inside_them(monkeypatch):
    # Each look at a clock finds it a second on: the outer stage has two of its own, the inner one.
    monkeypatch.setattr(
        "autograder.stages.time", SimpleNamespace(perf_counter=count().__next__, process_time=lambda: 0)
    )
    stages = Stages()
    with stages.recording(), stage("outer"), stage("inner"):
        pass
    assert stages.seconds == {"inner": [1, 0], "outer": [2, 0]}
    other = Stages()
    other.add(stages)
    other.add(stages)
    assert other.seconds == {"inner": [2, 0], "outer": [4, 0]}


# Submissions that a person should review, whatever points they get.
HANDED_IN = {
    "cy": lambda of: b"no notebook",
    "dee": lambda of: courses.stub(of),
    "eve": lambda of: b"",
    "fay": lambda of: courses.answered(of, assignment="transposed", answer=TRANSPOSED),
    "gus": lambda of: without_a_cell(courses.answered(of)),
}
WHY = {"cy": ["unreadable"], "dee": ["empty"], "eve": ["empty"], "fay": ["wrong step"], "gus": ["repaired"]}
TRANSPOSED = """
def get_kernel_matrix(kernel, input_size):
    return kernel


def matrix_multiplication_for_conv_transpose2d(input, kernel):
    return input
"""


def without_a_cell(notebook: dict) -> dict:
    notebook["cells"].remove(courses.cell(notebook, "check-stride"))
    return notebook


def test_events_are_one_object_a_line(a_course, run_cli):
    courses.hand_in(a_course, "ada", courses.answered(a_course))
    courses.hand_in(a_course, "ben", courses.answered(a_course, courses.NO_STRIDE))
    for student, handed_in in HANDED_IN.items():
        courses.hand_in(a_course, student, handed_in(a_course))
    done = run_cli("grade", "--json", "--profile", "--jobs", "1", "--course", a_course.root)
    assert done.exit_code == 0
    start, *each, end = map(json.loads, done.stdout.splitlines())
    assert start == {"event": "start", "submissions": 2 + len(HANDED_IN)}
    assert [(one["student"], one["score"], one["outcome"], one["unchanged"]) for one in each[:2]] == [
        ("ada", 10, "full", False),
        ("ben", 7, "partly", False),
    ]
    assert (end["event"], end["graded"], end["unchanged"], end["stopped"]) == ("end", 7, 0, False)
    assert {one["student"]: one["why"] for one in end["people"]} == WHY
    for name in ("fork and lock down", "calls, there and back", "write the gradebook", "read and repair"):
        assert name in done.stderr
    again = run_cli("grade", "--json", "--jobs", "1", "--course", a_course.root)
    end = json.loads(again.stdout.splitlines()[-1])
    assert (end["unchanged"], {one["student"]: one["why"] for one in end["people"]}) == (7, WHY)


def shown(size: int, capsys, *, every_student: bool = False, looks: tuple = ()) -> str:
    """Return what is printed about a class in which everybody has all points."""
    tally = progress.Tally(size)
    for number in range(size):
        tally.add(graded(f"s{number:03}", 10, looks=looks))
    grade_run.show_class(console(), tally, every_student=every_student)
    return capsys.readouterr().out


def test_the_table_says_which_scores_it_shows(capsys):
    assert "2 submissions: automatic scores, before late penalties and manual grading" in shown(2, capsys)


def test_a_large_class_is_a_summary_and_a_table_where_it_is_asked_for(capsys):
    size = grade_run.MOST_ROWS + 1
    output = shown(size, capsys)
    assert f"{size} submissions: {size} full, " in output and grade_run.SUMMARY in output
    (row,) = (line.split("│")[1:5] for line in output.splitlines() if line.startswith("│"))
    assert [cell.strip() for cell in row] == ["conv2d", str(size), "10.0", "10"]
    assert "s000" not in output
    output = shown(size, capsys, every_student=True)
    assert all(f"s{number:03}" in output for number in range(size)) and grade_run.SUMMARY not in output


def test_who_needs_a_person_stands_at_the_end_and_no_longer_than_can_be_read(capsys):
    assert "to review" not in shown(2, capsys)
    output = shown(2, capsys, looks=(Look.REPAIRED,))
    assert "2 submissions for a person to review" in output and output.count("repaired") == 2
    size = grade_run.MOST_ROWS + 2
    output = shown(size, capsys, looks=(Look.EMPTY,))
    assert output.count("empty") == grade_run.MOST_ROWS and grade_run.MORE.format(count=2) in output
    assert shown(size, capsys, every_student=True, looks=(Look.EMPTY,)).count("empty") == size


@pytest.mark.long
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c(a_course: Course, presses: int):
    """The whole process group gets the signal, as at a terminal. Results are written; the next run continues."""
    for number in range(CLASS):
        courses.hand_in(a_course, f"s{number:02}", courses.answered(a_course))
    command = [sys.executable, "-m", "autograder", "grade", "--json", "--jobs", "2", "--course", str(a_course.root)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "PYTHONPATH": str(courses.ROOT), "AUTOGRADER_SEED": "not the public seed"}
    with subprocess.Popen(command, start_new_session=True, env=environment, **pipes) as process:
        lines = [process.stdout.readline(), process.stdout.readline()]
        os.killpg(process.pid, signal.SIGINT)
        if presses == 2:
            assert (
                process.stderr.readline() == "Finishing the batches in progress; press Ctrl-C again to stop at once.\n"
            )
            os.killpg(process.pid, signal.SIGINT)
        # Not `communicate`: it would lose what was buffered with the first two lines.
        lines += process.stdout.readlines()
        output = process.stderr.read()
    written = len(courses.scores(a_course))
    assert process.returncode == 130
    assert "the same command again" in output
    assert 0 < written < CLASS
    if presses == 1:
        assert json.loads(lines[-1])["stopped"] is True
        assert written == len(lines) - 2
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    end = json.loads(done.stdout.splitlines()[-1])
    assert (end["graded"] + end["unchanged"], end["unchanged"]) == (CLASS, pytest.approx(written, abs=1))


def test_results_are_shown_in_the_order_of_the_course_whoever_was_graded_first(a_course, monkeypatch, capsys):
    def grade_each(*_):
        for student, assignment in (("zoe", "later"), ("ada", "later"), ("zoe", "first"), ("ada", "first")):
            yield replace(graded(student, 3, error=True), assignment=assignment)

    folders = [SimpleNamespace(assignment=name) for name in ("first", "first", "later", "later")]
    monkeypatch.setattr(grade_run, "choose", lambda *_: folders)
    monkeypatch.setattr(grade_run.engine, "grade_each", grade_each)
    monkeypatch.setattr(grade_run, "alike", lambda _: [])
    monkeypatch.setattr(grade_run, "skipped_folders", lambda _: [])
    grade_run.run(a_course, ["first", "later"], None, Plan(), events=False, every_student=True, wait=False)
    lines = [[word for word in line.split() if word.isalpha()] for line in capsys.readouterr().out.splitlines()]
    assert ["student", "first", "later", "total"] in lines
