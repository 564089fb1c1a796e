"""Pack feedback pages for Canvas's “Re-Upload Submissions”.

Canvas finds the student and the submission by the numbers in a file's name, which must be as it was downloaded.
"""

import re
from collections import Counter
from pathlib import Path

from autograder.campus.outlets.zip_of_pages import Place
from autograder.campus.zip_reader import names_in
from autograder.errors import Problem

NUMBER = re.compile(r"[0-9]+")


def places(archive: Path) -> list[Place]:
    """Return a place for each student with a notebook in an archive from Canvas. Raises Problem."""
    found: dict[str, str] = {}
    for path in names_in(archive):
        student = _student(path.name)
        # Of several notebooks of a submission, any one will do.
        if student and path.suffix.lower() == ".ipynb":
            found.setdefault(student, path.name)
    if not found:
        what = "no notebook in it is called like “name_123_456_file.ipynb”"
        raise Problem(archive, what, "Give the archive that Canvas's “Download Submissions” made.")
    names = {student: name.partition("_")[0] for student, name in found.items()}
    counts = Counter(names.values())
    return [
        # A name by which two people are known says nothing.
        Place(path, (student, names[student]) if counts[names[student]] == 1 else (student,), path)
        for student, path in found.items()
    ]


def _student(name: str) -> str | None:
    """Return the student's number: the first part of the name that is a number, if a second one follows."""
    numbers = [part for part in name.split("_") if NUMBER.fullmatch(part)]
    return numbers[0] if len(numbers) > 1 and not name.startswith((".", "~")) else None
