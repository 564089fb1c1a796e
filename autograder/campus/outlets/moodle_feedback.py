"""Pack feedback pages for Moodle's “Upload multiple feedback files in a zip”.

Moodle reads a folder's name by its underscores: name, number of the participant, type of plugin, plugin.
"""

from collections import Counter
from pathlib import Path, PurePosixPath

from autograder.campus.outlets.moodle import Worksheet
from autograder.campus.outlets.zip_of_pages import Place, safe_name
from autograder.campus.zip_reader import names_in
from autograder.errors import Problem

FOLDER = "{name}_{number}_assignfeedback_file_/{assignment}.html"


def places_of_worksheet(worksheet: Worksheet, assignment: str) -> list[Place]:
    """Return the places of all participants in a grading worksheet."""
    places = []
    for row in worksheet.sheet.rows[1:]:
        name = row[worksheet.name] if worksheet.name is not None else ""
        number = worksheet.number(row)
        path = FOLDER.format(name=safe_name(name), number=number, assignment=assignment)
        places.append(Place(path, tuple(worksheet.keys(row)), name or row[worksheet.identifier]))
    return places


def places_of_archive(archive: Path, assignment: str) -> list[Place]:
    """Return the places of all participants with a submission in an archive from Moodle. Raises Problem."""
    found = dict.fromkeys(pair for path in names_in(archive) if (pair := _participant(path)))
    if not found:
        what = "no folder in it is called like “Full name_123_assignsubmission_file”"
        raise Problem(archive, what, "Give the archive of “Download all submissions”, or the grading worksheet.")
    names = Counter(name for name, _ in found)
    return [
        Place(
            FOLDER.format(name=safe_name(name), number=number, assignment=assignment),
            # A name by which two people are known says nothing.
            (number, name) if names[name] == 1 else (number,),
            name,
        )
        for name, number in found
    ]


def _participant(path: PurePosixPath) -> tuple[str, str] | None:
    for part in path.parts:
        parts = part.split("_", 4)
        if len(parts) > 3 and parts[1].isascii() and parts[1].isdigit() and parts[2] == "assignsubmission":
            return parts[0], parts[1]
    return None
