"""Hand-ins that try to stop, slow or fill a class: odd folders and files, huge notebooks, hostile code.

A function of the course and the learner's name makes each of them.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.course import Course
from tests import courses

HandIn = Callable[[Course, str], object]


def folder_of(of: Course, name: str | bytes) -> Path:
    folder = os.path.join(os.fsencode(of.root / "submitted"), os.fsencode(name), b"conv2d")
    os.makedirs(folder)
    return Path(os.fsdecode(folder))


def put(of: Course, folder: Path) -> None:
    (folder / "conv2d.ipynb").write_text(json.dumps(courses.answered(of)), encoding="utf-8")


def beside(make: Callable[[Path], object], name: str) -> Callable[[Course, str], None]:
    """Return a function that hands in a right notebook with something beside it."""

    def hand_in(of: Course, student: str) -> None:
        folder = folder_of(of, student)
        put(of, folder)
        make(folder / name)

    return hand_in


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def named(name: str | bytes) -> Callable[[Course, str], None]:
    return lambda of, student: put(of, folder_of(of, name))


def linked(of: Course, student: str) -> None:
    folder_of(of, student).rmdir()
    (of.root / "submitted" / student / "conv2d").symlink_to(of.root / "submitted" / "ada" / "conv2d")


def all_linked(of: Course, student: str) -> None:
    (of.root / "submitted" / student).symlink_to(of.root / "submitted" / "ada")


# Folders and the points that they get; None if no learner can have the name.
FOLDERS: dict[str, tuple[Callable[[Course, str], None], float | None]] = {
    "time-folder": (beside(Path.mkdir, "timestamp.txt"), 10),
    "time-long": (beside(lambda path: path.write_text("2" * 500_000), "timestamp.txt"), 10),
    "time-wrong": (beside(lambda path: path.write_text("2027-01-10 10:00:00 /dev/zero"), "timestamp.txt"), 10),
    "time-fifo": (beside(os.mkfifo, "timestamp.txt"), 10),
    "time-endless": (beside(lambda path: path.symlink_to("/dev/zero"), "timestamp.txt"), 10),
    "secret-folder": (beside(Path.mkdir, "submission_secret.txt"), 10),
    "data-fifo": (beside(os.mkfifo, "data.csv"), 10),
    "data-endless": (beside(lambda path: path.symlink_to("/dev/zero"), "data.csv"), 10),
    "data-sparse": (beside(sparse, "data.csv"), 10),
    "data-of-another": (beside(lambda path: path.symlink_to("/etc/passwd"), "data.csv"), 10),
    "notebook-fifo": (lambda of, student: os.mkfifo(folder_of(of, student) / "conv2d.ipynb"), 0),
    "notebook-folder": (lambda of, student: (folder_of(of, student) / "conv2d.ipynb").mkdir(), 0),
    "notebook-endless": (lambda of, s: (folder_of(of, s) / "conv2d.ipynb").symlink_to("/dev/zero"), 0),
    "linked": (linked, 0),
    "all-linked": (all_linked, 0),
    "not-utf-8": (named(b"M\xfcller"), None),
    "two-lines": (named("mal\nlory"), None),
    "too-long": (named("x" * 250), None),
}


def notebook(of: Course, *sources: str) -> bytes:
    """Return the stub with extra code cells at its end."""
    made = courses.stub(of)
    made["cells"] += [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps(made).encode()


def retyped(of: Course) -> bytes:
    """Return the stub with 2 MB of magics in a solution cell that claims to be Markdown."""
    cells = [
        {**cell, "cell_type": "markdown", "source": "%a\n" * 700_000}
        for cell in courses.stub(of)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    ]
    return json.dumps({"cells": cells}).encode()


# Notebooks, and what the report says.
NOTEBOOKS: dict[str, tuple[Callable[[Course], bytes], str]] = {
    "empty cells": (lambda of: b'{"cells": [' + b"{}," * 300_000 + b"{}]}", "holds more than 2,000 cells"),
    "values": (lambda of: b'{"cells": [], "metadata": [' + b"[]," * 5_000_000 + b"0]}", "holds more than"),
    "a long cell": (lambda of: notebook(of, "x=1\n" * 500_000), "holds more than 300,000 characters of code"),
    "many cells of code": (
        lambda of: notebook(of, *[("x=1" + " " * 20 + "\n") * 1_500] * 10),
        "300,000 characters of code",
    ),
    "lines": (lambda of: notebook(of, *["\n" * 15_000 + "x = 1"] * 4), "holds more than 50,000 lines of code"),
    "magics": (lambda of: notebook(of, "%a\n" * 20_000), "holds more than 500 lines of magics"),
    "magics by assignment": (lambda of: notebook(of, "a=!b\n" * 12_000), "holds more than 500 lines of magics"),
    "retyped": (retyped, "holds more than 300,000 characters of code"),
}


def code(body: str) -> HandIn:
    """Return a function that hands in conv2d's function with this body."""
    text = f"def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):\n    {body}\n"
    return lambda of, student: courses.hand_in(of, student, courses.answered(of, text))


CODE: dict[str, HandIn] = {
    "spins": code("while True: pass"),
    "sleeps": code("import time; time.sleep(1000)"),
    "eats": code("return [bytearray(1 << 24) for _ in range(1000)]"),
    "writes": code("open('x', 'wb').write(bytes(1 << 28)); return input"),
    "exits": code("import os; os._exit(1)"),
    "empty-rows": code("return torch.empty(2**26, 2**26, 0)"),
    "few-rows": code("return torch.empty(20, 0)"),
}


def points(of: Mapping[str, tuple[HandIn, float | None]]) -> dict[str, float]:
    """Return the points of those that belong to a learner."""
    return {name: worth for name, (_, worth) in of.items() if worth is not None}


def hand_in(to: Course, folders: Mapping[str, tuple[HandIn, float | None]]) -> None:
    """Hand in these folders. One of them is a link to ada's hand-in."""
    for name, (make, _) in folders.items():
        make(to, name)


def hand_in_all(to: Course) -> dict[str, float]:
    """Hand in one of each, and return the points that they should get."""
    hand_in(to, FOLDERS)
    for name, (make, _) in NOTEBOOKS.items():
        courses.hand_in(to, name.replace(" ", "-"), make(to))
    for name, make in CODE.items():
        make(to, name)
    return points(FOLDERS) | dict.fromkeys([*(name.replace(" ", "-") for name in NOTEBOOKS), *CODE], 0)
