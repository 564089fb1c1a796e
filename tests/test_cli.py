"""The command line: exit status, stdout and stderr, and no unescaped text from a submission."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from autograder.cli.app import main
from autograder.notebooks.read import load_notebook
from autograder.report import messages
from autograder.report.report import CheckResult, Outcome, Report
from autograder.terminal import tables

ROOT = Path(__file__).resolve().parents[1]
MASTER = ROOT / "solutions" / "conv2d" / "conv2d.ipynb"
COMMANDS = (
    "check",
    "release",
    "key",
    "collect",
    "grade",
    "feedback",
    "solutions",
    "package",
    "grade-one",
    "verify",
    "new-step",
    "doctor",
    "demo",
)
HOSTILE = "[bold]loud[/bold] [/] \x1b[31mred\x1b[0m \x1b]0;title\x07 \u202etfel \x00\ud800 \x9b2J end"


def test_help_names_every_command(run_cli):
    done = run_cli("--help")
    assert done.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in done.stdout
        assert run_cli(command, "--help").exit_code == 0


@pytest.mark.parametrize("arguments", [["check"], ["check", "--wrong"], ["nothing"], ["grade", "--jobs", "0"]])
def test_wrong_usage_is_status_2(run_cli, arguments):
    done = run_cli(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_unknown_assignment_is_told_with_the_known_ones(run_cli):
    for command in (["check", MASTER, "--assignment"], ["grade"], ["release"], ["verify"]):
        done = run_cli(*command, "convd2")
        assert (done.exit_code, done.stdout) == (2, "")
        assert "there is no assignment 'convd2'. Known assignments: conv2d, flatten, full, pooling" in done.stderr


@pytest.mark.slow
def test_check_as_json_is_a_report_and_nothing_else(run_cli, tmp_path):
    noisy = tmp_path / "conv2d.py"
    noisy.write_text('print("noise")\nimport sys, warnings\nwarnings.warn("noise")\nprint("noise", file=sys.stderr)\n')
    done = run_cli("check", noisy, "--json", "--course", ROOT)
    assert done.exit_code == 0
    assert done.stderr == ""
    report = Report.from_json(done.stdout)
    keys = ["schema", "assignment", "submission", "score", "max_score", "checks"]
    assert list(json.loads(done.stdout))[:6] == keys
    assert (report.assignment, report.submission, report.score, report.max_score) == ("conv2d", "conv2d.py", 0, 10)
    assert "noise" not in done.stdout


@pytest.mark.slow
def test_check_for_people_shows_checks_points_and_total(run_cli):
    done = run_cli("check", MASTER)
    assert done.exit_code == 0
    assert "✓  moves by the stride" in done.stdout
    assert "2 of 2" in done.stdout
    assert "Total: 10 of 10 points" in done.stdout


@pytest.mark.slow
def test_check_in_a_process_of_its_own_leaves_stdout_clean(tmp_path):
    copy = tmp_path / "anything.ipynb"
    copy.write_bytes(MASTER.read_bytes())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "autograder", "check", str(copy), "--json", "--course", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert Report.from_json(done.stdout).score == 10


def result(outcome: Outcome, message: str = "", title: str = "slides") -> CheckResult:
    return CheckResult(id="slides", title=title, outcome=outcome, score=0, max_score=2, message=message)


def shown(*checks: CheckResult, notes: tuple[str, ...] = ()) -> str:
    """Return what `check` prints about a report with these checks."""
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False)
    facts = {"assignment": "conv2d", "submission": "x.ipynb", "score": 0, "max_score": 2}
    report = Report(**facts, checks=checks, notes=notes, seed=1, versions={}, sandbox="A")
    tables.show_report(out, report)
    return out.file.getvalue()


def test_what_a_submission_says_is_shown_plain():
    text = shown(result(Outcome.FAILED, HOSTILE), notes=(HOSTILE,))
    assert text.count("[bold]loud[/bold] [/] red  tfel   end") == 2
    assert not set(text) & {"\x1b", "\x07", "\x00", "\x9b", "\u202e", "\ud800"}


def test_the_four_outcomes_have_marks_and_an_error_is_said():
    text = shown(*(result(outcome, title=outcome) for outcome in Outcome))
    for mark, outcome in zip("✓✗–!", Outcome, strict=True):
        assert f" {mark}  {outcome}" in text
    assert messages.NOT_FINAL in text
    assert messages.NOT_FINAL not in shown(result(Outcome.FAILED))


@pytest.mark.slow
def test_a_report_with_an_error_is_status_1(run_cli, monkeypatch):
    from autograder.judge import one_file

    monkeypatch.setattr(one_file, "_identified", forgetful)
    done = run_cli("check", MASTER)
    assert done.exit_code == 1
    assert messages.NOT_FINAL in done.stdout


def forgetful(*arguments):
    """Grade in the judge's process, whose reports forget every verdict."""
    from autograder.judge import judge, one_file

    judge.report = broken(judge.report)
    return one_file._identified(*arguments)


