"""Read and validate course.yml. Every error names the file, the line, the key, the bad value and the remedy."""

import contextlib
import re
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, ValidationError, field_validator

from autograder import key
from autograder.errors import Problem
from autograder.key import Key
from autograder.late_policy import FREE, CourseLatePolicy, LatePolicy
from autograder.limits import Limits
from autograder.yaml_lines import Settings, read_settings

FILE = "course.yml"
KIT = Path(__file__).resolve().parent
DAY = re.compile(r"\d{4}-\d\d-\d\d")
END_OF_DAY = time(23, 59, 59)
# The folder for pages about the class, which hold names and scores.
OVERVIEW = "overview"
PERSONAL = ("submitted", "autograded", "feedback", "results", OVERVIEW)
SECRETS = (FILE, key.FILE, "roster.csv", "gradebook.db", "solutions", *PERSONAL, "solved")
# In every course, learners' work lies below folders of these names.
LEARNERS_FOLDERS = frozenset(("submitted", "autograded", "downloaded"))
# CPU seconds limit a submission. The judge waits this many times longer, since many processes may share the cores.
PATIENCE_FACTOR = 15
known_zones = cache(available_timezones)


class Strict(BaseModel):
    """A frozen model in which unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assignment(Strict):
    """One step of the course."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="name of the folders and of the hidden suite")]
    title: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        "",
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="what people call it, in Canvas and on the class page; without one, its id",
    )
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
    late: LatePolicy | None = Field(None, description="what lateness costs here, in place of the course's policy")
    assets: tuple[str, ...] = Field(
        (), description="files in the assignment's folder of solutions/ that learners get with the notebook"
    )

    @property
    def called(self) -> str:
        """Return its title, or else its id."""
        return self.title or self.id

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
    title: str = Field("", description="name of the course, on its site")
    feedback: Literal["solution", "full", "hint", "title"] = Field(
        "full",
        description="what learners see of a failed check: all of it and the change that mends a slip, all of it, "
        "no example of a call, or its title alone",
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
        description="where assignments/ is published on GitHub; the site's lessons then link to Colab",
    )
    branch: str = Field("main", description="the branch of that repository")
    jupyterhub: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="a JupyterHub with nbgitpuller, for links on the site"
    )
    limits: Limits = Field(Limits(), description="what one submission may use")
    late: CourseLatePolicy | None = Field(None, description="what a late hand-in costs")
    assignments: tuple[Assignment, ...] = Field(min_length=1, description="the steps, in the order of the course")
    # No field: it must not come out where the settings are printed, compared or put into JSON.
    _key: Key | None = PrivateAttr(None)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in known_zones():
            raise ValueError("not a time zone; use a name such as UTC or Europe/Berlin")
        return name

    @property
    def key(self) -> Key:
        """Return what decides every hidden case: AUTOGRADER_SEED, else course.key, else the public seed."""
        return self._key or Key(str(self.seed))

    def under(self, key: Key | None) -> Self:
        """Return the same course with another key; with None, with its public seed."""
        copy = self.model_copy()
        copy._key = key
        return copy

    def assignment(self, name: str) -> Assignment:
        """Return the assignment with this id. Raises Problem where there is none."""
        for assignment in self.assignments:
            if assignment.id == name:
                return assignment
        known = ", ".join(a.id for a in self.assignments)
        raise Problem(self.root / FILE, f"there is no assignment '{name}'", f"Known assignments: {known}.")

    @property
    def has_late_policy(self) -> bool:
        """Return whether the file says what lateness costs, for the course or for an assignment."""
        return self.late is not None or any(each.late is not None for each in self.assignments)

    def late_policy(self, name: str) -> LatePolicy:
        """Return what lateness costs for an assignment: its own policy, else the course's. Raises Problem."""
        return self.assignment(name).late or self.late or FREE

    def other_kit(self) -> Path | None:
        """Return the course's folder where it holds another kit than the one that runs, else None."""
        own = self.root / KIT.name
        return self.root if (own / "__init__.py").is_file() and not own.samefile(KIT) else None

    def secrets(self) -> tuple[Path, ...]:
        """Return the paths in the course's folder that no submission may read. Some may not exist yet."""
        return tuple(self.root / name for name in SECRETS)

    def due_utc(self, assignment: Assignment) -> datetime | None:
        """Return the due date in UTC, or None where there is none."""
        if assignment.due is None:
            return None
        due = assignment.due
        if due.tzinfo is None:
            due = due.replace(tzinfo=ZoneInfo(self.timezone))
        return due.astimezone(UTC)

    def master(self, name: str) -> Path:
        """Return the path of the master notebook, which holds the reference answer."""
        return self.root / "solutions" / name / f"{name}.ipynb"

    def stub(self, name: str) -> Path:
        """Return the path of the stub, the notebook that learners get."""
        return self.root / "assignments" / name / f"{name}.ipynb"


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder, from `start` (default: the working folder) upwards, that holds a course.yml.

    A `start` that holds one is always accepted. Elsewhere, a course.yml among learners' work is not: a learner may have
    put it there. Raises Problem.
    """
    if start is not None and (start / FILE).is_file():
        return start.resolve()
    here = (start or Path.cwd()).resolve()
    courses = [folder for folder in (here, *here.parents) if (folder / FILE).is_file()]
    for folder in courses:
        if not LEARNERS_FOLDERS.intersection(folder.parts):
            return folder
    if courses:
        what = "is among handed-in work, so it is not trusted"
        raise Problem(courses[0] / FILE, what, "Go to the course's own folder, or name it with --course.")
    raise Problem(here, f"no {FILE} here or above", "Run this inside a clone of the course kit, or give --course.")


def load(root: Path | None = None) -> Course:
    """Read and validate the course, and find its key. Raises Problem."""
    root = find_root(root)
    settings = read_settings(root / FILE)
    try:
        course = Course(root=root, **{key: value for key, value in settings.values.items() if key != "root"})
    except ValidationError as error:
        raise settings.problem(error) from error
    except TypeError as error:
        raise Problem(settings.file, f"a key is not text ({error})", "Write keys as plain words.") from error
    _check_assignments(course, settings)
    return course.under(key.find(root))


def _check_assignments(course: Course, settings: Settings) -> None:
    """Raise Problem where an assignment is listed twice, needs one that does not come before it, or has no notebook."""
    seen: set[str] = set()
    for index, assignment in enumerate(course.assignments):
        where = settings.where(("assignments", index, "id"))
        if assignment.id in seen:
            what = f"assignments[{index}].id: the id '{assignment.id}' is listed twice"
            raise Problem(where, what, "Give each assignment an id of its own.")
        for need in assignment.needs:
            if need not in seen:
                what = f"assignments[{index}].needs: no assignment before '{assignment.id}' has the id '{need}'"
                raise Problem(
                    settings.where(("assignments", index, "needs")), what, "Name assignments listed above it."
                )
        others = {
            name: each.id for each in course.assignments if each is not assignment for name in (each.id, each.title)
        }
        if assignment.title in others.keys() - {""}:
            other = others[assignment.title]
            what = f"assignments[{index}].title: '{assignment.title}' is a name of the assignment '{other}', too"
            raise Problem(settings.where(("assignments", index, "title")), what, "Give each a title of its own.")
        seen.add(assignment.id)
        if not course.master(assignment.id).is_file():
            what = f"assignments[{index}].id: the assignment '{assignment.id}' has no notebook"
            raise Problem(where, what, f"Write solutions/{assignment.id}/{assignment.id}.ipynb, or remove the entry.")
