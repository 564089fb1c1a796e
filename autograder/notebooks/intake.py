"""Pack what was handed in as bytes that can be sent to any judge's process. No path leads back from them."""

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
from autograder.notebooks.identify import FunctionsByAssignment, functions_by_assignment
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
    """A notebook under another name that may be the one, with the assignment it is named after, if any."""

    name: str
    named: str | None
    data: bytes


@dataclass(frozen=True)
class RawSubmission:
    """One handed-in notebook. `notes` say how it was found; `unreadable` says why it cannot be read.

    Where the file names do not decide which notebook is meant, there are `candidates`, and their contents decide.
    `functions` are those that each assignment asks for: they also reveal a notebook of another assignment. `empty`
    means that the folder holds no notebook, or one without a byte.
    """

    assignment: str
    name: str
    data: bytes = b""
    notes: tuple[str, ...] = ()
    unreadable: str = ""
    candidates: tuple[Candidate, ...] = ()
    functions: FunctionsByAssignment = field(default_factory=dict)
    empty: bool = False


def pack(course: Course, assignment: str, path: Path) -> RawSubmission:
    """Read what was handed in. `path` is where it should be; if it is not, another file of the folder may be meant."""
    try:
        raw = _pack(course, assignment, path)
        empty = not raw.candidates and not raw.data.strip()
        notes = (*raw.notes, *_folder_notes(path))
        return replace(raw, notes=notes, functions=functions_by_assignment(course), empty=empty)
    except (Problem, OSError) as error:
        problem = error if isinstance(error, Problem) else Problem(path, f"cannot be read ({error.strerror})", ASK)
        empty = isinstance(error, NothingThere)
        notes, why = _folder_notes(path), sentence(problem)
        return RawSubmission(assignment, path.name, notes=notes, unreadable=why, empty=empty)


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
        return RawSubmission(assignment, path.name, read_bytes(fitting[0]), _renamed_notes(path, fitting[0], others))
    if len(others) > MOST_FILES or sum(map(size_of, others)) > MOST_BYTES:
        raise _unclear(path, others)
    candidates = tuple(Candidate(one.name, identify.named(course, one), read_bytes(one)) for one in others)
    return RawSubmission(assignment, path.name, candidates=candidates)


def _folder_notes(path: Path) -> tuple[str, ...]:
    """Return notes on a time that cannot be read, and on notebooks that have other names on this machine."""
    notes = [UNTIMELY] if is_unreadable(path.parent) else []
    linked = [one for one in notebooks_in(path.parent) if is_hard_link(one)]
    return (*notes, *([HARD_LINKED.format(names=listed(linked))] if linked else []))


def weight(path: Path) -> int:
    """Return how many bytes `pack` may read for this."""
    return size_of(path) or min(MOST_BYTES, sum(map(size_of, notebooks_in(path.parent))))


def settle(raw: RawSubmission) -> RawSubmission:
    """Choose the notebook that is meant from the candidates. Raises Problem where that is not clear.

    Runs in a judge's process, since it parses them.
    """
    if not raw.candidates:
        return raw
    fitting = [candidate for candidate in raw.candidates if _is_for(raw, candidate)]
    if not fitting and len(raw.candidates) == 1 and not _is_for_another(raw, raw.candidates[0]):
        fitting = [raw.candidates[0]]
    path, others = Path(raw.name), [Path(candidate.name) for candidate in raw.candidates]
    if len(fitting) != 1:
        raise _unclear(path, others)
    notes = (*_renamed_notes(path, Path(fitting[0].name), others), *raw.notes)
    return replace(raw, data=fitting[0].data, notes=notes, candidates=())


def refuse_another(raw: RawSubmission, notebook: Mapping[str, Any]) -> None:
    """Raise AnotherStep for a notebook that defines the functions of another assignment and none of its own."""
    wanted = raw.functions.get(raw.assignment, ())
    if any(f"def {name}(".encode() in raw.data for name in wanted):
        # So it is with nearly every notebook, and none of these is read twice.
        return
    foreign = identify.foreign_to(raw.functions, from_notebook(notebook, raw.assignment, raw.name))
    if foreign:
        what = identify.FOREIGN.format(foreign=foreign, name=raw.assignment, wanted=" and ".join(wanted))
        raise AnotherStep(raw.name, what, "Hand in the notebook of this assignment.")


def _is_for(raw: RawSubmission, candidate: Candidate) -> bool:
    """Return whether a notebook defines the functions of this assignment rather than those of another."""
    try:
        return identify.guess(raw.functions, candidate.name, _read(raw, candidate)) == raw.assignment
    except Problem:
        return False


def _is_for_another(raw: RawSubmission, candidate: Candidate) -> bool:
    """Return whether a notebook is named after another assignment, or defines that one's functions only."""
    try:
        return bool(candidate.named or identify.foreign_to(raw.functions, _read(raw, candidate)))
    except Problem:
        return False


def _read(raw: RawSubmission, candidate: Candidate) -> Submission:
    return from_notebook(parse(candidate.data, candidate.name), raw.assignment, candidate.name)


def _renamed_notes(path: Path, found: Path, others: Sequence[Path]) -> tuple[str, ...]:
    """Return notes on a notebook that has another name than it should have, and on what lies beside it."""
    left = [other for other in others if other != found]
    notes = [RENAMED.format(found=shown(found), expected=path.name)]
    notes += [IGNORED.format(expected=shown(found), others=listed(left))] if left else []
    return tuple(notes)


def _unclear(path: Path, others: Sequence[Path]) -> Problem:
    what = f"{path.name} was not handed in, and which notebook stands for it is not clear: {listed(others)}"
    return Problem(path, what, f"Rename the right one to {path.name} and hand it in again.")


def sentence(problem: Problem) -> str:
    """Return a problem with the file as a report says it."""
    return f"The file {problem.what}. {problem.remedy}"
