"""Make what another system needs to run the kit: a zip for Gradescope or PrairieLearn, a workflow for GitHub."""

import json
import os
import stat
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from autograder import __version__, course, key, step_files
from autograder.course import KIT, Course
from autograder.elsewhere import gradescope, prairielearn
from autograder.elsewhere.systems import Place
from autograder.errors import Problem

TEMPLATES = Path(__file__).resolve().parent / "templates"
# What installs the kit in a folder, besides the package itself.
SETUP = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
STUDENTS = KIT / "demo" / "students"
SHARED = "serverFilesCourse/autograder"
IMAGE = f"your-registry/autograder:{__version__}"
# PrairieLearn allows no more than this.
SECONDS = 600
# The same course makes the same file, whenever it is made.
MADE = (1980, 1, 1, 0, 0, 0)
SECRET = (
    "{path} holds {what}: grading there needs them. Give the file to nobody else, and delete it once it is uploaded."
)
ON_THE_MACHINE = (
    "There, submissions run on the machine that holds all this. What keeps them apart is the sandbox: try one hand-in, "
    "and read which tier the log names (docs/elsewhere.md)."
)


def write(of: Course, place: Place, assignment: str, path: Path) -> list[str]:
    """Write the file, and return lines for the instructor. Raises Problem where a part of the course is missing."""
    of.assignment(assignment)
    if path.is_dir() or not path.parent.is_dir():
        raise Problem(path, "cannot be written: it is a folder, or in none", "Name a file in a folder that exists.")
    if place is Place.GITHUB:
        path.write_text(_template("workflow.yml", assignment), encoding="utf-8")
        return [f"{path} is a workflow for the course's own repository. Its first lines say how to use it."]
    parts = dict(_gradescope(of, assignment) if place is Place.GRADESCOPE else _prairielearn(of, assignment))
    _zip(parts, path)
    what = f"the hidden checks and the answers of {assignment}" if place is Place.GRADESCOPE else "all answers"
    if of.key.origin == key.FILE:
        what = f"{what}, and course.key"
    return [SECRET.format(path=path, what=what), ON_THE_MACHINE]


def _gradescope(of: Course, assignment: str) -> Iterator[tuple[str, bytes]]:
    yield "setup.sh", _template("setup.sh", assignment).encode()
    yield "run_autograder", _template("run_autograder", assignment).encode()
    yield "no_verdict.json", gradescope.no_verdict().encode()
    for name in SETUP:
        yield name, _bytes(KIT.parent / name)
    for path in _kit(assignment):
        yield path.relative_to(KIT.parent).as_posix(), _bytes(path)
    yield from _course(of, [assignment])
    yield course.FILE, _settings(of, assignment).encode()


def _kit(assignment: str) -> Iterator[Path]:
    """Yield the kit's files without the suites, the answers and the demo's learners of other assignments."""
    step = step_files.needed(assignment)
    for path in sorted(KIT.rglob("*")):
        left_out = any(path.is_relative_to(folder) for folder in (step_files.FOLDER, STUDENTS)) and path not in step
        if path.is_file() and "__pycache__" not in path.parts and not left_out:
            yield path


def _settings(of: Course, assignment: str) -> str:
    """Return a course.yml with this assignment alone: of others, the package has no lesson."""
    settings = of.model_dump(mode="json", exclude_unset=True)
    (own,) = (each for each in settings["assignments"] if each["id"] == assignment)
    settings["assignments"] = [{name: value for name, value in own.items() if name not in ("needs", "assets")}]
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def _prairielearn(of: Course, assignment: str) -> Iterator[tuple[str, bytes]]:
    folder = f"questions/{assignment}"
    yield f"{folder}/info.json", (json.dumps(_question(of, assignment), indent=2) + "\n").encode()
    yield f"{folder}/question.html", _template("question.html", assignment).encode()
    yield f"{SHARED}/entrypoint.sh", _template("entrypoint.sh", assignment).encode()
    yield f"{SHARED}/no_verdict.json", prairielearn.no_verdict().encode()
    yield f"{SHARED}/{course.FILE}", _bytes(of.root / course.FILE)
    # One folder serves all questions.
    for name, data in _course(of, [each.id for each in of.assignments]):
        yield f"{SHARED}/{name}", data


def _question(of: Course, assignment: str) -> dict[str, object]:
    """Return PrairieLearn's info.json."""
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{of.course}/{assignment}")),
        "title": of.assignment(assignment).called,
        "topic": of.title or of.course,
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "serverFilesCourse": ["autograder/"],
            "entrypoint": [f"/grade/{SHARED}/entrypoint.sh", assignment],
            "timeout": SECONDS,
        },
    }


def _course(of: Course, assignments: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the key and the notebooks that grading these assignments reads, by their paths in the course's folder."""
    if of.key.origin == key.VARIABLE:
        raise Problem(key.VARIABLE, "is set, and a package takes the key from course.key", "Unset it.")
    paths = [of.root / key.FILE] if of.key.origin == key.FILE else []
    for name in assignments:
        paths += [of.master(name), of.stub(name)]
    for path in paths:
        yield path.relative_to(of.root).as_posix(), _bytes(path)


def _template(name: str, assignment: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8").replace("ASSIGNMENT", assignment)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        remedy = "Run `autograder release --only-stubs` for a stub; for a file of the kit, run this in a clone of it."
        raise Problem(path, "is missing, and the package needs it", remedy) from error


def _zip(parts: dict[str, bytes], path: Path) -> None:
    """Write a zip that only this user can read."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in sorted(parts.items()):
            entry = zipfile.ZipInfo(name, MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if data.startswith(b"#!") else 0o600 if Path(name).name == key.FILE else 0o644
            entry.external_attr = (stat.S_IFREG | mode) << 16
            made.writestr(entry, data)
