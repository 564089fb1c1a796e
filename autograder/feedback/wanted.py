"""Which feedback pages a run has to make: those whose notebook, scores, comments or template have changed."""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.course import Course
from autograder.nbgrader import feedback_page, gradebook, page_exporter, page_scores
from autograder.nbgrader.page_scores import PageScores
from autograder.versions import VERSIONS

# The page carries its key in its head.
KEY = re.compile(rb'<meta name="autograder-page" content="([0-9a-f]+)">')
HEAD_BYTES = 1000


@dataclass(frozen=True)
class WantedPage:
    """One page: of which notebook, where to, with which scores; None if the gradebook has none of this learner."""

    student: str
    assignment: str
    source: Path
    target: Path
    scores: PageScores | None
    key: str

    @property
    def is_current(self) -> bool:
        """Return whether the page is there, and nothing that it shows has changed since."""
        try:
            with self.target.open("rb") as page:
                match = KEY.search(page.read(HEAD_BYTES))
        except OSError:
            return False
        return match is not None and match[1].decode() == self.key


def wanted_pages(course: Course, assignment: str, students: Collection[str] | None) -> Iterator[WantedPage]:
    """Yield the pages of an assignment's graded notebooks, of all learners or of these. Raises Problem."""
    autograded = course.root / "autograded"
    there = os.listdir(autograded) if autograded.is_dir() else []
    names = sorted(name for name in there if students is None or name in students)
    folders = [folder for name in names if (folder := autograded / name / assignment).exists()]
    if not folders:
        return
    with gradebook.opened(course) as book:
        scores = page_scores.read(book, assignment, students)
    shared = _shared(course.root)
    for folder in folders:
        student = folder.parent.name
        # Where there is none, the page fails, and says which file is missing.
        for source in sorted(folder.glob("*.ipynb")) or [folder / f"{assignment}.ipynb"]:
            page = scores.get((student, source.stem))
            target = course.root / "feedback" / student / assignment / f"{source.stem}.html"
            yield WantedPage(student, assignment, source, target, page, _key(shared, source, page))


def _key(shared: bytes, source: Path, scores: PageScores | None) -> str:
    digest = hashlib.sha256(shared)
    digest.update(json.dumps(scores and asdict(scores), sort_keys=True).encode())
    try:
        digest.update(source.read_bytes())
    except OSError as error:
        digest.update(os.fsencode(str(error)))
    return digest.hexdigest()


def _shared(root: Path) -> bytes:
    """Return a digest of what all pages of a course depend on: versions, nbgrader's settings, template and code."""
    digest = hashlib.sha256(json.dumps(VERSIONS, sort_keys=True).encode())
    code = [Path(module.__file__ or "") for module in (feedback_page, page_exporter)]
    template = sorted(path for path in feedback_page.TEMPLATES.rglob("*") if path.is_file())
    for path in (root / "nbgrader_config.py", *code, *template):
        digest.update(path.read_bytes())
    return digest.digest()