def broken(make):
    """Return the judge's `report`, changed to forget every verdict."""

    def report(course, run, tier, **options):
        run.verdicts.clear()
        return make(course, run, tier)

    return report


@pytest.mark.slow
def test_a_fault_of_our_own_is_status_1_and_without_a_traceback(run_cli, monkeypatch):
    from autograder.judge import one_file

    monkeypatch.setattr(one_file, "grade", lambda *_, **__: 1 / 0)
    done = run_cli("check", MASTER)
    assert done.exit_code == 1
    assert done.stderr.startswith("autograder: the grader itself failed: ZeroDivisionError: division by zero. ")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_grade_says_where_nothing_was_handed_in(run_cli, tmp_path):
    small_course(tmp_path)
    done = run_cli("grade", "--course", tmp_path)
    assert done.exit_code == 2
    assert "submitted: nothing was handed in. Run `autograder collect` first" in done.stderr
    (tmp_path / "submitted" / "ann" / "conv2d").mkdir(parents=True)
    done = run_cli("grade", "--course", tmp_path, "--student", "anne")
    assert done.exit_code == 2
    assert "there is nothing by anne" in done.stderr


@pytest.mark.slow
def test_release_without_an_exchange_makes_the_stubs_and_says_so(run_cli, tmp_path, monkeypatch):
    small_course(tmp_path)
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nget_config().Exchange.root = "{tmp_path / "no exchange"}"\n')
    for folder in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(folder, str(tmp_path / "home"))
    done = run_cli("release", "--course", tmp_path)
    assert done.exit_code == 2
    generated, made = done.stdout.splitlines()
    assert generated == "generated assignments/conv2d/conv2d.ipynb" and made.startswith("made course.key")
    assert "nbgrader's exchange does not exist, or cannot be written. Make it with `mkdir -p" in done.stderr
    assert load_notebook(tmp_path / "assignments" / "conv2d" / "conv2d.ipynb")
    assert run_cli("release", "--course", tmp_path, "--only-stubs").exit_code == 0


def small_course(folder: Path) -> None:
    """Make a course with conv2d alone."""
    (folder / "course.yml").write_text("course: small\nseed: 1\nassignments:\n  - id: conv2d\n")
    (folder / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    (folder / "solutions" / "conv2d").mkdir(parents=True)
    (folder / "solutions" / "conv2d" / "conv2d.ipynb").write_bytes(MASTER.read_bytes())


@pytest.mark.slow
def test_doctor_looks_at_everything(run_cli, the_course):
    done = run_cli("doctor")
    for what in (
        f"course.yml: {len(the_course.assignments)} assignments",
        "hidden suites: one for each",
        "torch: 2.",
        "sandbox: ",
        "second wall: ",
        "exchange: ",
    ):
        assert what in done.stdout
    assert done.exit_code in (0, 1)


def test_the_module_and_the_script_are_the_same_command():
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="autograder")
    assert script.load() is main


@pytest.mark.slow
def test_one_of_a_thing_is_one(run_cli, tmp_path):
    small_course(tmp_path)
    assert "course.yml: 1 assignment (conv2d)" in run_cli("doctor", "--course", tmp_path).stdout
    out = Console(file=io.StringIO(), width=100)
    tables.show_notebooks_proof(out, [], 1)
    assert "1 seeds" not in out.file.getvalue()
