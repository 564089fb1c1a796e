"""course.yml -> Course, validated: every error names the file, the line, the key, the bad value and the remedy."""

import contextlib
import re
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from autograder import key
from autograder.errors import Problem
from autograder.key import Key

FILE = "course.yml"
KIT = Path(__file__).resolve().parent
DAY = re.compile(r"\d{4}-\d\d-\d\d")
END_OF_DAY = time(23, 59, 59)
SECRETS = (FILE, key.FILE, "gradebook.db", "solutions", "submitted", "autograded", "feedback", "results", "solved")
# What learners hand in lies below these, in whatever course.
LEARNERS_FOLDERS = frozenset(("submitted", "autograded", "downloaded"))
# A submission that computes is judged by its CPU seconds, also where many share the cores.
PATIENCE_FACTOR = 15


class Loader(yaml.SafeLoader):
    """YAML's safe loader, with dates left as text: pydantic reads them, and tells a bad one's line."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Strict(BaseModel):
    """Unknown keys are errors, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Strict):
    """What one submission may use. Seconds are CPU seconds of the worker that runs it."""

    call_seconds: float = Field(2, gt=0, le=600, description="CPU seconds for one call or one notebook cell")
    submission_seconds: float = Field(20, gt=0, le=3600, description="CPU seconds for a whole submission")
    memory_mb: int = Field(512, ge=64, le=65536, description="memory in MB, beyond what PyTorch itself takes")
    output_bytes: int = Field(1_000_000, ge=0, description="what a submission may print, in bytes")
    file_bytes: int = Field(16_000_000, ge=0, description="the largest file that a submission may write, in bytes")
    explain_calls: int = Field(
        200, ge=0, le=10_000, description="calls of a learner's function to find the smallest one that goes wrong"
    )
    restarts: int = Field(3, ge=0, le=100, description="how often a submission that dies or hangs is started again")


