"""What was handed in, as bytes that can be sent anywhere: no path leads back from it. A judge's process reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks import identify
from autograder.notebooks.budget import MOST_BYTES, MOST_FILES
from autograder.notebooks.files import is_hard_link, is_link, read_bytes, size_of
from autograder.notebooks.handed_in_at import is_unreadable
from autograder.notebooks.identify import Asked, asked_of
from autograder.notebooks.read import Submission, from_notebook, parse
from autograder.notebooks.submitted import IGNORED, RENAMED, listed, notebooks_in, require_own_folder, shown

ASK = "Ask whoever collects the submissions to check the folder's permissions."
UNTIMELY = "The time of the hand-in cannot be read; it was taken as in time."
HARD_LINKED = "{names} is hard-linked to another file on this machine."


class NothingThere(Problem):
    """A folder without any notebook."""


class AnotherStep(Problem):
    """A notebook of another assignment under this one's name."""


@dataclass(frozen=True)
class Candidate:
    """A notebook under another name that may be the one: the assignment that it is named after, and what it holds."""

    name: str
    named: str | None
    data: bytes


@dataclass(frozen=True)
class RawSubmission:
    """One handed-in notebook. `notes` tell how it was found; where there is none to be read, `unreadable` says why.

    Where the names do not tell which file is meant, there are `candidates`: what is in them decides, and the functions
    that each assignment asks for (`asked`), which also tell a notebook of another assignment. `empty` where the folder
    holds no notebook at all, or one of no bytes.
    """

    assignment: str
    name: str
    data: bytes = b""
    notes: tuple[str, ...] = ()
    unreadable: str = ""
    candidates: tuple[Candidate, ...] = ()
    asked: Asked = field(default_factory=dict)
    empty: bool = False


def pack(course: Course, assignment: str, path: Path) -> RawSubmission:
    """Read what was handed in. `path` is where it should be; where it is not, another file of the folder may be it."""
    try:
        raw = _pack(course, assignment, path)
        empty = not raw.candidates and not raw.data.strip()
        return replace(raw, notes=(*raw.notes, *_beside(path)), asked=asked_of(course), empty=empty)
    except (Problem, OSError) as error:
        problem = error if isinstance(error, Problem) else Problem(path, f"cannot be read ({error.strerror})", ASK)
        empty = isinstance(error, NothingThere)
        return RawSubmission(assignment, path.name, notes=_beside(path), unreadable=told(problem), empty=empty)


def _pack(course: Course, assignment: str, path: Path) -> RawSubmission:
    require_own_folder(path)
    if is_link(path):
        raise Problem(path, f"{path.name} is a link to another file", "Hand in the notebook itself.")
    others = [other for other in notebooks_in(path.parent) if other != path]
    if path.is_file():
        notes = (IGNORED.format(expected=path.name, others=listed(others)),) if others else ()
        return RawSubmission(assignment, path.name, read_bytes(path), notes)
    if not others:
        what = f"{path.name} was not handed in"
        raise NothingThere(path, what, "Hand in the notebook under the name that it came with.")
    fitting = [other for other in others if identify.named(course, other) == assignment]
    if len(fitting) == 1:
        return RawSubmission(assignment, path.name, read_bytes(fitting[0]), _notes(path, fitting[0], others))
    if len(others) > MOST_FILES or sum(map(size_of, others)) > MOST_BYTES:
        raise _unclear(path, others)
    candidates = tuple(Candidate(one.name, identify.named(course, one), read_bytes(one)) for one in others)
    return RawSubmission(assignment, path.name, candidates=candidates)


def _beside(path: Path) -> tuple[str, ...]:
    """What is said of the time of a hand-in, and of notebooks that have other names on this machine."""
    notes = [UNTIMELY] if is_unreadable(path.parent) else []
    linked = [one for one in notebooks_in(path.parent) if is_hard_link(one)]
    return (*notes, *([HARD_LINKED.format(names=listed(linked))] if linked else []))


def weight(path: Path) -> int:
    """Return how many bytes `pack` may read for this."""
    return size_of(path) or min(MOST_BYTES, sum(map(size_of, notebooks_in(path.parent))))


def settle(raw: RawSubmission) -> RawSubmission:
    """In a judge's process: the parcel with the one notebook that is meant. Raises Problem where that is not clear."""
    if not raw.candidates:
        return raw
    found = _only([one for one in raw.candidates if _is_for(raw, one)])
    if found is None and len(raw.candidates) == 1 and not _is_for_another(raw, raw.candidates[0]):
        found = raw.candidates[0]
    path, others = Path(raw.name), [Path(one.name) for one in raw.candidates]
    if found is None:
        raise _unclear(path, others)
    return replace(raw, data=found.data, notes=(*_notes(path, Path(found.name), others), *raw.notes), candidates=())


def refuse_another(raw: RawSubmission, notebook: Mapping[str, Any]) -> None:
    """Raise Problem for a notebook of another assignment: it defines that one's functions and none of its own."""
    wanted = raw.asked.get(raw.assignment, ())
    if any(f"def {name}(".encode() in raw.data for name in wanted):
        # Nearly every notebook is its own, and is not read twice for that.
        return
    foreign = identify.foreign_to(raw.asked, from_notebook(notebook, raw.assignment, raw.name))
    if foreign:
        what = identify.FOREIGN.format(foreign=foreign, name=raw.assignment, wanted=" and ".join(wanted))
        raise AnotherStep(raw.name, what, "Hand in the notebook of this assignment.")


def _only(fitting: Sequence[Candidate]) -> Candidate | None:
    return fitting[0] if len(fitting) == 1 else None


def _is_for(raw: RawSubmission, one: Candidate) -> bool:
    """True where a notebook defines the functions of this assignment rather than those of another."""
    try:
        return identify.guess(raw.asked, one.name, _read(raw, one)) == raw.assignment
    except Problem:
        return False


def _is_for_another(raw: RawSubmission, one: Candidate) -> bool:
    """True where a notebook is named after another assignment, or defines its functions and none of this one's."""
    try:
        return bool(one.named or identify.foreign_to(raw.asked, _read(raw, one)))
    except Problem:
        return False


def _read(raw: RawSubmission, one: Candidate) -> Submission:
    return from_notebook(parse(one.data, one.name), raw.assignment, one.name)


def _notes(path: Path, found: Path, others: Sequence[Path]) -> tuple[str, ...]:
    """What is said of a notebook that had another name than it should have, and of what lay beside it."""
    left = [other for other in others if other != found]
    notes = [RENAMED.format(found=shown(found), expected=path.name)]
    notes += [IGNORED.format(expected=shown(found), others=listed(left))] if left else []
    return tuple(notes)


def _unclear(path: Path, others: Sequence[Path]) -> Problem:
    what = f"{path.name} was not handed in, and which notebook stands for it is not clear: {listed(others)}"
    return Problem(path, what, f"Rename the right one to {path.name} and hand it in again.")


def told(problem: Problem) -> str:
    """The sentence that stands in a report for a problem with the file."""
    return f"The file {problem.what}. {problem.remedy}"
