"""What `autograder package` writes, and the two commands' usage."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from autograder import course, key, step_files
from autograder.course import Course
from autograder.demo.student import STUDENTS
from autograder.elsewhere import package, words
from autograder.elsewhere.systems import Place
from autograder.errors import Problem
from tests import courses
from tests.elsewhere import roots, schemas

SCRIPTS = {"setup.sh", "run_autograder", "serverFilesCourse/autograder/entrypoint.sh"}
GRADES = {"gradebook.db", "submitted/ada/conv2d/conv2d.ipynb", "results/ada/conv2d.json"}


@pytest.fixture
def keyed(a_course: Course) -> Course:
    """The small course with a key, and with files that no package may hold."""
    key.make(a_course.root)
    for name in GRADES:
        (a_course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (a_course.root / name).touch()
    return course.load(a_course.root)


def entries(of: Course, place: Place) -> dict[str, zipfile.ZipInfo]:
    path = of.root / "package.zip"
    package.write(of, place, "conv2d", path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {entry.filename: entry for entry in archive.infolist()}


@pytest.mark.parametrize("place", [Place.GRADESCOPE, Place.PRAIRIELEARN])
def test_a_zip_holds_what_grading_reads_and_nobodys_grades(keyed: Course, place: Place) -> None:
    found = entries(keyed, place)
    prefix = "" if place is Place.GRADESCOPE else f"{package.SHARED}/"
    needed = {"course.yml", "course.key", "no_verdict.json", "solutions/conv2d/conv2d.ipynb"}
    steps = courses.ASSIGNMENTS if place is Place.PRAIRIELEARN else ("conv2d",)
    needed |= {f"assignments/{name}/{name}.ipynb" for name in steps}
    assert {prefix + name for name in needed} <= found.keys()
    assert not [name for name in found if any(name.endswith(grades) for grades in GRADES)]
    assert not [name for name in found if "__pycache__" in name]
    if place is Place.GRADESCOPE:
        assert {"setup.sh", "run_autograder", "pyproject.toml", "constraints.txt"} <= found.keys()
        assert {"autograder/steps/conv2d/test_conv2d.py", "autograder/elsewhere/templates/setup.sh"} <= found.keys()


BANKS = ("right_answers.py", "wrong_answers.py")


def test_gradescopes_zip_holds_one_assignment_alone(keyed: Course) -> None:
    found = entries(keyed, Place.GRADESCOPE)
    folders = ("autograder/steps/", "autograder/demo/students/", "assignments/", "solutions/")
    own = {f"autograder/steps/conv2d/{name}" for name in ("__init__.py", "test_conv2d.py", *BANKS)}
    shared = {"autograder/steps/__init__.py", "autograder/steps/conftest.py"}
    lessons = {f"{folder}/conv2d/conv2d.ipynb" for folder in ("assignments", "solutions")}
    assert {name for name in found if name.startswith(folders)} == own | shared | lessons
    # The packages themselves are there, so that every command can be imported.
    assert {"autograder/demo/pipeline.py", "autograder/authoring/new_step.py"} <= found.keys()


def test_its_settings_are_those_of_the_course_without_other_assignments(keyed: Course, tmp_path: Path) -> None:
    package.write(keyed, Place.GRADESCOPE, "conv2d", tmp_path / "x.zip")
    read = course.load(roots.unpack(tmp_path / "x.zip", tmp_path / "source"))
    assert read.assignments == (keyed.assignment("conv2d"),)
    assert read.model_dump(exclude={"root", "assignments"}) == keyed.model_dump(exclude={"root", "assignments"})
    assert read.key.shown == keyed.key.shown


@pytest.mark.parametrize("step", sorted(path.parent.name for path in step_files.FOLDER.glob("*/test_*.py")))
def test_answers_that_build_on_another_steps_have_what_they_import(step: str) -> None:
    found = {path.relative_to(step_files.FOLDER).as_posix() for path in step_files.needed(step)}
    assert {f"{step}/{name}" for name in (f"test_{step}.py", *BANKS)} <= found
    for name in found:
        text = (step_files.FOLDER / name).read_text(encoding="utf-8")
        for other, module in re.findall(r"from autograder\.steps\.(\w+)(?:\.(\w+))? import", text):
            assert f"{other}/{module or '__init__'}.py" in found
    others = {name.partition("/")[0] for name in found if "/" in name} - {step}
    assert others == {"transposed": {"kernel_matrix"}, "flatten": {"conv2d"}}.get(step, set())
    assert not [name for name in found if name.split("/")[0] in others and "test_" in name]


@pytest.mark.parametrize("place", [Place.GRADESCOPE, Place.PRAIRIELEARN])
def test_scripts_can_be_executed_and_the_key_is_its_owners(keyed: Course, place: Place) -> None:
    for name, entry in entries(keyed, place).items():
        if not name.startswith("autograder/"):
            mode = entry.external_attr >> 16 & 0o777
            assert mode == (0o755 if name in SCRIPTS else 0o600 if name.endswith(".key") else 0o644), name
    assert (keyed.root / "package.zip").stat().st_mode & 0o077 == 0


def test_the_same_course_makes_the_same_file(keyed: Course) -> None:
    made = []
    for name in ("one.zip", "two.zip", "two.zip"):
        package.write(keyed, Place.GRADESCOPE, "conv2d", keyed.root / name)
        made.append((keyed.root / name).read_bytes())
    assert made[0] == made[1] == made[2]
    with zipfile.ZipFile(keyed.root / "one.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {package.MADE}


def test_whoever_makes_a_zip_is_told_that_the_key_goes_along(keyed: Course) -> None:
    told = " ".join(package.write(keyed, Place.GRADESCOPE, "conv2d", keyed.root / "x.zip"))
    assert "the answers of conv2d, and course.key" in told and "Give the file to nobody else" in told
    (keyed.root / "course.key").unlink()
    told = " ".join(package.write(course.load(keyed.root), Place.GRADESCOPE, "conv2d", keyed.root / "x.zip"))
    assert "the answers of conv2d:" in told and "course.key" not in told


def test_a_key_that_cannot_go_along_and_a_missing_stub_are_problems(
    keyed: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed.stub("conv2d").unlink()
    with pytest.raises(Problem, match="is missing, and the package needs it"):
        package.write(keyed, Place.GRADESCOPE, "conv2d", keyed.root / "x.zip")
    monkeypatch.setenv(key.VARIABLE, "0123456789abcdef")
    with pytest.raises(Problem, match="is set, and a package takes the key"):
        package.write(course.load(keyed.root), Place.PRAIRIELEARN, "conv2d", keyed.root / "x.zip")
    assert not (keyed.root / "x.zip").exists()


def test_prairielearn_reads_the_question(keyed: Course) -> None:
    entries(keyed, Place.PRAIRIELEARN)
    with zipfile.ZipFile(keyed.root / "package.zip") as archive:
        read = json.loads(archive.read("questions/conv2d/info.json"))
        html = archive.read("questions/conv2d/question.html").decode()
        names = archive.namelist()
    schemas.validate(read, schemas.QUESTION)
    options = read["externalGradingOptions"]
    assert options["entrypoint"][0].removeprefix("/grade/") in names
    (folder,) = options["serverFilesCourse"]
    assert any(name.startswith(f"serverFilesCourse/{folder}") for name in names)
    assert 'file-names="conv2d.ipynb"' in html
    assert "<pl-external-grader-results>" in html


def test_the_workflow_grades_in_the_courses_repository(the_course: Course, tmp_path: Path) -> None:
    package.write(the_course, Place.GITHUB, "conv2d", tmp_path / "grade.yml")
    text = (tmp_path / "grade.yml").read_text("utf-8")
    read = yaml.load(text, yaml.BaseLoader)  # otherwise, YAML 1.1 reads the key `on` as true
    assert list(read["on"]) == ["workflow_dispatch"], "nothing that a student does may start it"
    assert read["permissions"] == {"contents": "read"}
    (job,) = read["jobs"].values()
    steps = job["steps"]
    assert [step["with"]["persist-credentials"] for step in steps if "checkout" in step.get("uses", "")] == [
        "false"
    ] * 2
    (run,) = [step for step in steps if "grade-one" in step.get("run", "")]
    assert run["env"] == {"AUTOGRADER_SEED": "${{ secrets.AUTOGRADER_SEED }}"}
    # What somebody types in must not become a part of a script.
    assert not [step for step in steps if "${{" in step.get("run", "")]
    assert "ASSIGNMENT" not in text.replace("--assignment", "")


@pytest.mark.slow
def test_usage_that_is_wrong_gets_one_line_and_a_result_without_verdict(run_cli, tmp_path: Path) -> None:
    out = tmp_path / "results" / "results.json"
    done = run_cli("grade-one", tmp_path / "x", "--assignment", "conv2d", "--format", "gradescope", "--out", out)
    assert done.exit_code == 2 and "is not a folder" in done.stderr
    assert words.NO_VERDICT in out.read_text("utf-8")
    out.unlink()
    done = run_cli("grade-one", tmp_path, "--assignment", "conv3d", "--format", "prairielearn", "--out", out)
    assert done.exit_code == 2 and "there is no assignment 'conv3d'" in done.stderr
    assert words.NO_VERDICT in out.read_text("utf-8")
    done = run_cli("package", "gradescope", "--assignment", "conv3d", "--out", tmp_path / "x.zip")
    assert done.exit_code == 2 and not (tmp_path / "x.zip").exists()
    done = run_cli("package", "moodle", "--assignment", "conv2d", "--out", tmp_path / "x.zip")
    assert done.exit_code == 2 and "Traceback" not in done.stderr
    done = run_cli("package", "gradescope", "--assignment", "conv2d", "--out", tmp_path / "no" / "x.zip")
    assert done.exit_code == 2 and "Traceback" not in done.stderr and done.stderr.count("\n") <= 2


@pytest.mark.long
def test_a_step_of_a_workflow_ends_with_its_summary_and_annotations(run_cli, keyed: Course, tmp_path: Path) -> None:
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "conv2d.ipynb").write_text(json.dumps(courses.answered(keyed, courses.NO_STRIDE)), "utf-8")
    summary = tmp_path / "summary"
    summary.write_text("before\n", encoding="utf-8")
    options = ("--assignment", "conv2d", "--format", "github", "--out", summary, "--course", keyed.root)
    done = run_cli("grade-one", tmp_path / "student", *options)
    assert done.exit_code == 0, done.stderr
    text = summary.read_text("utf-8")
    assert text.startswith("before\n### conv2d: 7 of 10 points\n")
    assert done.stdout.startswith("::warning title=moves by the stride::")


@pytest.mark.slow
def test_what_is_unpacked_grades_a_step_whose_answers_build_on_anothers(keyed: Course, tmp_path: Path) -> None:
    package.write(keyed, Place.GRADESCOPE, "transposed", tmp_path / "x.zip")
    source, out = roots.unpack(tmp_path / "x.zip", tmp_path / "source"), tmp_path / "results.json"
    (tmp_path / "student").mkdir()
    answer = (STUDENTS / "goro" / "transposed.py").read_text(encoding="utf-8")
    notebook = courses.answered(keyed, answer, "transposed")
    (tmp_path / "student" / "transposed.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "autograder", "grade-one", str(tmp_path / "student"), "--out", str(out)]
    options = ["--assignment", "transposed", "--format", "gradescope", "--course", str(source)]
    # `-m` takes the kit of the working folder.
    done = subprocess.run([*command, *options], cwd=source, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    read = json.loads(out.read_text("utf-8"))
    assert read["score"] == 5 and read["extra_data"]["key"] == keyed.key.shown
    assert "is the autograder of" not in done.stderr


@pytest.mark.long
@roots.needed
def test_prairielearns_entrypoint_writes_a_result(keyed: Course, tmp_path: Path) -> None:
    package.write(keyed, Place.PRAIRIELEARN, "conv2d", tmp_path / "p.zip")
    package.write(keyed, Place.GRADESCOPE, "conv2d", tmp_path / "g.zip")
    kit, grade = roots.unpack(tmp_path / "g.zip", tmp_path / "kit"), tmp_path / "grade"
    roots.unpack(tmp_path / "p.zip", grade)
    (grade / "student").mkdir()
    (grade / "student" / "conv2d.ipynb").write_text(json.dumps(courses.answered(keyed, courses.NO_STRIDE)), "utf-8")
    # The image has the kit in /kit, with a command of its own.
    command = kit / ".venv" / "bin" / "autograder"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\ncd /kit && exec /environment/bin/python -m autograder "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        entrypoint = json.loads(archive.read("questions/conv2d/info.json"))["externalGradingOptions"]["entrypoint"]
    done = roots.run(*entrypoint, binds={grade: "/grade", kit: "/kit"}, environment="/environment")
    read = json.loads((grade / "results" / "results.json").read_text("utf-8"))
    schemas.validate(read, schemas.PRAIRIELEARN)
    assert read["gradable"] and read["score"] == 0.7, done.stdout
    assert words.TIERS["B"] in done.stdout
    assert any(test.get("images") for test in read["tests"])
