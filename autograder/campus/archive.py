"""Read the names in an archive of submissions, and write an archive of feedback pages."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.files import own_file
from autograder.sanitize import clean, one_line

MOST_NAMES, MOST_PAGE = 100_000, 50_000_000
# Files in an archive need a time. With a fixed one, the same pages give the same archive.
WHEN = (1980, 1, 1, 0, 0, 0)
NOT_IN_NAMES = str.maketrans({mark: " " for mark in '_/\\:*?"<>|\n'})


@dataclass(frozen=True)
class Place:
    """Where a learner's page goes: its path in the archive, and the ids by which the learner may be known."""

    path: str
    keys: tuple[str, ...]
    who: str


def names_in(path: Path) -> list[PurePosixPath]:
    """Return the paths of the files in an archive. Nothing is unpacked. Raises Problem."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except OSError as error:
        raise Problem(path, f"it cannot be read ({error.strerror})", "Check its name and its permissions.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Problem(path, "it is not a zip archive", "Give the archive as it was downloaded.") from error
    if len(names) > MOST_NAMES:
        raise Problem(path, f"it holds more than {MOST_NAMES:,} files", "Check that it is the right archive.")
    return [PurePosixPath(name.replace("\\", "/")) for name in names]


def safe_name(text: str) -> str:
    """Return a person's name as a part of a path: on one line, without separators, dots in front and underscores."""
    return one_line(clean(text).translate(NOT_IN_NAMES)).lstrip(".~ ")[:80].strip() or "Participant"


def page_of(course: Course, student: str, assignment: str) -> bytes | None:
    """Return a learner's feedback page, or None if there is none."""
    if "/" in student:
        return None
    return own_file(course.root / "feedback" / student / assignment / f"{assignment}.html", MOST_PAGE)


def packed(pages: Mapping[str, bytes]) -> bytes:
    """Return an archive of pages by their paths."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, page in pages.items():
            archive.writestr(zipfile.ZipInfo(path, WHEN), page, zipfile.ZIP_DEFLATED)
    return content.getvalue()