class Assignment(Strict):
    """One step of the course."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="name of the folders and of the hidden suite")]
    points: float = Field(10, gt=0, description="the assignment's total, shared out over its checks")
    bonus: bool = Field(
        False, description="its points add to a learner's score, and not to the most that there is to get"
    )
    due: datetime | None = Field(
        None, description="due date; without an offset in the course's zone, without a time the end of that day"
    )
    minutes: int | None = Field(None, gt=0, description="about how long it takes; its lesson says so")
    difficulty: int | None = Field(None, ge=1, le=5, description="from 1 to 5; its lesson says so")
    importance: int | None = Field(None, ge=1, le=5, description="from 1 to 5; its lesson says so")
    needs: tuple[str, ...] = Field(
        (), description="assignments that it builds on; on the map it stands to the right of the first of them"
    )
    assets: tuple[str, ...] = Field(
        (), description="files in the assignment's folder of solutions/ that learners get with the notebook"
    )

    @field_validator("assets")
    @classmethod
    def _files_of_its_own_folder(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            path = PurePosixPath(name)
            if not path.parts or path.is_absolute() or ".." in path.parts or path.suffix.lower() == ".ipynb":
                raise ValueError(
                    f"'{name}' is not the name of a file, other than a notebook, in the assignment's folder"
                )
        return names

    @field_validator("due", mode="before")
    @classmethod
    def _written_as_a_date(cls, due: Any) -> Any:
        if isinstance(due, str) and DAY.fullmatch(due.strip()):
            with contextlib.suppress(ValueError):
                due = date.fromisoformat(due.strip())
        if isinstance(due, date) and not isinstance(due, datetime):
            return datetime.combine(due, END_OF_DAY)
        if isinstance(due, int | float):
            raise ValueError("not a date; write one such as 2027-01-15 23:59, or with an offset such as +01:00")
        # YAML allows a space before the offset.
        return re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", due) if isinstance(due, str) else due


class Course(Strict):
    """The course as course.yml describes it; `root` is the folder that holds it."""

    root: Path = Field(exclude=True)
    course: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="nbgrader's course id")]
    title: str = ""
    feedback: Literal["full", "hint", "title"] = Field(
        "full", description="what learners see of a failed check: all of it, no example of a call, or its title alone"
    )
    language: Literal["en"] = Field("en", description="language of feedback")
    seed: int = Field(
        ge=0,
        description="decides the hidden checks for trying out, where there is neither course.key nor AUTOGRADER_SEED",
    )
    timezone: str = Field("UTC", description="time zone of due dates that have no offset, such as Europe/Berlin")
    repository: str = Field(
        "",
        pattern=r"^(https://github\.com/[\w.-]+/[\w.-]+)?$",
        description="where assignments/ is published; the site's lessons then link to Colab",
    )
    branch: str = Field("main", description="the branch of that repository")
    jupyterhub: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="a JupyterHub with nbgitpuller; the site's lessons then link to it"
    )
    limits: Limits = Limits()
    assignments: tuple[Assignment, ...] = Field(min_length=1)
    # No field: it must not come out where the settings are printed, compared or put into JSON.
    _key: Key | None = PrivateAttr(None)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("not a time zone; use a name such as UTC or Europe/Berlin")
        return name

    @property
    def key(self) -> Key:
        """What decides every hidden case: AUTOGRADER_SEED, else course.key, else the public seed."""
        return self._key or Key(str(self.seed))

    def under(self, key: Key | None) -> Self:
        """The same course with another key; with None, with its public seed."""
        copy = self.model_copy()
        copy._key = key
        return copy

    def assignment(self, name: str) -> Assignment:
        """The assignment with this id. Raises Problem where there is none."""
        for assignment in self.assignments:
            if assignment.id == name:
                return assignment
        known = ", ".join(a.id for a in self.assignments)
        raise Problem(self.root / FILE, f"there is no assignment '{name}'", f"Known assignments: {known}.")

    def other_kit(self) -> Path | None:
        """Return the course's folder where it holds a kit of its own, and that is not the one which runs."""
        own = self.root / KIT.name
        return self.root if (own / "__init__.py").is_file() and not own.samefile(KIT) else None

    def secrets(self) -> tuple[Path, ...]:
        """Return what of the course's folder no submission may read. Some of it may not be there yet."""
        return tuple(self.root / name for name in SECRETS)

    def due_utc(self, assignment: Assignment) -> datetime | None:
        """The due date in UTC, or None."""
        if assignment.due is None:
            return None
        due = assignment.due
        if due.tzinfo is None:
            due = due.replace(tzinfo=ZoneInfo(self.timezone))
        return due.astimezone(UTC)

    def master(self, name: str) -> Path:
        """The master notebook, with the reference answer."""
        return self.root / "solutions" / name / f"{name}.ipynb"

    def stub(self, name: str) -> Path:
        """The notebook that learners get."""
        return self.root / "assignments" / name / f"{name}.ipynb"


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder, from `start` (default: the working folder) upwards, that holds a course.yml.

    A `start` that holds one is taken as it is. Above it, and where the working folder decides, none is believed that
    lies among what learners handed in. Raises Problem.
    """
    if start is not None and (start / FILE).is_file():
        return start.resolve()
    here = (start or Path.cwd()).resolve()
    found = [folder for folder in (here, *here.parents) if (folder / FILE).is_file()]
    for folder in found:
        if not LEARNERS_FOLDERS.intersection(folder.parts):
            return folder
    if found:
        what = "lies among what was handed in, so it is not believed"
        raise Problem(found[0] / FILE, what, "Go to the course's own folder, or name it with --course.")
    raise Problem(here, f"no {FILE} here or above", "Run this inside a clone of the course kit, or give --course.")


def load(root: Path | None = None) -> Course:
    """Read and validate the course, and find its key. Raises Problem."""
    root = find_root(root)
    path = root / FILE
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader)
        node = yaml.compose(text, Loader)
        lines = _lines(node) if node else {}
    except UnicodeDecodeError as error:
        raise Problem(path, "is not UTF-8 text", "Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else path
        what = getattr(error, "problem", None) or "the text does not parse"
        raise Problem(where, f"is not valid YAML: {what}", "Mend the line; indent with spaces.") from error
    if not isinstance(data, dict):
        raise Problem(path, "holds no settings", "It needs at least `course`, `seed` and `assignments`.")
    try:
        course = Course(root=root, **{key: value for key, value in data.items() if key != "root"})
    except ValidationError as error:
        raise _problem(path, error, lines) from error
    except TypeError as error:
        raise Problem(path, f"a key is not text ({error})", "Write keys as plain words.") from error
    seen: set[str] = set()
    for index, assignment in enumerate(course.assignments):
        where = f"{path}:{lines.get(('assignments', index, 'id'), 1)}"
        if assignment.id in seen:
            what = f"assignments[{index}].id: the id '{assignment.id}' is there twice"
            raise Problem(where, what, "Give each assignment an id of its own.")
        seen.add(assignment.id)
        if not course.master(assignment.id).is_file():
            what = f"assignments[{index}].id: the assignment '{assignment.id}' has no notebook"
            raise Problem(where, what, f"Write solutions/{assignment.id}/{assignment.id}.ipynb, or remove the entry.")
    return course.under(key.find(root))


def _lines(node: yaml.Node, at: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], int]:
    """The line, counted from 1, of every key path in the file."""
    found = {at: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found.update(_lines(value, (*at, key.value)))
            found[(*at, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found.update(_lines(value, (*at, index)))
    return found


REMEDIES = {
    "extra_forbidden": "Remove it, or mend its spelling",
    "missing": "Add it",
    "datetime_from_date_parsing": "Write a date such as 2027-01-15 23:59, with or without an offset such as +01:00",
    "datetime_parsing": "Write a date such as 2027-01-15 23:59, with or without an offset such as +01:00",
}


def _problem(path: Path, error: ValidationError, lines: dict[tuple[Any, ...], int]) -> Problem:
    """The first error of pydantic's, told with the line of course.yml."""
    first = error.errors()[0]
    at = tuple(first["loc"])
    line = next((lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines), 1)
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).lstrip(".")
    said = first["msg"].removeprefix("Value error, ")
    said = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(first["type"], said)
    shown = "" if first["type"] == "missing" or not at else f" (got {_short(first['input'])})"
    what = f"{key}: {said}{shown}" if key else said
    remedy = REMEDIES.get(first["type"], "Change the value") + "; see the comments in the file."
    return Problem(f"{path}:{line}", what, remedy)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
