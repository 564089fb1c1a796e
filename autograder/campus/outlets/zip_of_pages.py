"""Write a zip of feedback pages, each where a campus system expects it."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.campus.final_scores import FinalScores
from autograder.campus.made import Kind, Made, Remark
from autograder.campus.outlets.match_rows import NO_IDS, Ids, matched
from autograder.course import Course
from autograder.notebooks.files import own_file
from autograder.sanitize import clean, one_line

MOST_PAGE = 50_000_000
# Files in an archive need a time. With a fixed one, the same pages give the same archive.
WHEN = (1980, 1, 1, 0, 0, 0)
NOT_IN_NAMES = str.maketrans({mark: " " for mark in '_/\\:*?"<>|\n'})
NO_PAGE = "there is no page yet: run `autograder feedback`"


@dataclass(frozen=True)
class Place:
    """Where a learner's page goes: its path in the archive, and the ids by which the learner may be known."""

    path: str
    keys: tuple[str, ...]
    who: str


def pack(final: FinalScores, assignment: str, places: Sequence[Place], ids: Ids = NO_IDS) -> Made:
    """Return an archive with the page of each learner who has one and a place for it."""
    matches = matched([place.keys for place in places], final, ids)
    pages, remarks = dict[str, bytes](), list[Remark]()
    for place, match in zip(places, matches, strict=True):
        if match.student is None:
            remarks.append(Remark(Kind.NOT_HERE, place.who, "", match.why))
        elif match.student in final.chosen:
            page = _page_of(final.course, match.student, assignment)
            if page is not None:
                pages[place.path] = page
            why = "" if page is not None else NO_PAGE
            remarks.append(Remark(Kind.LEFT if why else Kind.FILLED, match.student, assignment, why))
    there = {match.student for match in matches}
    remarks += [
        Remark(Kind.NOT_THERE, student, assignment, "the page has no place")
        for student in sorted(final.chosen - there)
        if _page_of(final.course, student, assignment) is not None
    ]
    return Made(_zipped(pages), tuple(remarks))


def safe_name(text: str) -> str:
    """Return a person's name as a part of a path: on one line, without separators, dots in front and underscores."""
    return one_line(clean(text).translate(NOT_IN_NAMES)).lstrip(".~ ")[:80].strip() or "Participant"


def _page_of(course: Course, student: str, assignment: str) -> bytes | None:
    """Return a learner's feedback page, or None if there is none."""
    if "/" in student:
        return None
    return own_file(course.root / "feedback" / student / assignment / f"{assignment}.html", MOST_PAGE)


def _zipped(pages: Mapping[str, bytes]) -> bytes:
    """Return an archive of pages by their paths."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, page in pages.items():
            archive.writestr(zipfile.ZipInfo(path, WHEN), page, zipfile.ZIP_DEFLATED)
    return content.getvalue()
