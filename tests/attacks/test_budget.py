"""No submission costs more than its budget: sizes are counted before anything is parsed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.judge import notebooks
from autograder.notebooks import handed_in_at
from autograder.report import messages
from tests import courses, forked, hostile
from tests.few import few

# MB that a hand-in may add to the memory of the process that reads it. The kit and PyTorch alone take 400.
MOST_MB = 500
SECONDS = 60
READ = """
import resource, sys
from pathlib import Path
from autograder import course
from autograder.judge import notebooks
own = course.load(Path(sys.argv[1]))
notebooks.prepare(own, "conv2d", own.stub("conv2d"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
whole = notebooks.prepare(own, "conv2d", Path(sys.argv[2]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
print(whole.submission.unreadable)
"""


def alone(code: str, *arguments: object) -> str:
    """Run code in a process of its own and return what it prints. Fail where it does not end."""
    done = forked.run(code, *arguments, seconds=SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("kind", few(hostile.NOTEBOOKS, "values", "magics"))
def test_what_is_too_much_is_counted_before_it_is_parsed(a_course: Course, kind: str) -> None:
    make, says = hostile.NOTEBOOKS[kind]
    path = courses.hand_in(a_course, "eve", make(a_course))
    grown, unreadable = alone(READ, a_course.root, path).splitlines()
    assert says in unreadable
    assert int(grown) <= MOST_MB


def test_what_an_honest_notebook_may_hold(a_course: Course) -> None:
    """Outputs full of pictures and scripts, a hundred cells and some magics stay within the budget."""
    made = courses.answered(a_course)
    script = "var a=[{},[],{b:[1,2,3]}];" * 100_000
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": "A" * 8_000_000, "text/html": script},
    }
    made["cells"] += [
        {"cell_type": "code", "metadata": {}, "source": "%matplotlib inline\n!ls\nx = 1", "outputs": [output]}
    ] + [{"cell_type": "code", "metadata": {}, "source": "%time x = 1", "outputs": []}] * 100
    path = courses.hand_in(a_course, "ada", made)
    whole = notebooks.prepare(a_course, "conv2d", path)
    assert whole.submission.unreadable == ""
    assert whole.submission.cells[-1].source == "pass"


@pytest.mark.slow
def test_a_name_with_many_copies_is_read_at_once() -> None:
    code = """
from pathlib import Path
from autograder import course
from autograder.notebooks import identify
own = course.load()
for more in ("-copy-1" * 34 + "!", "(1)" * 80 + "!", "-copy" * 49 + "!", " 1" * 120 + "!", "_-_-_" * 48 + "!"):
    assert identify.named(own, Path("conv2d" + more + ".ipynb")) is None
for more in ("", " (1)", "-Copy2", "-copy-copy", "_copy_3 (2)", "-2", " - copy - copy (4)", "-copy-1" * 34):
    assert identify.named(own, Path("conv2d" + more + ".ipynb")) == "conv2d", more
"""
    alone(code)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["2" * 500_000, "1 " * 250_000, "2027-01-10 10:00:00 /dev/zero", "2027-01-10 10:00:00 ../../../etc/passwd"]
)
def test_a_timestamp_is_short_and_names_no_file(text: str) -> None:
    code = "import sys; from autograder.notebooks.handed_in_at import *; print(read_timestamp(sys.stdin.read()))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, input=text, cwd=courses.ROOT, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert done.stdout == "None\n"


@pytest.mark.parametrize("text", ["2027-01-10 10:00:00.000000 UTC", "2027-01-10 12:00:00 Europe/Berlin"])
def test_a_timestamp_of_nbgraders_is_read(text: str) -> None:
    assert handed_in_at.read_timestamp(text) is not None


def odd(kind: str, path: Path) -> None:
    """Put something that is not a file in the place of a notebook."""
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        try:
            os.mknod(path, 0o20666, os.makedev(1, 5))
        except PermissionError:
            pytest.skip("only root makes a device")
    else:
        path.symlink_to({"endless": "/dev/zero", "loop": path.name}[kind])


@pytest.mark.parametrize("kind", ["fifo", "device", "endless", "loop"])
def test_nothing_but_a_file_is_opened(a_course: Course, tmp_path: Path, kind: str) -> None:
    for name in ("conv2d.ipynb", "conv2d.py"):
        folder = tmp_path / name.partition(".")[2]
        folder.mkdir()
        odd(kind, folder / name)
        command = ("check", folder / name, "--course", a_course.root)
        done = forked.run("from autograder.cli.app import main; main()", *command, seconds=SECONDS)
        assert done.returncode == 2, done.stderr
        assert done.stderr.count("\n") == 1
    unreadable = alone(READ, a_course.root, tmp_path / "ipynb" / "conv2d.ipynb").splitlines()[1]
    assert unreadable.startswith("The file ")


def test_notes_are_few_however_much_was_mended(a_course: Course) -> None:
    made = courses.answered(a_course)
    foreign = {"grade_id": "", "locked": True, "grade": False, "solution": False, "schema_version": 3}
    made["cells"] += [
        {"cell_type": "markdown", "metadata": {"nbgrader": {**foreign, "grade_id": f"x{number}"}}, "source": "x"}
        for number in range(1500)
    ]
    whole = notebooks.prepare(a_course, "conv2d", courses.hand_in(a_course, "eve", made))
    assert len(whole.submission.notes) == 31
    assert whole.submission.notes[-1] == messages.MORE_NOTES.format(count=1470)
