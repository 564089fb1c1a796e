"""Make archives as campus systems make them, a made-up class of 300, and a small course that nothing has released."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import course
from autograder.campus import enrol as enrolment
from autograder.campus import roster
from autograder.campus.class_table import read_table
from autograder.course import Course
from tests.courses import ASSIGNMENTS, ROOT, SETTINGS

WHEN = (2027, 1, 10, 10, 0, 0)
LATER = (2027, 1, 11, 10, 0, 0)
# Names that campus systems have to deal with. Two learners have the same one.
NAMES = (
    ("Zoë", "Müller-Łukasz"),
    ("Seán", "O'Brien"),
    ("Jane", "Doe, Jr."),
    ("snake_case", "Under_Score"),
    ("Anna", "Schmidt"),
    ("Anna", "Schmidt"),
    ("Ada 🎓", "Love💖lace"),
    ("\u202eevil", "\u200fيوسف"),
    ("小明", "王"),
    ("Null", "None"),
    ("=1+1", "@SUM(A1)"),
    ("12", "345"),
    ("José", "Nu\u0301n\u0303ez"),
)


@dataclass(frozen=True)
class Learner:
    """One of a made-up class."""

    number: int
    first: str
    last: str

    @property
    def id(self) -> str:
        return f"s{self.number:03}"

    @property
    def moodle(self) -> int:
        """Return the number of the participant in one assignment."""
        return 70_000 + self.number * 7 % 307

    @property
    def canvas(self) -> int:
        return 900_000 + self.number


CLASS = tuple(
    Learner(n, *(NAMES[n] if n < len(NAMES) else (f"First{n:03}", f"Last{n * 17 % 300:03}"))) for n in range(300)
)


def make_course(folder: Path, zone: str = "UTC") -> Course:
    """Make a course with lessons and nothing else."""
    folder.mkdir(parents=True)
    settings = SETTINGS.format(limits="{}") + f"timezone: {zone}\n"
    (folder / "course.yml").write_text(settings, encoding="utf-8")
    shutil.copyfile(ROOT / "nbgrader_config.py", folder / "nbgrader_config.py")
    for name in ASSIGNMENTS:
        (folder / "solutions" / name).mkdir(parents=True)
        shutil.copyfile(ROOT / "solutions" / name / f"{name}.ipynb", folder / "solutions" / name / f"{name}.ipynb")
    return course.load(folder)


def notebook(by: str) -> bytes:
    """Return a notebook that says whose it is."""
    return json.dumps({"cells": [], "metadata": {"by": by}, "nbformat": 4, "nbformat_minor": 5}).encode()


def entry(name: str, when: tuple[int, ...] = WHEN) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, when)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def packed(
    path: Path, files: Mapping[str, bytes] | Iterable[tuple[str | zipfile.ZipInfo, bytes]], spread: bool = True
) -> Path:
    """Write a zip. `spread` puts an hour between the times of its entries, as between hand-ins."""
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(path, "w") as archive:
        for count, (name, data) in enumerate(pairs):
            when = (2027, 1, 1 + count // 24 % 28, count % 24, 0, 0) if spread else WHEN
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else entry(name, when), data)
    return path


def moodles_name(learner: Learner) -> str:
    """Return a full name as Moodle puts it into the name of a folder: clean_filename takes some characters out."""
    name = f"{learner.first} {learner.last}".replace("_", " ")
    return "".join(letter for letter in name if letter not in "&<>\"`|':\\/" and ord(letter) > 31)


def canvas_name(learner: Learner) -> str:
    """Return a full name as Canvas puts it into the name of a file: the last name first, letters and digits only."""
    return "".join(letter for letter in f"{learner.last}{learner.first}".lower() if letter.isalnum() or letter == "_")


def moodle_zip(path: Path, learners: Iterable[Learner] = CLASS, *, flat: bool = False) -> Path:
    """Write a Moodle zip, in folders or flat."""
    between = "_" if flat else "_/"
    return packed(
        path,
        {
            f"{moodles_name(one)}_{one.moodle}_assignsubmission_file{between}conv2d.ipynb": notebook(one.id)
            for one in learners
        },
    )


def canvas_zip(path: Path, learners: Iterable[Learner] = CLASS) -> Path:
    """Write a Canvas zip. Every tenth hand-in is late, and every seventh is a second version."""
    return packed(
        path,
        {
            f"{canvas_name(one)}_{'LATE_' * (one.number % 10 == 0)}{one.canvas}_{5_000_000 + one.number}_"
            f"conv2d{'-1' * (one.number % 7 == 0)}.ipynb": notebook(one.id)
            for one in learners
        },
        spread=False,
    )


def table(rows: Iterable[Iterable[object]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def canvas_gradebook(learners: Iterable[Learner] = CLASS) -> bytes:
    """Return Canvas's export of the gradebook."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "conv2d (4711)"]]
    rows.append(["    Points Possible", "", "", "", "", "10.00"])
    rows += [
        [f"{one.last}, {one.first}", one.canvas, f"sis-{one.number}", one.id, "AB"[one.number % 2], ""]
        for one in learners
    ]
    return table([*rows, ["Student, Test", "1", "", "f00", "A", ""]])


def enrol(of: Course, *lists: bytes) -> None:
    """Fill the roster from lists of the class, without a gradebook."""
    for data in lists:
        file = of.root.parent / "list.csv"
        file.write_bytes(data)
        roster.save(of, enrolment.enrol(roster.load(of), read_table(file)).roster.members)


def moodle_worksheet(learners: Iterable[Learner] = CLASS) -> bytes:
    """Return the grading worksheet of one assignment, as a German Moodle has it."""
    rows = [["Identifikator", "Vollständiger Name", "E-Mail-Adresse", "Status", "Gruppe", "Bewertung"]]
    rows += [
        [f"Teilnehmer/in{one.moodle}", f"{one.first} {one.last}", f"{one.id}@example.edu", "-", "G1", ""]
        for one in learners
    ]
    return table(rows)


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return all files of a folder with their bytes and their times."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
