"""What was handed in, as text that can be sent anywhere: no path leads back from it."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks.read import read_text
from autograder.notebooks.submitted import choose

ASK = "Ask whoever collects the submissions to check the folder's permissions."


@dataclass(frozen=True)
class Parcel:
    """One handed-in notebook. `notes` tell how it was found; where there is none to be read, `unreadable` says why."""

    assignment: str
    name: str
    text: str = ""
    notes: tuple[str, ...] = ()
    unreadable: str = ""


def pack(course: Course, assignment: str, path: Path) -> Parcel:
    """Read what was handed in. `path` is where it should be; where it is not, another file of the folder may be it."""
    notes: tuple[str, ...] = ()
    try:
        handed_in, notes = choose(course, assignment, path)
        return Parcel(assignment, path.name, read_text(handed_in), notes)
    except (Problem, OSError) as error:
        problem = error if isinstance(error, Problem) else Problem(path, f"cannot be read ({error.strerror})", ASK)
        return Parcel(assignment, path.name, "", notes, told(problem))


def told(problem: Problem) -> str:
    """The sentence that stands in a report for a problem with the file."""
    return f"The file {problem.what}. {problem.remedy}"
